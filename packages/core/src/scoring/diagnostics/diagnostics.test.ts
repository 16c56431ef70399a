import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FittedPurchaseModel } from '../fitted-purchase-model.js'
import { bgNbdExpectedPurchasesNewCustomer, fitBgNbd } from '../purchases/bg-nbd.js'
import { mbgNbdExpectedPurchasesNewCustomer } from '../purchases/mbg-nbd.js'
import { paretoNbdExpectedPurchasesNewCustomer } from '../purchases/pareto-nbd.js'
import { cdnowSample, relativeError } from '../reference-data/cdnow.fixture.js'
import cdnow from '../reference-data/cdnow-reference.json' with { type: 'json' }
import reference from '../reference-data/pareto-nbd-reference.json' with { type: 'json' }
import { frequencyHistogram } from './frequency-histogram.js'
import { holdoutByFrequency } from './holdout-by-frequency.js'
import { purchaseCountDistribution } from './purchase-count-distribution.js'
import { repeatPurchaseTimes } from './repeat-purchase-times.js'
import { trackPurchases } from './track-purchases.js'

const sample = cdnowSample()
const [r = 0, alpha = 0, a = 0, b = 0] = cdnow.btyd.bgnbd_params
const bg = { model: 'bg_nbd', params: { r, alpha, a, b } } as const
const mbg = { model: 'mbg_nbd', params: { r: 0.525, alpha: 6.183, a: 0.891, b: 1.614 } } as const
const [pr = 0, palpha = 0, s = 0, beta = 0] = reference.btyd.params
const pareto = { model: 'pareto_nbd', params: { r: pr, alpha: palpha, s, beta } } as const
const sum = (column: Float64Array) => column.reduce((total, value) => total + value, 0)

describe('purchaseCountDistribution', () => {
  it('gives the P(X(39) = n) of BTYD for BG/NBD and Pareto/NBD', () => {
    const ofBg = purchaseCountDistribution(bg, 39, 6)
    const ofPareto = purchaseCountDistribution(pareto, 39, 6)
    reference.btyd_bgnbd_pmf_t39_n0to6.forEach((value, n) => {
      expect(Math.abs(ofBg[n]! - value)).toBeLessThan(1e-10)
    })
    reference.btyd.pmf_t39_n0to6.forEach((value, n) => {
      expect(Math.abs(ofPareto[n]! - value)).toBeLessThan(1e-10)
    })
  })

  it.each([
    [bg, bgNbdExpectedPurchasesNewCustomer(bg.params, 20)],
    [mbg, mbgNbdExpectedPurchasesNewCustomer(mbg.params, 20)],
    [pareto, paretoNbdExpectedPurchasesNewCustomer(pareto.params, 20)],
  ] as const)('adds up to 1 and has the expected purchases as its mean: %o', (fit, mean) => {
    const chances = purchaseCountDistribution(fit, 20, 600)
    expect(sum(chances)).toBeCloseTo(1, 10)
    expect(sum(chances.map((chance, n) => n * chance))).toBeCloseTo(mean, 9)
  })

  it.each([bg, mbg, pareto])('is certain of no repeat purchase in no time: %o', (fit) => {
    expect([...purchaseCountDistribution(fit, 0, 2)]).toEqual([1, 0, 0])
  })

  it('stays a distribution at the limits of the models', () => {
    const limits: FittedPurchaseModel[] = [
      { model: 'pareto_nbd', params: { r: 1e6, alpha: 1e7, s: 1e6, beta: 1e8 } },
      { model: 'pareto_nbd', params: { r: 0.5, alpha: 10, s: 1e-3, beta: 1e-6 } },
      { model: 'pareto_nbd', params: { r: 0.5, alpha: 10, s: 1, beta: 1e-8 } },
      { model: 'bg_nbd', params: { r: 1e6, alpha: 1e7, a: 1e-7, b: 1 } },
      { model: 'mbg_nbd', params: { r: 1e-5, alpha: 1e-3, a: 3e5, b: 7e5 } },
    ]
    for (const fit of limits) {
      const chances = purchaseCountDistribution(fit, 30, 500)
      for (const chance of chances) expect(chance >= 0 && chance <= 1 + 1e-12).toBe(true)
      expect(sum(chances)).toBeLessThan(1 + 1e-9)
      expect(sum(chances)).toBeGreaterThan(0.999)
    }
  })

  it('refuses half a purchase and an unknown model', () => {
    expect(() => purchaseCountDistribution(bg, 1, 0.5)).toThrow(/largest must be a whole number/)
    expect(() => purchaseCountDistribution({ ...bg, model: 'naive' as 'bg_nbd' }, 1, 1)).toThrow(/model must be/)
    expect(() => purchaseCountDistribution(bg, -1, 1)).toThrow(/horizon/)
  })
})

