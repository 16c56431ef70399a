import type { FittedPurchaseModel } from '../fitted-purchase-model.js'
import { type CustomerSummary, checkCustomerSummary } from '../summary/customer-summary.js'
import { purchaseCountDistribution } from './purchase-count-distribution.js'

/** Columns: how many customers made so many repeat purchases, and how many the model expects. */
export interface FrequencyHistogram {
  /** 0, 1, …; the last bin also holds everybody with more. */
  purchases: Float64Array
  observed: Float64Array
  expected: Float64Array
}

/**
 * Sets the observed numbers of customers by repeat purchases beside those that the model expects of customers observed
 * as long (Fader, Hardie & Lee 2007, note 014). `largest` (default 7) is the last bin, with everything above it; the
 * expectation is a sum over customers of P(X(T) = n), computed once per distinct T.
 */
export function frequencyHistogram(
  fit: FittedPurchaseModel,
  summary: CustomerSummary,
  largest = 7,
): FrequencyHistogram {
  checkCustomerSummary(summary)
  if (!(Number.isInteger(largest) && largest >= 1 && largest <= 10_000)) {
    throw new TypeError('largest must be a whole number from 1 to 10000')
  }
  const { frequency, age, weight } = summary
  const observed = new Float64Array(largest + 1)
  const customersOfAge = new Map<number, number>()
  for (let row = 0; row < frequency.length; row++) {
    const w = weight ? weight[row]! : 1
    observed[Math.min(frequency[row]!, largest)]! += w
    customersOfAge.set(age[row]!, (customersOfAge.get(age[row]!) ?? 0) + w)
  }
  const expected = new Float64Array(largest + 1)
  for (const [t, customers] of customersOfAge) {
    const chances = purchaseCountDistribution(fit, t, largest - 1)
    let more = customers
    chances.forEach((chance, n) => {
      expected[n]! += customers * chance
      more -= customers * chance
    })
    expected[largest]! += Math.max(more, 0)
  }
  return { purchases: Float64Array.from(observed.keys()), observed, expected }
}
