import { describe, expect, it } from 'vitest'
import { type TicketCategory, ticketCategories } from './ticket.js'
import {
  agentReplied,
  closed,
  customerReplied,
  openedState,
  reopened,
  resolved,
  snoozed,
  type TicketMove,
  type TicketState,
} from './ticket-rules.js'

const opened = '2026-03-01T10:00:00.000Z'
const now = '2026-03-02T10:00:00.000Z'
const later = '2026-03-09T10:00:00.000Z'

const actions = {
  customerReplied,
  agentReplied,
  resolved,
  closed,
  reopened,
  snoozed: (state: TicketState, at: string): TicketMove => snoozed(state, at, later),
}
type Action = keyof typeof actions

/** What each action leads to from each category; `no` where the rule forbids it. */
const table: Readonly<Record<TicketCategory, Readonly<Record<Action, TicketCategory | 'no'>>>> = {
  new: row('new', 'waitingOnCustomer', 'resolved', 'closed', 'no', 'snoozed'),
  open: row('open', 'waitingOnCustomer', 'resolved', 'closed', 'no', 'snoozed'),
  waitingOnCustomer: row('open', 'waitingOnCustomer', 'resolved', 'closed', 'no', 'snoozed'),
  waitingOnThird: row('open', 'waitingOnCustomer', 'resolved', 'closed', 'no', 'snoozed'),
  snoozed: row('open', 'waitingOnCustomer', 'resolved', 'closed', 'no', 'snoozed'),
  resolved: row('open', 'resolved', 'no', 'closed', 'open', 'no'),
  closed: row('no', 'no', 'no', 'no', 'open', 'no'),
  merged: row('no', 'no', 'no', 'no', 'no', 'no'),
  spam: row('no', 'no', 'no', 'no', 'no', 'no'),
}

function row(...to: (TicketCategory | 'no')[]): Record<Action, TicketCategory | 'no'> {
  return Object.fromEntries(Object.keys(actions).map((action, index) => [action, to[index]])) as never
}

const given = (category: TicketCategory, more: Partial<TicketState> = {}): TicketState => ({
  category,
  reopenCount: 0,
  ...more,
})

describe.each(ticketCategories)('a ticket that is %s', (category) => {
  it.each(Object.entries(table[category]))('when it is %s, is then %s', (action, expected) => {
    const act = (): TicketMove => actions[action as Action](given(category), now)
    if (expected === 'no') {
      expect(act).toThrow(
        expect.objectContaining({
          code: 'rule_violated',
          details: expect.objectContaining({ entity: 'ticket', field: 'category' }),
        }),
      )
      return
    }
    const { values } = act()
    expect(values.category ?? category).toBe(expected)
    if ('category' in values) {
      expect(values.status).toBe(values.category)
      if (expected !== 'snoozed') expect(values.snoozedUntil).toBeNull()
    }
  })
})

describe('waitingSince', () => {
  const waiting = given('open', { waitingSince: opened })

  it('starts when the ticket is opened', () => {
    expect(openedState(now)).toMatchObject({ category: 'new', waitingSince: now, lastCustomerMessageAt: now })
  })

  it('keeps the first unanswered message when the customer writes again', () => {
    expect(customerReplied(waiting, now).values.waitingSince).toBe(opened)
  })

  it('starts anew when the customer writes after an answer', () => {
    expect(customerReplied(given('waitingOnCustomer'), now).values.waitingSince).toBe(now)
  })

  it.each(['agentReplied', 'resolved', 'closed'] as const)('ends when the ticket is %s', (action) => {
    expect(actions[action](waiting, now).values.waitingSince).toBeNull()
  })

  it('goes on while the ticket is snoozed', () => {
    expect(snoozed(waiting, now, later).values).not.toHaveProperty('waitingSince')
  })

  it('starts when the ticket is reopened', () => {
    expect(reopened(given('closed'), now).values.waitingSince).toBe(now)
  })
})

describe('what is counted and kept', () => {
  it('the first response is kept for ever', () => {
    expect(agentReplied(given('new'), now).values.firstRespondedAt).toBe(now)
    expect(agentReplied(given('open', { firstRespondedAt: opened }), now).values).toMatchObject({
      firstRespondedAt: opened,
      lastAgentMessageAt: now,
    })
  })

  it('a reopening counts, by staff or by the customer, and clears the end', () => {
    expect(customerReplied(given('resolved', { reopenCount: 1 }), now)).toMatchObject({
      event: 'ticket.reopened',
      values: { reopenCount: 2, resolvedAt: null },
    })
    expect(reopened(given('closed', { reopenCount: 1 }), now)).toMatchObject({
      event: 'ticket.reopened',
      values: { reopenCount: 2, resolvedAt: null, closedAt: null },
    })
    expect(customerReplied(given('open'), now).values).not.toHaveProperty('reopenCount')
  })

  it('resolving and closing are dated', () => {
    expect(resolved(given('open'), now)).toMatchObject({ event: 'ticket.resolved', values: { resolvedAt: now } })
    expect(closed(given('resolved'), now)).toMatchObject({ event: 'ticket.closed', values: { closedAt: now } })
  })

  it('a ticket is snoozed only to a moment in the future', () => {
    for (const until of [opened, now]) {
      expect(() => snoozed(given('open'), now, until)).toThrow(
        expect.objectContaining({
          code: 'validation_failed',
          details: expect.objectContaining({ field: 'until' }),
        }),
      )
    }
    expect(snoozed(given('open'), now, later).values).toMatchObject({ category: 'snoozed', snoozedUntil: later })
  })
})
