import { requireRatio } from '../option-bounds.js'
import { type Indicator, indicator, ratio, requireAmounts } from './indicator.js'

/**
 * Acquisition spend / customers won in the same period, in money per customer (Farris et al., Marketing Metrics, 2010).
 * Put sales wages in, or compare nothing. Flaw: spend precedes the customers it wins, so growth flatters it.
 */
export function customerAcquisitionCost(input: { spend: number; newCustomers: number }): Indicator {
  requireAmounts(input, ['spend', 'newCustomers'])
  return ratio('customer_acquisition_cost', input.spend, input.newCustomers)
}

/** How long a customer stays: a fixed number of periods, or a chance to leave per period. Never both. */
export type CustomerStay = { lifespan: number; churnRate?: undefined } | { churnRate: number; lifespan?: undefined }

/**
 * Value of an average customer from margins m at the end of each period, discounted at d per period: for a lifespan of n
 * periods m (1 - (1 + d)^-n) / d, for a churn rate c per period m / (c + d), which are the same at d = 0 and n = 1 / c.
 * Money. Times 1 - c it is the margin multiple of Gupta & Lehmann (Journal of Interactive Marketing 17(1), 2003), who let
 * a customer leave before the first margin. `margin` is what is left of revenue after variable cost, not revenue. Throws
 * TypeError where lifespan and churn rate are both given or both missing. Flaw: one customer stands for all; churn falls
 * with age, so this undervalues old customers: prefer `customerLifetimeValue`.
 */
export function simpleLifetimeValue(input: { margin: number; discountRate?: number } & CustomerStay): Indicator {
  const { margin, lifespan, churnRate, discountRate: d = 0 } = input
  if ((lifespan === undefined) === (churnRate === undefined)) {
    throw new TypeError('Give lifespan or churnRate, one of the two: each already says how long a customer stays')
  }
  requireAmounts({ discountRate: d, stay: lifespan ?? churnRate ?? 0 }, ['discountRate', 'stay'])
  requireAmounts(input, ['margin'], -Infinity)
  if (churnRate !== undefined) requireRatio('churnRate', churnRate)
  const multiple =
    lifespan === undefined ? 1 / (churnRate + d) : d === 0 ? lifespan : -Math.expm1(-lifespan * Math.log1p(d)) / d
  return indicator('simple_lifetime_value', margin * multiple, { margin, discountRate: d, multiple })
}

/**
 * Periods until the margins of a customer have paid the acquisition: cost / margin per period (Farris et al.). Without a value where the
 * margin is not above zero: it never pays back. Flaw: ignores interest and customers who leave before.
 */
export function paybackPeriods(input: { acquisitionCost: number; margin: number }): Indicator {
  requireAmounts(input, ['acquisitionCost'])
  requireAmounts(input, ['margin'], -Infinity)
  return ratio('payback_periods', input.acquisitionCost, input.margin)
}

/**
 * (incremental margin - cost) / cost of a campaign, a ratio from -1 where nothing came back (Farris et al.). Take the margin
 * of sales that would not have happened otherwise, as measured with a control group. Flaw: without one it credits the
 * campaign with everything its buyers would have bought anyway.
 */
export function campaignReturn(input: { incrementalMargin: number; cost: number }): Indicator {
  requireAmounts(input, ['cost'])
  requireAmounts(input, ['incrementalMargin'], -Infinity)
  return ratio('campaign_return', input.incrementalMargin - input.cost, input.cost)
}
