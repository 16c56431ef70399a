import { describe, expect, it } from 'vitest'
import type { ForecastDeal } from './forecast-deal.js'
import { forecastCategories, weightedPipeline } from './weighted-pipeline.js'
import { estimateWinProbability } from './win-probability.js'

const DEALS: ForecastDeal[] = [
  { amount: 1000, status: 'won', probability: 0.1 },
  { amount: 9000, status: 'lost', probability: 0.9, category: 'commit' },
  { amount: 2000, status: 'open', probability: 0.8, category: 'commit' },
  { amount: 3000, status: 'open', probability: 0.5, category: 'best_case' },
  { amount: 500, status: 'open', probability: 0.6, category: 'most_likely' },
  { amount: 4000, status: 'open', probability: 0.1 },
  { amount: null, status: 'open', probability: 0.3 },
  { amount: 7000, status: 'open', probability: 0.9, category: 'omitted' },
]

describe('weightedPipeline', () => {
  it('weighs open deals, counts won ones in full and lost ones zero', () => {
    // 2000 x 0.8 + 3000 x 0.5 + 500 x 0.6 + 4000 x 0.1 = 1600 + 1500 + 300 + 400 = 3800.
    const { reasons, ...pipeline } = weightedPipeline(DEALS)
    expect(pipeline).toEqual({ expected: 4800, won: 1000, weighted: 3800, open: 9500, openDeals: 5, withoutAmount: 1 })
    expect(reasons).toEqual([
      { what: 'open_deals', effect: 'raises', evidence: { openDeals: 5, weighted: 3800 } },
      { what: 'largest_deal', effect: 'neutral', evidence: { shareOfWeighted: 1600 / 3800 } },
      { what: 'deals_without_amount', effect: 'lowers', evidence: { withoutAmount: 1 } },
    ])
    expect(weightedPipeline([]).expected).toBe(0)
    expect(weightedPipeline([{ amount: 5000, status: 'lost', probability: 1 }]).expected).toBe(0)
  })

  it('takes chances from history where a deal has none of its own', () => {
    const won = { outcome: 'won' as const, visits: [{ stage: 'offer', enteredAt: 0 }], until: 5 }
    const model = estimateWinProbability([won, won, { ...won, outcome: 'lost' }])
    const { mean } = model.stages.get('offer')![0]!
    const offer: ForecastDeal = { amount: 100, status: 'open', stage: 'offer' }
    expect(weightedPipeline([offer], model).weighted).toBeCloseTo(100 * mean, 10)
    expect(weightedPipeline([{ ...offer, probability: 0.25 }], model).weighted).toBe(25)
    expect(() => weightedPipeline([offer])).toThrow(/probability, row 0: missing/)
  })

  it('names the row of a bad deal', () => {
    const good: ForecastDeal = { amount: 1, status: 'open', probability: 0.5 }
    expect(() => weightedPipeline([good, { ...good, amount: -1 }])).toThrow(/amount, row 1/)
    expect(() => weightedPipeline([good, { ...good, amount: Number.NaN }])).toThrow(/amount, row 1/)
    expect(() => weightedPipeline([{ ...good, probability: 50 }])).toThrow(/probability, row 0: .*Divide percentages/)
    expect(() => weightedPipeline([{ ...good, status: 'stalled' as 'open' }])).toThrow(/status, row 0/)
    expect(() => weightedPipeline([{ ...good, age: -1 }])).toThrow(/age, row 0/)
  })
})

describe('forecastCategories', () => {
  it('rolls up: best case includes commit and closed, pipeline all that is open', () => {
    const { own, cumulative } = forecastCategories(DEALS)
    expect(own).toEqual({ closed: 1000, commit: 2000, most_likely: 500, best_case: 3000, pipeline: 4000 })
    expect(cumulative).toEqual({ closed: 1000, commit: 3000, most_likely: 3500, best_case: 6500, pipeline: 9500 })
  })
})
