import { expectedPurchases, type FittedPurchaseModel } from '../fitted-purchase-model.js'
import { requireNumbers } from '../number-column.js'
import type { CustomerSummary } from '../summary/customer-summary.js'

/** One row per number of repeat purchases in the calibration; means are per customer. */
export interface HoldoutByFrequency {
  /** 0, 1, …; the last row also holds everybody with more. */
  purchases: Float64Array
  customers: Float64Array
  /** Mean purchases in the holdout; 0 where there are no customers, as are the other means. */
  actual: Float64Array
  expected: Float64Array
  /** Mean over customers of |expected - actual|: how far off the single prediction is. */
  absoluteError: Float64Array
}

export interface HoldoutOfFit {
  fit: FittedPurchaseModel
  /** The calibration that the model was fitted to. */
  summary: CustomerSummary
  /** What followed, as `summarizeTransactions` counts it: purchases per customer, and the time they had. */
  holdout: { frequency: Float64Array; duration: number }
  /** Last row, with everything above it; default 7. */
  largest?: number
}

/**
 * Conditional expectations by past frequency: purchases in the holdout beside what the model expected of customers with
 * the same number of repeat purchases in the calibration (the figure of Fader, Hardie & Lee 2005 by which models are
 * judged). Throws ScoringInputError where the holdout does not belong to the summary.
 */
export function holdoutByFrequency({ fit, summary, holdout, largest = 7 }: HoldoutOfFit): HoldoutByFrequency {
  if (!(Number.isInteger(largest) && largest >= 0 && largest <= 10_000)) {
    throw new TypeError('largest must be a whole number from 0 to 10000')
  }
  const { frequency, weight } = summary
  requireNumbers('holdout', holdout.frequency, frequency.length, 'frequency', 0)
  const predicted = expectedPurchases(fit, summary, holdout.duration)
  const customers = new Float64Array(largest + 1)
  const actual = new Float64Array(largest + 1)
  const expected = new Float64Array(largest + 1)
  const absoluteError = new Float64Array(largest + 1)
  for (let row = 0; row < frequency.length; row++) {
    const bin = Math.min(frequency[row]!, largest)
    const w = weight ? weight[row]! : 1
    customers[bin]! += w
    actual[bin]! += w * holdout.frequency[row]!
    expected[bin]! += w * predicted[row]!
    absoluteError[bin]! += w * Math.abs(predicted[row]! - holdout.frequency[row]!)
  }
  for (let bin = 0; bin <= largest; bin++) {
    if (customers[bin] === 0) continue
    for (const column of [actual, expected, absoluteError]) column[bin]! /= customers[bin]!
  }
  return { purchases: Float64Array.from(customers.keys()), customers, actual, expected, absoluteError }
}
