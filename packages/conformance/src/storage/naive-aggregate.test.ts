import { describe, expect, test } from 'vitest'
import { bucketStart, naiveAggregate } from './naive-aggregate.js'

describe('bucketStart', () => {
  // Dates from a wall calendar; 2026-03-01 is a Sunday. Offsets of the zones: Berlin +01:00, New York -05:00 in winter.
  test.each([
    ['2026-03-01T00:30:00.000Z', 'day', 'America/New_York', 'monday', '2026-02-28'],
    ['2026-02-28T23:30:00.000Z', 'day', 'Europe/Berlin', 'monday', '2026-03-01'],
    ['2026-03-01T12:00:00.000Z', 'week', 'UTC', 'monday', '2026-02-23'],
    ['2026-03-01T12:00:00.000Z', 'week', 'UTC', 'sunday', '2026-03-01'],
    ['2026-03-01T12:00:00.000Z', 'week', 'UTC', 'saturday', '2026-02-28'],
    ['2026-03-31T22:30:00.000Z', 'month', 'Europe/Berlin', 'monday', '2026-04-01'],
    ['2026-06-30T12:00:00.000Z', 'quarter', 'UTC', 'monday', '2026-04-01'],
    ['2026-12-31T23:30:00.000Z', 'year', 'Europe/Berlin', 'monday', '2027-01-01'],
  ] as const)(
    '%s falls into the %s (%s, weeks from %s) that starts on %s',
    (instant, bucket, zone, weekStart, expected) => {
      expect(bucketStart(instant, bucket, zone, weekStart)).toBe(expected)
    },
  )
})

describe('naiveAggregate', () => {
  test('groups, computes and orders', () => {
    const rows = [
      { id: '1', version: 1, stage: 'b', score: 1 },
      { id: '2', version: 1, score: 5 },
      { id: '3', version: 1, stage: 'a', score: 2 },
      { id: '4', version: 1, stage: 'b', score: 4 },
    ]
    const compute = {
      rows: { fn: 'count' },
      total: { fn: 'sum', path: 'score' },
      mean: { fn: 'avg', path: 'score' },
      least: { fn: 'min', path: 'score' },
    } as const
    expect(naiveAggregate({ entity: 'x', by: ['stage'], compute }, rows)).toEqual([
      { keys: ['a'], values: { rows: 1, total: 2, mean: 2, least: 2 } },
      { keys: ['b'], values: { rows: 2, total: 5, mean: 2.5, least: 1 } },
      { keys: [null], values: { rows: 1, total: 5, mean: 5, least: 5 } },
    ])
    expect(naiveAggregate({ entity: 'x', compute }, [])).toEqual([
      { keys: [], values: { rows: 0, total: 0, mean: null, least: null } },
    ])
  })
})
