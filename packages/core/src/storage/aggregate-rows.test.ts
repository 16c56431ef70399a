import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aggregateRows } from './aggregate-rows.js'
import type { Row } from './row.js'
import { rowList, sample } from './sample-entity.fixture.js'

const row = (id: string, values: Readonly<Record<string, unknown>>): Row => ({ ...values, id, version: 1 })

describe('aggregateRows', () => {
  const rows = [
    row('a', { stage: 'won', size: 2, at: '2026-01-31T23:30:00.000Z' }),
    row('b', { stage: 'won', size: 2, at: '2026-02-01T10:00:00.000Z' }),
    row('c', { stage: 'lost', at: '2026-02-02T10:00:00.000Z' }),
    row('d', { size: 5, at: '2026-02-03T10:00:00.000Z' }),
  ]
  const compute = {
    rows: { fn: 'count' },
    sized: { fn: 'count', path: 'size' },
    sizes: { fn: 'countDistinct', path: 'size' },
    sum: { fn: 'sum', path: 'size' },
    avg: { fn: 'avg', path: 'size' },
    min: { fn: 'min', path: 'size' },
    max: { fn: 'max', path: 'at' },
  } as const

  it('computes over everything', () => {
    expect(aggregateRows(sample, { entity: 'sample', compute }, rows)).toEqual([
      { keys: [], values: { rows: 4, sized: 3, sizes: 2, sum: 9, avg: 3, min: 2, max: '2026-02-03T10:00:00.000Z' } },
    ])
  })

  it('has one group also over nothing: sum 0, the others null', () => {
    expect(aggregateRows(sample, { entity: 'sample', compute }, [])).toEqual([
      { keys: [], values: { rows: 0, sized: 0, sizes: 0, sum: 0, avg: null, min: null, max: null } },
    ])
    expect(aggregateRows(sample, { entity: 'sample', by: ['stage'], compute }, [])).toEqual([])
  })

  it('groups in the order of the keys, missing last', () => {
    const groups = aggregateRows(sample, { entity: 'sample', by: ['stage'], compute: { rows: { fn: 'count' } } }, rows)
    expect(groups).toEqual([
      { keys: ['lost'], values: { rows: 1 } },
      { keys: ['won'], values: { rows: 2 } },
      { keys: [null], values: { rows: 1 } },
    ])
  })

  it('groups by local months, and cuts at the limit', () => {
    const by = [{ path: 'at', bucket: 'month' }] as const
    const aggregate = { entity: 'sample', by, compute: { rows: { fn: 'count' } } } as const
    expect(aggregateRows(sample, aggregate, rows).map(({ keys, values }) => [keys[0], values.rows])).toEqual([
      ['2026-01-01', 1],
      ['2026-02-01', 3],
    ])
    expect(aggregateRows(sample, { ...aggregate, timeZone: 'Europe/Berlin' }, rows)).toEqual([
      { keys: ['2026-02-01'], values: { rows: 4 } },
    ])
    expect(aggregateRows(sample, { ...aggregate, limit: 1 }, rows)).toHaveLength(1)
  })

  it('sums tenths without drift', () => {
    const tenths = Array.from({ length: 10 }, (_, index) => row(`t${index}`, { 'scores.value': 0.1 }))
    const [group] = aggregateRows(
      sample,
      { entity: 'sample', compute: { sum: { fn: 'sum', path: 'scores.value' } } },
      tenths,
    )
    expect(group?.values.sum).toBe(1)
  })

  it('counts every row in exactly one group', () => {
    fc.assert(
      fc.property(rowList(20), (many) => {
        const by = ['stage', 'open', { path: 'dueAt', bucket: 'week' }] as const
        const groups = aggregateRows(sample, { entity: 'sample', by, compute: { rows: { fn: 'count' } } }, many)
        expect(groups.reduce((sum, { values }) => sum + Number(values.rows), 0)).toBe(many.length)
        expect(new Set(groups.map(({ keys }) => JSON.stringify(keys))).size).toBe(groups.length)
      }),
    )
  })
})
