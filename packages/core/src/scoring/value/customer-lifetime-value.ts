import { type FittedPurchaseModel, predictionOf } from '../fitted-purchase-model.js'
import { requireNumbers } from '../number-column.js'
import { weighByAlive } from '../purchases/purchase-prediction.js'
import { gammaGammaExpectedValue } from '../spend/gamma-gamma.js'
import type { GammaGammaParams } from '../spend/gamma-gamma-params.js'
import type { CustomerSummary } from '../summary/customer-summary.js'

/** Which model counts the purchases, with its parameters: a fit of it will do. */
export type LifetimePurchaseModel = FittedPurchaseModel

export type LifetimeValueInput = LifetimePurchaseModel & LifetimeValueOptions

export interface LifetimeValueOptions {
  /** Expected spend per purchase: Gamma-Gamma parameters (or a fit, which holds them), or a column of your own. */
  spend: GammaGammaParams | { params: GammaGammaParams } | Float64Array
  summary: CustomerSummary
  /** Number of periods to look ahead; default 12. */
  periods?: number
  /** Length of a period in the time unit of the summary: a month is 30.4375 in days, about 4.348 in weeks. */
  periodLength: number
  /** Per period, as a ratio; default 0.01. */
  discountRate?: number
  /** Share of the spend that is profit, as a ratio; default 1, which makes the value revenue. */
  margin?: number
}

/**
 * Value of each customer's future purchases in today's money, in the currency of the spend: expected spend times margin
 * times the expected purchases of each period, discounted by the number of periods until its end (Fader, Hardie & Lee
 * 2005, Journal of Marketing Research 42(4), 415-430, in discrete time). Past purchases are not part of it.
 *
 * Throws ScoringInputError for rows that no customer can have, TypeError for an unknown model or impossible options.
 */
export function customerLifetimeValue(input: LifetimeValueInput): Float64Array {
  const { summary, periodLength, periods = 12, discountRate = 0.01, margin = 1 } = input
  if (!(Number.isSafeInteger(periods) && periods >= 1 && periods <= 10_000)) {
    throw new TypeError('periods must be a whole number from 1 to 10000')
  }
  if (!(discountRate > -1 && discountRate < Infinity)) throw new TypeError('discountRate must be a ratio above -1')
  if (!Number.isFinite(margin)) throw new TypeError('margin must be a finite ratio')
  if (!(periodLength > 0)) throw new TypeError('periodLength must be a time above 0, in the unit of the summary')
  const prediction = predictionOf(input)
  prediction.checkHorizon(periodLength)
  prediction.checkHorizon(periodLength * periods)

  // Purchases of period k are E(k) - E(k-1); summed by parts, every expectation gets one positive weight.
  const discounts = Float64Array.from({ length: periods }, (_, k) => (1 + discountRate) ** -(k + 1))
  const weights = discounts.map((discount, k) => discount - (discounts[k + 1] ?? 0))
  const value = weighByAlive(prediction, input.params, summary, (expectedBy) => {
    let purchases = 0
    for (let k = 0; k < periods; k++) purchases += weights[k]! * expectedBy((k + 1) * periodLength)
    return purchases
  })
  const spend = expectedSpend(input.spend, summary)
  for (let row = 0; row < value.length; row++) value[row]! *= margin * spend[row]!
  return value
}

function expectedSpend(spend: LifetimeValueOptions['spend'], summary: CustomerSummary): Float64Array {
  if (!(spend instanceof Float64Array)) {
    return gammaGammaExpectedValue('params' in spend ? spend.params : spend, summary)
  }
  requireNumbers('spend', spend, summary.frequency.length, 'frequency')
  return spend
}
