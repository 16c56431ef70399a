import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RowSlots } from './row-slots.js'

test('rows that stay keep their node, rows that come take the nodes of rows that left', () => {
  const slots = new RowSlots()
  expect(slots.assign([0, 1, 2, 3])).toEqual([0, 1, 2, 3])
  expect(slots.assign([2, 3, 4, 5])).toEqual([4, 5, 2, 3])
})

test('a row that is far away from the others keeps its node as long as it is wanted', () => {
  const slots = new RowSlots()
  slots.assign([7, 8, 9])
  expect(slots.assign([500, 501, 502, 8])[1]).toBe(8)
})

test('any walk shows exactly the wanted rows and never makes more nodes than the largest window', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(1000), fc.integer({ min: 1, max: 20 })), { minLength: 1 }), (walk) => {
      const slots = new RowSlots()
      for (const [first, count] of walk) {
        const wanted = Array.from({ length: count }, (_, index) => first + index)
        const shown = slots.assign(wanted)
        expect(shown.filter((row) => row >= 0).sort((a, b) => a - b)).toEqual(wanted)
        expect(shown.length).toBeLessThanOrEqual(Math.max(...walk.map(([, size]) => size)))
      }
    }),
  )
})
