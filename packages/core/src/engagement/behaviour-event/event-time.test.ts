import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { instantOf } from '../../kernel/instant.js'
import { placeInTime } from './event-time.js'

const nowMs = Date.parse('2026-03-01T10:00:00.000Z')
const at = (offsetMs: number): string => instantOf(nowMs + offsetMs)
const minuteMs = 60_000
const dayMs = 86_400_000

describe('the clock of a device', () => {
  test.each([
    ['now', 0, { at: at(0) }],
    ['five minutes fast', 5 * minuteMs, { at: at(0) }],
    ['faster than that', 5 * minuteMs + 1, { reason: 'in_future' }],
    ['a month late', -31 * dayMs, { at: at(-31 * dayMs) }],
    ['later than that', -31 * dayMs - 1, { reason: 'too_old' }],
  ])('%s', (_, offset, expected) => {
    expect(placeInTime(at(offset), nowMs)).toEqual(expected)
  })

  test('never puts an event after now, and moves no event that is not ahead', () => {
    fc.assert(
      fc.property(fc.integer({ min: -40 * dayMs, max: dayMs }), (offset) => {
        const placed = placeInTime(at(offset), nowMs)
        if ('at' in placed) expect(placed.at).toBe(offset > 0 ? at(0) : at(offset))
        else expect(offset > 5 * minuteMs || offset < -31 * dayMs).toBe(true)
      }),
    )
  })
})
