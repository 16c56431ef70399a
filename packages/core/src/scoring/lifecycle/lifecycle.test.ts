import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readReferenceRows } from '../reference-data/cdnow.fixture.js'
import { churnReasons, churnRisk } from './churn-risk.js'
import { growthMatrix } from './growth-matrix.js'
import {
  RELATIONSHIP_STAGES,
  type RelationshipStage,
  relationshipReasons,
  relationshipStage,
} from './relationship-stage.js'
import { shareOfTop } from './share-of-top.js'

function stageOf(
  purchases: number,
  probabilityAlive: number,
  growth = 1,
  previous?: RelationshipStage,
): RelationshipStage {
  return relationshipStage({
    purchases: Float64Array.of(purchases),
    probabilityAlive: Float64Array.of(probabilityAlive),
    growth: Float64Array.of(growth),
    previous: [previous],
  })[0]!
}

describe('relationshipStage', () => {
  it('takes the first rule that holds', () => {
    expect([stageOf(0, 0), stageOf(1, 0.9), stageOf(5, 0.9, 1.3), stageOf(5, 0.9)]).toEqual([
      'identify',
      'acquire',
      'grow',
      'mature',
    ])
    expect([stageOf(5, 0.4, 2), stageOf(5, 0.9, 0.4), stageOf(5, 0.05, 2), stageOf(1, 0.05)]).toEqual([
      'decline',
      'decline',
      'lost',
      'lost',
    ])
    const engaged = relationshipStage({
      purchases: new Float64Array(2),
      probabilityAlive: new Float64Array(2),
      engagements: Float64Array.of(0, 3),
    })
    expect(engaged).toEqual(['identify', 'acquire'])
  })

  it('lets a customer near a threshold stay (hysteresis)', () => {
    expect([stageOf(5, 0.55), stageOf(5, 0.55, 1, 'decline'), stageOf(5, 0.6, 1, 'decline')]).toEqual([
      'mature',
      'decline',
      'mature',
    ])
    expect([stageOf(5, 0.15), stageOf(5, 0.15, 1, 'lost'), stageOf(5, 0.2, 1, 'lost')]).toEqual([
      'decline',
      'lost',
      'decline',
    ])
    expect([stageOf(5, 1, 1.15), stageOf(5, 1, 1.15, 'grow'), stageOf(5, 1, 1.09, 'grow')]).toEqual([
      'mature',
      'grow',
      'mature',
    ])
    expect([stageOf(5, 1, 0.6), stageOf(5, 1, 0.6, 'decline')]).toEqual(['mature', 'decline'])
  })

  it('brings a lost customer who buys again back to life', () => {
    expect(stageOf(6, 0.95, 1.5, 'lost')).toBe('grow')
  })

  it('is settled after one computation, and always one of the six', () => {
    const ratio = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(
        fc.nat(3),
        ratio,
        fc.double({ min: 0, max: 3, noNaN: true }),
        fc.option(fc.constantFrom(...RELATIONSHIP_STAGES), { nil: undefined }),
        (purchases, alive, growth, previous) => {
          const stage = stageOf(purchases, alive, growth, previous)
          expect(RELATIONSHIP_STAGES).toContain(stage)
          expect(stageOf(purchases, alive, growth, stage)).toBe(stage)
        },
      ),
      { seed: 1, numRuns: 500 },
    )
  })

  it('explains itself by the numbers that decided', () => {
    const columns = {
      purchases: Float64Array.of(5, 0),
      probabilityAlive: Float64Array.of(0.4, 1),
      growth: Float64Array.of(0.8, 1),
    }
    expect(relationshipReasons(columns, 0)).toEqual([
      { what: 'probability_alive', effect: 'lowers', evidence: { probabilityAlive: 0.4 } },
      { what: 'purchases', effect: 'raises', evidence: { purchases: 5 } },
      { what: 'growth', effect: 'lowers', evidence: { growth: 0.8 } },
    ])
    expect(relationshipReasons(columns, 1)).toEqual([
      { what: 'known_without_purchase', effect: 'neutral', evidence: { engagements: 0 } },
    ])
    expect(() => relationshipReasons(columns, 2)).toThrow(TypeError)
  })

  it('names what cannot be', () => {
    const purchases = Float64Array.of(1)
    expect(() => relationshipStage({ purchases, probabilityAlive: Float64Array.of(1.1) })).toThrow(
      /probabilityAlive, row 0: .* from 0 to 1/,
    )
    expect(() => relationshipStage({ purchases, probabilityAlive: new Float64Array(2) })).toThrow(/2 rows/)
    const columns = { purchases, probabilityAlive: Float64Array.of(1) }
    expect(() => relationshipStage(columns, { lost: { enter: 0.7, leave: 0.8 } })).toThrow(TypeError)
    expect(() => relationshipStage(columns, { grow: { enter: 1, leave: 1.5 } })).toThrow(TypeError)
  })
})

