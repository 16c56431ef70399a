import * as z from 'zod/mini'
import { defineEntity, type RecordOf } from '../../entity/entity.js'
import { instant, longText, oneOf, reference, structured } from '../../entity/field.js'
import { ticketChannels } from '../ticket/ticket.js'

/** The thread of a ticket. */
export const conversationEntity = defineEntity({
  name: 'conversation',
  schema: z.strictObject({
    ticketId: reference('ticket', { immutable: true }),
    contactId: reference('contact', { immutable: true }),
    channel: oneOf(ticketChannels),
  }),
  derived: z.strictObject({ lastMessageAt: z.optional(instant()) }),
  access: {
    reach: { parent: 'ticket', field: 'ticketId' },
    portal: { contact: 'contactId', fields: ['ticketId', 'contactId', 'channel', 'lastMessageAt'] },
  },
  // Deleted ones too, since a merge moves them.
  indexes: [{ name: 'contact', on: ['contactId', '-createdAt'] }],
})

/** One message of a conversation. Visitors see public ones only. */
export const messageEntity = defineEntity({
  name: 'message',
  schema: z.strictObject({
    conversationId: reference('conversation', { immutable: true }),
    ticketId: reference('ticket', { immutable: true }),
    contactId: reference('contact', { immutable: true }),
    author: structured(z.object({ type: z.string(), id: z.string(), name: z.optional(z.string()) })),
    direction: oneOf(['inbound', 'outbound', 'internal']),
    visibility: oneOf(['public', 'internal']),
    body: longText({ minLength: 1, maxLength: 50_000, personal: true }),
    at: instant({ immutable: true }),
  }),
  access: {
    reach: { parent: 'ticket', field: 'ticketId' },
    portal: {
      contact: 'contactId',
      only: { path: 'visibility', value: 'public' },
      fields: ['conversationId', 'ticketId', 'contactId', 'author', 'direction', 'visibility', 'body', 'at'],
      writable: ['body'],
    },
  },
  // Deleted ones too, since a merge moves them.
  indexes: [{ name: 'ticket', on: ['ticketId', 'at'] }],
})

/** The thread of a ticket. */
export type Conversation = RecordOf<typeof conversationEntity>

/** One message of a conversation. */
export type Message = RecordOf<typeof messageEntity>
