import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readReferenceRows } from '../reference-data/cdnow.fixture.js'
import reference from '../reference-data/cdnow-reference.json' with { type: 'json' }
import { rfmSegment } from './rfm-segments.js'
import { type RfmColumns, rfmReasons, scoreRfm, scoreRfmByCuts } from './score-rfm.js'

const rows = readReferenceRows('./cdnow-sample-rfm.csv')
const columns: RfmColumns = {
  recency: Float64Array.from(rows, (row) => Number(row.days_since_last)),
  frequency: Float64Array.from(rows, (row) => Number(row.purchase_days)),
  monetary: Float64Array.from(rows, (row) => Number(row.total_spend)),
}
const { rfm } = reference

function countsOf(scores: Uint8Array): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const score of scores) counts[score] = (counts[score] ?? 0) + 1
  return counts
}

function cellsOf(scores: ReturnType<typeof scoreRfm>): string[] {
  return Array.from(scores.recency, (r, row) => `${r}${scores.frequency[row]}${scores.monetary[row]}`)
}

describe('scoreRfm on the CDNOW sample as of 1998-07-01, against numpy and R', () => {
  it('ties together: cuts, counts and cells', () => {
    const scores = scoreRfm(columns)
    const expected = rfm.a_quantile_ties_together
    expect([...scores.cuts.recency]).toEqual(expected.edges.R)
    expect([...scores.cuts.frequency]).toEqual(expected.edges.F)
    scores.cuts.monetary.forEach((cut, i) => {
      expect(cut).toBeCloseTo(expected.edges.M[i]!, 9)
    })
    expect(countsOf(scores.recency)).toEqual(expected.counts.R)
    expect(countsOf(scores.frequency)).toEqual(expected.counts.F)
    expect(countsOf(scores.monetary)).toEqual(expected.counts.M)
    const cells = cellsOf(scores)
    expect(new Set(cells).size).toBe(expected.cells_used)
    expect(cells.filter((cell) => cell === '555')).toHaveLength(expected.n_555)
    expect(cells.filter((cell) => cell === '111')).toHaveLength(expected.n_111)
  })

  it('ties together: the first five customers', () => {
    const cells = cellsOf(scoreRfm(columns))
    expect(cells.slice(0, 5)).toEqual(rfm.first5.map(({ scores_a }) => scores_a.join('')))
  })

  it('by rank: groups of equal size, ties in order of rows', () => {
    const cells = cellsOf(scoreRfm(columns, { ties: 'byRank' }))
    const expected = rfm.b_equal_size_rank_ties_by_id
    expect(new Set(cells).size).toBe(expected.cells_used)
    expect(cells.filter((cell) => cell === '555')).toHaveLength(expected.n_555)
    expect(cells.filter((cell) => cell === '111')).toHaveLength(expected.n_111)
    expect(cells.slice(0, 5)).toEqual(rfm.first5.map(({ scores_b }) => scores_b.join('')))
  })

  it('keeps the cuts, so that customers can be scored again one by one', () => {
    const scores = scoreRfm(columns)
    const one = scoreRfmByCuts(
      {
        recency: columns.recency.slice(0, 1),
        frequency: columns.frequency.slice(0, 1),
        monetary: columns.monetary.slice(0, 1),
      },
      scores.cuts,
    )
    expect(cellsOf(one)).toEqual(['444'])
    expect(one.segment).toEqual(['loyal'])
  })

  it('explains a score by value, score and segment', () => {
    const scores = scoreRfm(columns)
    expect(rfmReasons(scores, columns, 1)).toEqual([
      { what: 'rfm_recency', effect: 'lowers', evidence: { value: 534, score: 1, bins: 5, segment: 'at_risk' } },
      { what: 'rfm_frequency', effect: 'neutral', evidence: { value: 2, score: 3, bins: 5, segment: 'at_risk' } },
      { what: 'rfm_monetary', effect: 'raises', evidence: { value: 75.11, score: 4, bins: 5, segment: 'at_risk' } },
    ])
    expect(() => rfmReasons(scores, columns, -1)).toThrow(TypeError)
  })
})

