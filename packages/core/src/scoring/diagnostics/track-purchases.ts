import { type FittedPurchaseModel, predictionOf } from '../fitted-purchase-model.js'
import { LARGEST_NUMBER, requireNumbers } from '../number-column.js'
import { expectedOfNewCustomer } from '../purchases/purchase-prediction.js'
import { type CustomerSummary, checkCustomerSummary } from '../summary/customer-summary.js'

export interface TrackingInput {
  fit: FittedPurchaseModel
  /** The calibration that the model was fitted to; ages tell when each customer came. */
  summary: CustomerSummary
  /**
   * Times of all repeat purchases of these customers, in any order, in the unit of the summary, measured from the first
   * purchase of the earliest customer: calibration ends at the largest age.
   */
  repeatTimes: Float64Array
  /** Length of a period in the unit of the summary. */
  periodLength: number
  /** Periods to track; default: up to the last repeat purchase, at least to the end of calibration. */
  periods?: number
}

/** Columns with one row per period. */
export interface PurchaseTracking {
  /** End of the period on the clock of `repeatTimes`. */
  end: Float64Array
  /** Whether the period lies wholly inside the calibration. */
  calibration: boolean[]
  actual: Float64Array
  expected: Float64Array
  cumulativeActual: Float64Array
  cumulativeExpected: Float64Array
}

const MOST_PERIODS = 10_000

/**
 * The tracking plot as columns: repeat purchases of the cohort per period and in sum, beside what the model expects of
 * customers who came when these came (Fader, Hardie & Lee 2005, figures 2 and 3). The part after the calibration is a
 * forecast. Throws ScoringInputError for a time that is not finite and not negative, TypeError for impossible options.
 */
export function trackPurchases({ fit, summary, repeatTimes, periodLength, periods }: TrackingInput): PurchaseTracking {
  checkCustomerSummary(summary)
  if (!(periodLength > 0 && periodLength <= LARGEST_NUMBER))
    throw new TypeError('periodLength must be a finite time above 0')
  requireNumbers('repeatTimes', repeatTimes, repeatTimes.length, 'repeatTimes', 0)
  const { age, weight } = summary
  const calibrationEnd = age.reduce((longest, T) => Math.max(longest, T), 0)
  const lastTime = repeatTimes.reduce((last, time) => Math.max(last, time), calibrationEnd)
  const n = periods ?? Math.max(1, Math.ceil(lastTime / periodLength - 1e-9))
  if (!(Number.isInteger(n) && n >= 1 && n <= MOST_PERIODS)) {
    throw new TypeError(`periods must be a whole number from 1 to ${MOST_PERIODS}`)
  }

  const customersOfAge = new Map<number, number>()
  age.forEach((T, i) => {
    customersOfAge.set(T, (customersOfAge.get(T) ?? 0) + (weight ? weight[i]! : 1))
  })
  const end = Float64Array.from({ length: n }, (_, period) => (period + 1) * periodLength)
  const cumulativeExpected = new Float64Array(n)
  for (const [T, customers] of customersOfAge) {
    const known = end.map((time) => Math.max(0, time - (calibrationEnd - T)))
    expectedOfNewCustomer(predictionOf(fit), fit.params, known).forEach((value, period) => {
      cumulativeExpected[period]! += customers * value
    })
  }
  const actual = new Float64Array(n)
  for (const time of repeatTimes) {
    const period = Math.max(0, Math.ceil(time / periodLength - 1e-9) - 1)
    if (period < n) actual[period]! += 1
  }
  let sum = 0
  return {
    end,
    calibration: Array.from(end, (time) => time <= calibrationEnd + 1e-9 * periodLength),
    actual,
    expected: cumulativeExpected.map((value, period) => value - (cumulativeExpected[period - 1] ?? 0)),
    cumulativeActual: actual.map((count) => {
      sum += count
      return sum
    }),
    cumulativeExpected,
  }
}
