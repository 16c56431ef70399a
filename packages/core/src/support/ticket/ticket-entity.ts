import type * as z from 'zod/mini'
import type { BaseInput } from '../../entity/base-record.js'
import { defineEntity, type RecordOf } from '../../entity/entity.js'
import { ticketSchema } from './ticket.js'

/** A customer's request for help. */
export const ticketEntity = defineEntity({
  name: 'ticket',
  schema: ticketSchema,
  access: {
    reach: 'owned',
    ownerField: 'assigneeId',
    portal: {
      contact: 'contactId',
      company: 'companyId',
      fields: [
        'number',
        'subject',
        'description',
        'status',
        'category',
        'priority',
        'type',
        'channel',
        'contactId',
        'conversationId',
        'lastCustomerMessageAt',
        'lastAgentMessageAt',
        'resolvedAt',
        'closedAt',
      ],
      writable: ['contactId', 'subject', 'description', 'type', 'channel', 'priority'],
    },
  },
  indexes: [
    { name: 'created', on: ['-createdAt'], live: true },
    // Deleted ones too, since a merge moves them.
    { name: 'contact', on: ['contactId', '-createdAt'] },
    { name: 'company', on: ['companyId'] },
    { name: 'category', on: ['category', 'waitingSince'], live: true },
    { name: 'assignee', on: ['assigneeId', 'category', 'waitingSince'], live: true },
    { name: 'snoozed', on: ['category', 'snoozedUntil'], live: true },
  ],
  search: [
    { field: 'number', weight: 1 },
    { field: 'subject', weight: 0.9, spoken: 'text' },
  ],
  uniqueKey: (row) => `number:${row.number as number}`,
})

/** A customer's request for help. */
export type Ticket = RecordOf<typeof ticketEntity>

type TicketInput = z.input<typeof ticketSchema>

/** Input of a new ticket. A signed-in visitor may leave out `contactId`: it is theirs. */
export type NewTicket = Pick<
  TicketInput,
  'subject' | 'description' | 'priority' | 'type' | 'channel' | 'companyId' | 'assigneeId'
> &
  BaseInput & { contactId?: string }

/** Input of a change of a ticket's plain fields; its state changes by actions. */
export type TicketPatch = {
  [K in 'subject' | 'description' | 'priority' | 'type' | 'companyId' | keyof BaseInput]?:
    | (TicketInput & BaseInput)[K]
    | null
}
