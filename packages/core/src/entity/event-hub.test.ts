import { expect, test } from 'vitest'
import type { DomainEvent } from './domain-event.js'
import { createEventHub } from './event-hub.js'

const event = (type: string): DomainEvent => ({
  id: `${type}:0`,
  type,
  tenantId: 'acme',
  actor: { type: 'user', id: 'u_1' },
  occurredAt: '2026-03-01T10:00:00.000Z',
  entity: 'note',
  recordId: 'n1',
  version: 1,
  data: {},
})

test('a listener hears its type, `*` hears all, in order, until it stops', () => {
  const hub = createEventHub(() => {})
  const heard: string[] = []
  const stop = hub.on('a.done', ({ type }) => heard.push(`one ${type}`))
  hub.on('*', ({ type }) => heard.push(`all ${type}`))
  hub.publish([event('a.done'), event('b.done')])
  stop()
  stop()
  hub.publish([event('a.done')])
  hub.clear()
  hub.publish([event('a.done')])
  expect(heard).toEqual(['one a.done', 'all a.done', 'all b.done', 'all a.done'])
})

test('a listener that throws or rejects harms neither the others nor the publisher, and is reported', async () => {
  const errors: unknown[] = []
  const hub = createEventHub((error) => errors.push(error))
  const heard: string[] = []
  hub.on('a.done', () => {
    throw new Error('thrown')
  })
  hub.on('a.done', async () => {
    throw new Error('rejected')
  })
  hub.on('a.done', () => heard.push('third'))
  hub.publish([event('a.done')])
  await new Promise((resolve) => setImmediate(resolve))
  expect(heard).toEqual(['third'])
  expect(errors.map(String)).toEqual(['Error: thrown', 'Error: rejected'])
})

test('a report that throws itself does not reach the publisher', () => {
  const hub = createEventHub(() => {
    throw new Error('the log is full')
  })
  hub.on('*', () => {
    throw new Error('thrown')
  })
  expect(() => hub.publish([event('a.done')])).not.toThrow()
})