describe('churnRisk', () => {
  const columns = {
    probabilityAlive: Float64Array.of(0.9, 0.2, 0),
    silence: Float64Array.of(5, 30, 1000),
    usualGap: Float64Array.of(10, 10, 1),
    survival: Float64Array.of(0.8, 0.5, 0),
  }

  it('is the weighted mean of the signals', () => {
    const { risk, level } = churnRisk(columns)
    // (2 * 0.1 + 0 + 0.2) / 4; a silence of three gaps is 1 - 2^-2: (2 * 0.8 + 0.75 + 0.5) / 4.
    expect(risk[0]).toBeCloseTo(0.1, 14)
    expect(risk[1]).toBeCloseTo(0.7125, 14)
    expect(risk[2]).toBe(1)
    expect(level).toEqual(['low', 'high', 'high'])
  })

  it('makes do with the signals that are there', () => {
    expect(churnRisk({ silence: Float64Array.of(20), usualGap: Float64Array.of(10) })).toEqual({
      risk: Float64Array.of(0.5),
      level: ['medium'],
    })
    expect(churnRisk(columns, { weights: { probabilityAlive: 0, rhythm: 0 } }).risk[1]).toBe(0.5)
  })

  it('lists what speaks for leaving first', () => {
    const reasons = churnReasons(columns, 1)
    expect(reasons.map(({ what, effect }) => [what, effect])).toEqual([
      ['probability_alive', 'raises'],
      ['overdue', 'raises'],
      ['survival', 'raises'],
    ])
    expect(reasons[1]!.evidence).toEqual({ silence: 30, usualGap: 10, part: 0.1875 })
    const parts = reasons.reduce((sum, { evidence }) => sum + Number(evidence.part), 0)
    expect(parts).toBeCloseTo(churnRisk(columns).risk[1]!, 14)
    expect(churnReasons(columns, 0).map(({ what, effect }) => [what, effect])).toContainEqual([
      'within_rhythm',
      'lowers',
    ])
    expect(() => churnReasons(columns, 3)).toThrow(TypeError)
  })

  it('names what cannot be, and stays between 0 and 1', () => {
    expect(() => churnRisk({})).toThrow(TypeError)
    expect(() => churnRisk({ ...columns, usualGap: new Float64Array(3) })).toThrow(/usualGap, row 0/)
    expect(() => churnRisk({ ...columns, survival: Float64Array.of(1) })).toThrow(/survival: the column has 1 rows/)
    expect(() => churnRisk(columns, { cuts: { medium: 0.9, high: 0.1 } })).toThrow(TypeError)
    expect(() => churnRisk(columns, { weights: { rhythm: -1 } })).toThrow(TypeError)
    fc.assert(
      fc.property(
        fc.double({ min: 0, noNaN: true, max: 1e300 }),
        fc.double({ min: 1e-300, noNaN: true, max: 1e300 }),
        (s, g) => {
          const [risk] = churnRisk({ silence: Float64Array.of(s), usualGap: Float64Array.of(g) }).risk
          expect(risk! >= 0 && risk! <= 1).toBe(true)
        },
      ),
      { seed: 1 },
    )
  })
})

describe('growthMatrix (Ansoff 1957)', () => {
  it('sorts business by new and known, market and product', () => {
    const { strategy, cells } = growthMatrix({
      value: Float64Array.of(50, 25, 15, 10),
      newMarket: [false, true, false, true],
      newProduct: [0, 0, 1, 1],
    })
    expect(strategy).toEqual(['market_penetration', 'market_development', 'product_development', 'diversification'])
    expect(cells.market_development).toEqual({ rows: 1, value: 25, share: 0.25 })
    expect(cells.diversification.share).toBe(0.1)
  })

  it('gives no shares of nothing, and names what cannot be', () => {
    const none = { value: new Float64Array(0), newMarket: [], newProduct: [] }
    expect(growthMatrix(none).cells.market_penetration).toEqual({ rows: 0, value: 0, share: undefined })
    expect(() => growthMatrix({ ...none, value: Float64Array.of(Number.NaN) })).toThrow(/value, row 0/)
    expect(() => growthMatrix({ ...none, newProduct: [true] })).toThrow(/newProduct: the column has 1 rows/)
  })
})

describe('shareOfTop', () => {
  it('is the share of value that the top fifth brings', () => {
    expect(shareOfTop(Float64Array.of(5, 5, 80, 5, 5))).toBe(0.8)
    expect(shareOfTop(Float64Array.of(1, 1, 1, 1))).toBeCloseTo(0.2, 14)
    expect(shareOfTop(Float64Array.of(3, 1), 0.75)).toBe(3.5 / 4)
    expect(shareOfTop(Float64Array.of(10, -5), 0.5)).toBe(2)
  })

  it('of the CDNOW sample is the sum of the 471 largest spends and 0.4 of the next, over all', () => {
    const spend = readReferenceRows('./cdnow-sample-rfm.csv').map((row) => Number(row.total_spend))
    const falling = spend.toSorted((a, b) => b - a)
    const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0)
    const expected = (sum(falling.slice(0, 471)) + 0.4 * falling[471]!) / sum(spend)
    expect(shareOfTop(Float64Array.from(spend))).toBeCloseTo(expected, 10)
  })

  it('is undefined where there is nothing to share, and names what cannot be', () => {
    expect(shareOfTop(new Float64Array(0))).toBeUndefined()
    expect(shareOfTop(Float64Array.of(0, 0))).toBeUndefined()
    expect(() => shareOfTop(Float64Array.of(1, Infinity))).toThrow(/value, row 1/)
    expect(() => shareOfTop(Float64Array.of(1), 20)).toThrow(TypeError)
  })
})
