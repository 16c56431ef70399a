import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ForecastDeal } from './forecast-deal.js'
import { seededDraws } from './seeded-draws.js'
import { simulateForecast } from './simulate-forecast.js'
import { type DealHistory, estimateWinProbability } from './win-probability.js'

const open = (amount: number, probability: number): ForecastDeal => ({ amount, probability, status: 'open' })
const DEALS = [
  open(100, 0.5),
  open(400, 0.2),
  open(50, 0.9),
  open(250, 0.35),
  { ...open(80, 0.1), status: 'won' as const },
]

describe('simulateForecast', () => {
  it('has the weighted sum as mean and the variance of independent deals', () => {
    // 80 + 50 + 80 + 45 + 87.5; variance 2500 + 25600 + 225 + 14218.75.
    const result = simulateForecast(DEALS, { runs: 100_000, seed: 1 })
    const deviation = Math.sqrt(42_543.75)
    expect(result.expected).toBeCloseTo(342.5, 10)
    expect(Math.abs(result.mean - 342.5)).toBeLessThan((4 * deviation) / Math.sqrt(100_000))
    expect(Math.abs(result.standardDeviation / deviation - 1)).toBeLessThan(0.02)
    expect(result.reasons[1]).toEqual({
      what: 'largest_deal',
      effect: 'neutral',
      evidence: { shareOfWeighted: 87.5 / 262.5 },
    })
  })

  it('has the quantiles and the target chance of a binomial', () => {
    // 20 deals of 1 at 0.5: cumulative 0.0577 to 6, 0.1316 to 7, 0.4119 to 9, 0.5881 to 10, 0.8684 to 12, 0.9423 to 13.
    const result = simulateForecast(new Array(20).fill(open(1, 0.5)), { runs: 20_000, seed: 2, target: 13 })
    expect([result.p10, result.p50, result.p90]).toEqual([7, 10, 13])
    expect(Math.abs(result.targetProbability! - 0.1316)).toBeLessThan(0.01)
  })

  it('repeats with a seed', () => {
    expect(simulateForecast(DEALS, { runs: 500, seed: 3 })).toEqual(simulateForecast(DEALS, { runs: 500, seed: 3 }))
    expect(simulateForecast(DEALS, { runs: 500, seed: 4 }).mean).not.toBe(
      simulateForecast(DEALS, { runs: 500, seed: 3 }).mean,
    )
  })

  it('covers what really comes in eight times of ten between P10 and P90', () => {
    const { uniform } = seededDraws(21)
    const truth = { first: 0.25, offer: 0.6 }
    let within = 0
    const trials = 400
    for (let trial = 0; trial < trials; trial++) {
      const history = Array.from({ length: 80 }, (_, i): DealHistory => {
        const stage = i % 2 ? 'first' : 'offer'
        const outcome = uniform() < truth[stage] ? 'won' : 'lost'
        return { outcome, until: 5 + 30 * uniform(), visits: [{ stage, enteredAt: 0 }] }
      })
      const deals = Array.from({ length: 40 }, (_, i): ForecastDeal => {
        return { amount: 100 + 900 * uniform(), status: 'open', stage: i % 2 ? 'first' : 'offer' }
      })
      const { p10, p90 } = simulateForecast(deals, { runs: 400, seed: trial, history })
      const came = deals.reduce((sum, { amount, stage }) => {
        return sum + (uniform() < truth[stage as 'first'] ? (amount ?? 0) : 0)
      }, 0)
      if (came >= p10 && came <= p90) within++
    }
    // 320 expected, standard deviation 8.
    expect(within).toBeGreaterThan(295)
    expect(within).toBeLessThan(345)
  })

  it('is wider where history is thin, and narrower within a horizon', () => {
    const history = (times: number) =>
      estimateWinProbability(
        Array.from(
          { length: 10 * times },
          (_, i): DealHistory => ({
            outcome: i % 2 ? 'won' : 'lost',
            until: 10 + (i % 10),
            visits: [{ stage: 'offer', enteredAt: 0 }],
          }),
        ),
      )
    const deals = new Array<ForecastDeal>(50).fill({ amount: 10, status: 'open', stage: 'offer' })
    const thin = simulateForecast(deals, { runs: 4000, seed: 1, history: history(1) })
    const thick = simulateForecast(deals, { runs: 4000, seed: 1, history: history(100) })
    expect(thin.standardDeviation).toBeGreaterThan(1.5 * thick.standardDeviation)
    // Wins come after 11, 13, 15, 17 or 19: two of five within 14.
    const soon = simulateForecast(deals, { runs: 4000, seed: 1, history: history(100), horizon: 14 })
    expect(soon.expected / thick.expected).toBeCloseTo(0.4, 10)
  })

  it('gives finite ordered figures for any deals', () => {
    const anyDeal = fc.record({
      amount: fc.option(fc.double({ min: 0, max: 1e15, noNaN: true })),
      probability: fc.double({ min: 0, max: 1, noNaN: true }),
      status: fc.constantFrom('open' as const, 'won' as const, 'lost' as const),
    })
    fc.assert(
      fc.property(fc.array(anyDeal), fc.maxSafeInteger(), (deals, seed) => {
        const { mean, standardDeviation, p10, p50, p90 } = simulateForecast(deals, { runs: 50, seed })
        for (const value of [mean, standardDeviation]) expect(Number.isFinite(value)).toBe(true)
        expect(p10 <= p50 && p50 <= p90).toBe(true)
      }),
      { seed: 3 },
    )
    expect(simulateForecast([], { seed: 1 })).toMatchObject({ mean: 0, p10: 0, p90: 0, expected: 0 })
  })

  it('refuses what cannot be or would not end', () => {
    expect(() => simulateForecast(DEALS, { runs: 0, seed: 1 })).toThrow(TypeError)
    expect(() => simulateForecast(DEALS, { seed: Number.NaN })).toThrow(TypeError)
    expect(() => simulateForecast(new Array(1000).fill(DEALS[0]), { runs: 1e6, seed: 1 })).toThrow(/Lower runs/)
    expect(() => simulateForecast([{ amount: 1, status: 'open' }], { seed: 1 })).toThrow(/probability, row 0: missing/)
  })
})