describe('frequencyHistogram', () => {
  it('sets 1411, 439, 214, ... customers of CDNOW beside what BG/NBD expects of them', () => {
    const { observed, expected, purchases } = frequencyHistogram(bg, sample)
    expect([...purchases]).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    expect([...observed]).toEqual([1411, 439, 214, 100, 62, 38, 29, 64])
    expect(sum(expected)).toBeCloseTo(2357, 8)
    // The fit test of the papers: chi-square of eight bins below the 1% point of chi-square with 3 degrees of freedom.
    expect(sum(observed.map((count, i) => (count - expected[i]!) ** 2 / expected[i]!))).toBeLessThan(11.35)
  })

  it('is the sum over customers of their own distributions', () => {
    const few = {
      frequency: Float64Array.of(0, 3, 9),
      recency: Float64Array.of(0, 3, 9),
      age: Float64Array.of(10, 20, 20),
      weight: Float64Array.of(2, 1, 5),
    }
    const { observed, expected } = frequencyHistogram(pareto, few, 2)
    expect([...observed]).toEqual([2, 0, 6])
    const ten = purchaseCountDistribution(pareto, 10, 1)
    const twenty = purchaseCountDistribution(pareto, 20, 1)
    expect(expected[0]).toBeCloseTo(2 * ten[0]! + 6 * twenty[0]!, 12)
    expect(expected[1]).toBeCloseTo(2 * ten[1]! + 6 * twenty[1]!, 12)
    expect(sum(expected)).toBeCloseTo(8, 12)
  })
})

describe('holdoutByFrequency', () => {
  const holdout = { frequency: sample.holdout, duration: 39 }

  it('adds up to the totals and the error of the CDNOW holdout', () => {
    const fit = { model: 'bg_nbd', params: cdnow.polished.bg_nbd.params } as const
    const { customers, actual, expected, absoluteError, purchases } = holdoutByFrequency({
      fit,
      summary: sample,
      holdout,
    })
    expect([...customers]).toEqual([1411, 439, 214, 100, 62, 38, 29, 64])
    expect(purchases).toHaveLength(8)
    expect(sum(actual.map((mean, i) => mean * customers[i]!))).toBeCloseTo(1882, 8)
    const total = sum(expected.map((mean, i) => mean * customers[i]!))
    expect(relativeError(total, cdnow.aggregates.bg_nbd_expected_total)).toBeLessThan(1e-9)
    const error = sum(absoluteError.map((mean, i) => mean * customers[i]!)) / 2357
    expect(relativeError(error, cdnow.aggregates.bg_nbd_mae)).toBeLessThan(1e-9)
    for (let i = 1; i < 8; i++) expect(expected[i]!).toBeGreaterThan(expected[i - 1]!)
  })

  it('names a holdout that is not that of the summary', () => {
    const input = { fit: bg, summary: sample }
    expect(() => holdoutByFrequency({ ...input, holdout: { ...holdout, frequency: new Float64Array(3) } })).toThrow(
      /holdout: the column has 3 rows/,
    )
    const negative = sample.holdout.map((value, row) => (row === 5 ? -1 : value))
    expect(() => holdoutByFrequency({ ...input, holdout: { ...holdout, frequency: negative } })).toThrow(
      /holdout, row 5/,
    )
  })
})

