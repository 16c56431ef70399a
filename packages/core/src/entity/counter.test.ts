import { expect, test } from 'vitest'
import { nextNumber } from './counter.js'
import { openSession } from './session-context.fixture.js'

test('numbers start at 1 and are unique without a gap, also when many ask at once', async () => {
  const { context } = await openSession()
  const numbers = await Promise.all(Array.from({ length: 50 }, () => nextNumber(context, 'ticket')))
  expect([...numbers].sort((left, right) => left - right)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1))
  expect(await nextNumber(context, 'ticket')).toBe(51)
})

test('counters do not touch each other', async () => {
  const { context } = await openSession()
  await nextNumber(context, 'ticket')
  expect(await nextNumber(context, 'quote')).toBe(1)
  expect(await nextNumber(context, 'ticket')).toBe(2)
})
