import { CrmError, invalidField } from '../../kernel/crm-error.js'
import type { TicketCategory } from './ticket.js'

/** The parts of a ticket that its state is made of. */
export interface TicketState {
  readonly category: TicketCategory
  readonly firstRespondedAt?: string
  readonly waitingSince?: string
  readonly reopenCount: number
}

/** New values of a ticket's fields (`null` clears) and the event that tells of them. */
export interface TicketMove {
  readonly values: Readonly<Record<string, unknown>>
  readonly event: string
}

const ended: readonly TicketCategory[] = ['closed', 'merged', 'spam']

/** The state of a ticket that a customer (or somebody for them) opens. */
export function openedState(at: string): Readonly<Record<string, unknown>> {
  return { category: 'new', status: 'new', lastCustomerMessageAt: at, waitingSince: at, reopenCount: 0 }
}

/**
 * A message of the customer. It ends every waiting and snoozing, and reopens what was resolved. Throws `rule_violated` when the
 * ticket is closed for good.
 */
export function customerReplied(state: TicketState, at: string): TicketMove {
  refuseEnded(state, 'open a new ticket')
  const reopened = state.category === 'resolved'
  return {
    event: reopened ? 'ticket.reopened' : 'ticket.customer_replied',
    values: {
      lastCustomerMessageAt: at,
      waitingSince: state.waitingSince ?? at,
      ...(state.category !== 'new' && inCategory('open')),
      ...(reopened && { resolvedAt: null, reopenCount: state.reopenCount + 1 }),
    },
  }
}

/** A public answer of staff: the customer no longer waits. A resolved ticket stays resolved. */
export function agentReplied(state: TicketState, at: string): TicketMove {
  refuseEnded(state, 'reopen the ticket first')
  return {
    event: 'ticket.agent_replied',
    values: {
      lastAgentMessageAt: at,
      firstRespondedAt: state.firstRespondedAt ?? at,
      waitingSince: null,
      ...(state.category !== 'resolved' && inCategory('waitingOnCustomer')),
    },
  }
}

/** The problem is solved. */
export function resolved(state: TicketState, at: string): TicketMove {
  refuseEnded(state, 'reopen the ticket first')
  if (state.category === 'resolved') throw violated('The ticket is resolved already')
  return { event: 'ticket.resolved', values: { ...inCategory('resolved'), resolvedAt: at, waitingSince: null } }
}

/** Nothing more will be said. */
export function closed(state: TicketState, at: string): TicketMove {
  refuseEnded(state, 'nothing is left to do')
  return { event: 'ticket.closed', values: { ...inCategory('closed'), closedAt: at, waitingSince: null } }
}

/** Takes a resolved or closed ticket up again. */
export function reopened(state: TicketState, at: string): TicketMove {
  if (state.category !== 'resolved' && state.category !== 'closed')
    throw violated('Only a resolved or closed ticket can be reopened')
  return {
    event: 'ticket.reopened',
    values: {
      ...inCategory('open'),
      resolvedAt: null,
      closedAt: null,
      waitingSince: at,
      reopenCount: state.reopenCount + 1,
    },
  }
}

/** Puts a ticket away until a moment in the future. */
export function snoozed(state: TicketState, at: string, until: string): TicketMove {
  refuseEnded(state, 'reopen the ticket first')
  if (state.category === 'resolved') throw violated('The ticket is resolved', 'reopen the ticket first')
  if (until <= at) throw invalidField('until', 'must lie in the future')
  return { event: 'ticket.snoozed', values: { ...inCategory('snoozed'), snoozedUntil: until } }
}

function inCategory(category: TicketCategory): Readonly<Record<string, unknown>> {
  return { category, status: category, ...(category !== 'snoozed' && { snoozedUntil: null }) }
}

function refuseEnded(state: TicketState, remedy: string): void {
  if (ended.includes(state.category)) throw violated(`The ticket is ${state.category}`, remedy)
}

function violated(message: string, remedy?: string): CrmError {
  return new CrmError('rule_violated', message, { entity: 'ticket', field: 'category', ...(remedy && { remedy }) })
}