describe('trackPurchases', () => {
  it.each([
    [bg, reference.btyd_cumulative_wk78.bgnbd],
    [pareto, reference.btyd_cumulative_wk78.pnbd],
  ] as const)('expects what BTYD expects of the cohort after 39, 52 and 78 weeks: %o', (fit, btyd) => {
    const table = trackPurchases({
      fit,
      summary: sample,
      repeatTimes: new Float64Array(0),
      periodLength: 1,
      periods: 78,
    })
    ;[38, 51, 77].forEach((week, i) => {
      expect(relativeError(table.cumulativeExpected[week]!, btyd[i]!)).toBeLessThan(1e-6)
    })
    expect(sum(table.expected)).toBeCloseTo(table.cumulativeExpected[77]!, 8)
    // The calibration is 38.86 weeks long.
    expect(table.calibration.indexOf(false)).toBe(38)
  })

  it('counts a purchase in the period at whose end it stands', () => {
    const fit = fitBgNbd(sample)
    const repeatTimes = Float64Array.of(0.5, 7, 7.1, 80, 14)
    const table = trackPurchases({ fit, summary: sample, repeatTimes, periodLength: 7 })
    expect(table.end).toHaveLength(12)
    expect([...table.actual]).toEqual([2, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
    expect(table.cumulativeActual[11]).toBe(5)
  })

  it('names what is wrong with its input', () => {
    const input = { fit: bg, summary: sample, repeatTimes: Float64Array.of(1, -2), periodLength: 1 }
    expect(() => trackPurchases(input)).toThrow(/repeatTimes, row 1/)
    expect(() => trackPurchases({ ...input, periodLength: 0 })).toThrow(/periodLength/)
    expect(() => trackPurchases({ ...input, repeatTimes: new Float64Array(0), periods: 0.5 })).toThrow(/periods/)
  })
})

describe('repeatPurchaseTimes', () => {
  it('measures from the first purchase of the earliest customer and counts a day once', () => {
    const log = [
      { customerId: 'b', at: '2025-01-15', amount: 5 },
      { customerId: 'a', at: '2025-01-01', amount: 5 },
      { customerId: 'b', at: '2025-01-29', amount: 5 },
      { customerId: 'b', at: '2025-01-29', amount: 7 },
      { customerId: 'a', at: '2025-01-08', amount: -5 },
      { customerId: 'a', at: '2025-01-22', amount: 1 },
    ]
    expect([...repeatPurchaseTimes(log, { unit: 'week' })]).toEqual([3, 4])
    expect(() => repeatPurchaseTimes(log, { unit: 'year' as 'week' })).toThrow(TypeError)
    expect(repeatPurchaseTimes([], { unit: 'day' })).toHaveLength(0)
  })
})

describe('diagnostics of every model and parameter', () => {
  const positive = (from: number, to: number) =>
    fc.double({ min: Math.log(from), max: Math.log(to), noNaN: true }).map(Math.exp)
  const shape = positive(1e-4, 1e5)
  const time = positive(1e-6, 1e8)
  const betaGeometric = fc.record({ r: shape, alpha: time, a: shape, b: shape })
  const anyFit: fc.Arbitrary<FittedPurchaseModel> = fc.oneof(
    fc.record({ model: fc.constant('bg_nbd' as const), params: betaGeometric }),
    fc.record({ model: fc.constant('mbg_nbd' as const), params: betaGeometric }),
    fc.record({
      model: fc.constant('pareto_nbd' as const),
      params: fc.record({ r: shape, alpha: time, s: shape, beta: time }),
    }),
  )

  it('are finite and never negative, and their chances add up to at most 1', () => {
    fc.assert(
      fc.property(anyFit, positive(1e-3, 1e4), fc.integer({ min: 1, max: 30 }), (fit, age, largest) => {
        const chances = purchaseCountDistribution(fit, age, largest)
        for (const chance of chances) expect(chance >= 0 && chance <= 1 + 1e-9).toBe(true)
        expect(sum(chances)).toBeLessThanOrEqual(1 + 1e-9)
        const summary = {
          frequency: Float64Array.of(0, 2),
          recency: Float64Array.of(0, age / 4),
          age: Float64Array.of(age, age / 2),
        }
        for (const value of frequencyHistogram(fit, summary, largest).expected) expect(value >= 0).toBe(true)
        const tracked = trackPurchases({ fit, summary, repeatTimes: Float64Array.of(age), periodLength: age / 5 })
        for (const value of tracked.cumulativeExpected) expect(value >= 0 && value < Infinity).toBe(true)
      }),
      { numRuns: 200, seed: 3 },
    )
  }, 60_000)
})