describe('scoreRfm in corners', () => {
  it('gives the lowest score but the best recency to equals, and nothing to nobody', () => {
    const equals = { recency: Float64Array.of(3, 3), frequency: Float64Array.of(1, 1), monetary: Float64Array.of(9, 9) }
    expect(cellsOf(scoreRfm(equals))).toEqual(['511', '511'])
    const none = { recency: new Float64Array(0), frequency: new Float64Array(0), monetary: new Float64Array(0) }
    expect(scoreRfm(none).segment).toEqual([])
    expect(scoreRfm(none, { ties: 'byRank' }).segment).toEqual([])
  })

  it('names what it cannot score', () => {
    const good = { recency: Float64Array.of(1, 2), frequency: Float64Array.of(1, 2), monetary: Float64Array.of(1, 2) }
    expect(() => scoreRfm(good, { bins: 1 })).toThrow(TypeError)
    expect(() => scoreRfm({ ...good, recency: Float64Array.of(1, -1) })).toThrow(/recency, row 1: .* from 0/)
    expect(() => scoreRfm({ ...good, monetary: Float64Array.of(1, Number.NaN) })).toThrow(/monetary, row 1/)
    expect(() => scoreRfm({ ...good, frequency: new Float64Array(3) })).toThrow(/frequency: the column has 3 rows/)
  })

  it('scores better values no lower, equals alike, and ranks into sizes that differ by at most one', () => {
    const customer = fc.tuple(
      fc.integer({ min: 0, max: 9 }),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: -5, max: 9 }),
    )
    fc.assert(
      fc.property(
        fc.array(customer, { minLength: 1, maxLength: 50 }),
        fc.integer({ min: 2, max: 10 }),
        (base, bins) => {
          const some = {
            recency: Float64Array.from(base, ([r]) => r),
            frequency: Float64Array.from(base, ([, f]) => f),
            monetary: Float64Array.from(base, ([, , m]) => m),
          }
          const together = scoreRfm(some, { bins })
          const ranked = scoreRfm(some, { bins, ties: 'byRank' })
          base.forEach(([r, f], i) => {
            base.forEach(([otherR, otherF], j) => {
              if (r <= otherR) expect(together.recency[i]!).toBeGreaterThanOrEqual(together.recency[j]!)
              if (f >= otherF) expect(together.frequency[i]!).toBeGreaterThanOrEqual(together.frequency[j]!)
              if (f > otherF) expect(ranked.frequency[i]!).toBeGreaterThanOrEqual(ranked.frequency[j]!)
            })
          })
          const sizes = Array.from(
            { length: bins },
            (_, i) => ranked.monetary.filter((score) => score === i + 1).length,
          )
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
        },
      ),
      { seed: 9 },
    )
  })
})

describe('rfmSegment', () => {
  it.each([
    [5, 5, 'champions'],
    [4, 5, 'loyal'],
    [4, 3, 'potential_loyalist'],
    [5, 1, 'new'],
    [4, 1, 'promising'],
    [3, 3, 'need_attention'],
    [3, 1, 'about_to_sleep'],
    [2, 4, 'at_risk'],
    [1, 5, 'cannot_lose'],
    [1, 1, 'lost'],
  ] as const)('recency %i with frequency %i is %s', (recency, frequency, segment) => {
    expect(rfmSegment(recency, frequency, 5)).toBe(segment)
  })

  it('names the ends alike for every number of bins, and refuses scores outside', () => {
    for (let bins = 2; bins <= 10; bins++) {
      expect(rfmSegment(bins, bins, bins)).toBe('champions')
      expect(rfmSegment(1, 1, bins)).toBe('lost')
      expect(rfmSegment(bins, 1, bins)).toBe('new')
    }
    expect(() => rfmSegment(6, 1, 5)).toThrow(TypeError)
  })
})
