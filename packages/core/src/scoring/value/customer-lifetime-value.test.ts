import { describe, expect, it } from 'vitest'
import { bgNbdExpectedPurchases } from '../purchases/bg-nbd.js'
import { mbgNbdExpectedPurchases } from '../purchases/mbg-nbd.js'
import { paretoNbdDiscountedResidual, paretoNbdExpectedPurchases } from '../purchases/pareto-nbd.js'
import { cdnowSample, relativeError } from '../reference-data/cdnow.fixture.js'
import reference from '../reference-data/cdnow-reference.json' with { type: 'json' }
import { ScoringInputError } from '../scoring-input-error.js'
import { gammaGammaExpectedValue } from '../spend/gamma-gamma.js'
import { customerLifetimeValue } from './customer-lifetime-value.js'

const summary = cdnowSample()
const { params } = reference.polished.bg_nbd
const spend = reference.polished.gamma_gamma.params
/** The reference was computed with months of 4.345 weeks. */
const REFERENCE_MONTH = 4.345
const value = customerLifetimeValue({ model: 'bg_nbd', params, spend, summary, periodLength: REFERENCE_MONTH })

describe('customerLifetimeValue', () => {
  it('sums to 71,507.95 dollars over the CDNOW sample in 12 months at 1 % a month', () => {
    const total = value.reduce((sum, part) => sum + part, 0)
    expect(total.toFixed(2)).toBe('71507.95')
    expect(relativeError(total, reference.aggregates.clv_12m_1pct_sum_all_customers)).toBeLessThan(1e-9)
  })

  it('gives the chosen customers their reference values', () => {
    for (const { row, clv } of reference.customers) expect(relativeError(value[row]!, clv)).toBeLessThan(1e-9)
  })

  it('is expected purchases times spend where nothing is discounted', () => {
    const undiscounted = customerLifetimeValue({
      model: 'mbg_nbd',
      params,
      spend: { params: spend },
      summary,
      periods: 7,
      periodLength: 3,
      discountRate: 0,
      margin: 0.25,
    })
    const purchases = mbgNbdExpectedPurchases(params, summary, 21)
    const spends = gammaGammaExpectedValue(spend, summary)
    for (let row = 0; row < undiscounted.length; row += 97) {
      expect(relativeError(undiscounted[row]!, purchases[row]! * spends[row]! * 0.25)).toBeLessThan(1e-12)
    }
  })

  it('takes a column of spends, and discounts each period by its end', () => {
    const column = summary.frequency.map(() => 8)
    const got = customerLifetimeValue({
      model: 'bg_nbd',
      params,
      spend: column,
      summary,
      periods: 2,
      periodLength: 10,
      discountRate: 0.1,
    })
    const ten = bgNbdExpectedPurchases(params, summary, 10)
    const twenty = bgNbdExpectedPurchases(params, summary, 20)
    const row = 156
    expect(got[row]).toBeCloseTo(8 * (ten[row]! / 1.1 + (twenty[row]! - ten[row]!) / 1.21), 10)
  })

  it('counts purchases by Pareto/NBD, towards the discounted residual as the periods go on', () => {
    const pareto = { r: 0.5533, alpha: 10.578, s: 1.6061, beta: 11.656 }
    const few = {
      frequency: summary.frequency.slice(0, 7),
      recency: summary.recency.slice(0, 7),
      age: summary.age.slice(0, 7),
    }
    const column = few.frequency.map(() => 2)
    const input = { model: 'pareto_nbd', params: pareto, spend: column, summary: few } as const
    const year = customerLifetimeValue({ ...input, periods: 1, periodLength: 52, discountRate: 0 })
    const purchases = paretoNbdExpectedPurchases(pareto, few, 52)
    const rate = 0.05
    const forever = customerLifetimeValue({
      ...input,
      periods: 10_000,
      periodLength: 0.1,
      discountRate: Math.expm1(rate / 10),
    })
    const residual = paretoNbdDiscountedResidual(pareto, few, rate)
    for (let row = 0; row < year.length; row++) {
      expect(relativeError(year[row]!, 2 * purchases[row]!)).toBeLessThan(1e-12)
      // Purchases are discounted to the end of their tenth of a week: half of that too far on average.
      expect(relativeError(forever[row]! * Math.exp(rate / 20), 2 * residual[row]!)).toBeLessThan(1e-4)
    }
  })

  it('names what is wrong with its input', () => {
    const good = { model: 'bg_nbd', params, spend, summary, periodLength: 4 } as const
    expect(() => customerLifetimeValue({ ...good, periodLength: 0 })).toThrow(TypeError)
    expect(() => customerLifetimeValue({ ...good, model: 'naive' as 'bg_nbd' })).toThrow(/model must be/)
    expect(() => customerLifetimeValue({ ...good, periods: 1.5 })).toThrow(/periods must be a whole number/)
    expect(() => customerLifetimeValue({ ...good, discountRate: -1 })).toThrow(/discountRate/)
    expect(() => customerLifetimeValue({ ...good, spend: new Float64Array(3) })).toThrow(ScoringInputError)
    expect(() => customerLifetimeValue({ ...good, spend: summary.frequency.map(() => Number.NaN) })).toThrow(
      /spend, row 0/,
    )
    expect(() => customerLifetimeValue({ ...good, params: { ...params, a: 0 } })).toThrow(/Parameter a/)
  })
})
