import * as z from 'zod/mini'
import { instant, int, longText, oneOf, reference, text } from '../../entity/field.js'

/** Where a ticket stands. Status names are free; the category decides what happens. */
export const ticketCategories = [
  'new',
  'open',
  'waitingOnCustomer',
  'waitingOnThird',
  'snoozed',
  'resolved',
  'closed',
  'merged',
  'spam',
] as const

/** Where a ticket stands. */
export type TicketCategory = (typeof ticketCategories)[number]

/** How urgent a ticket is. */
export const ticketPriorities = ['low', 'normal', 'high', 'urgent'] as const

/** What a ticket is about. */
export const ticketTypes = ['question', 'complaint', 'suggestion', 'incident', 'request', 'return'] as const

/** Ways a ticket comes in. */
export const ticketChannels = ['web', 'email', 'phone', 'chat', 'other'] as const

/** Fields of a ticket. Those that follow from its conversation are changed by the service's actions. */
export const ticketSchema = z.strictObject({
  /** Counts per tenant, from 1: what people quote. */
  number: int({ min: 1, immutable: true }),
  subject: text({ minLength: 1, maxLength: 300, personal: true }),
  description: z.optional(longText({ maxLength: 50_000, personal: true })),
  /** Free name of the status; the category's name unless the tenant has its own. */
  status: text({ minLength: 1, maxLength: 64 }),
  category: oneOf(ticketCategories),
  priority: z._default(oneOf(ticketPriorities), 'normal'),
  type: z._default(oneOf(ticketTypes), 'question'),
  channel: z._default(oneOf(ticketChannels), 'web'),
  contactId: reference('contact', { immutable: true }),
  companyId: z.optional(reference('company')),
  assigneeId: z.optional(reference('member')),
  conversationId: reference('conversation', { immutable: true }),
  firstRespondedAt: z.optional(instant()),
  lastCustomerMessageAt: z.optional(instant()),
  lastAgentMessageAt: z.optional(instant()),
  /** Since when the customer waits for an answer; absent when the turn is theirs. */
  waitingSince: z.optional(instant()),
  snoozedUntil: z.optional(instant()),
  resolvedAt: z.optional(instant()),
  closedAt: z.optional(instant()),
  reopenCount: z._default(int({ min: 0 }), 0),
})
