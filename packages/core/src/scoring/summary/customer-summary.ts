import { LARGEST_NUMBER, requireNumbers, requireRows } from '../number-column.js'
import { ScoringInputError } from '../scoring-input-error.js'

/**
 * What the purchase models need to know of each customer, as columns of equal length. Time is in one unit of the
 * caller's choice (days, weeks, months); every prediction speaks the same unit. Attention: `recency` is the age *at*
 * the last purchase, as in the purchase-model literature, not the time since it, as in RFM.
 */
export interface CustomerSummary {
  customerIds?: readonly string[]
  /** x: repeat purchases, that is days with a purchase after the first one; whole numbers from 0. */
  frequency: Float64Array
  /** t_x: time from the first to the last purchase; 0 where x = 0. */
  recency: Float64Array
  /** T: time from the first purchase to the end of observation; at least t_x. */
  age: Float64Array
  /** Mean spend per repeat purchase; 0 where x = 0. */
  monetaryValue?: Float64Array
  /** How many customers a row stands for; 1 where left out. */
  weight?: Float64Array
}

/** Throws {@link ScoringInputError} at the first row that no customer can have. */
export function checkCustomerSummary({ customerIds, frequency, recency, age, weight }: CustomerSummary): void {
  const n = frequency.length
  for (const [name, column] of Object.entries({ recency, age, customerIds })) {
    if (column) requireRows(name, column, n, 'frequency')
  }
  for (let row = 0; row < n; row++) {
    const x = frequency[row]!
    const t = recency[row]!
    const T = age[row]!
    const isCount = x >= 0 && x <= Number.MAX_SAFE_INTEGER && x === Math.floor(x)
    if (isCount && t >= 0 && t <= T && T <= LARGEST_NUMBER && (x > 0 || t === 0)) continue
    for (const [name, column] of Object.entries({ frequency, recency, age })) {
      requireNumbers(name, column, n, 'frequency', 0)
    }
    throw new ScoringInputError(
      { column: isCount ? 'recency' : 'frequency', row },
      isCount
        ? `the last purchase lies beyond ${x > 0 ? 'the age' : 'the first one, the only one,'} of the customer`
        : 'the number of repeat purchases is not a whole number',
      'Count days with a purchase after the first one, and measure times from the first purchase, in one unit',
    )
  }
  if (weight) requireNumbers('weight', weight, n, 'frequency', 0)
}

/** Throws {@link ScoringInputError} unless monetaryValue is present, finite, and 0 or more in every row. */
export function requireMonetaryValue({ monetaryValue, frequency }: CustomerSummary): Float64Array {
  if (!monetaryValue) {
    throw new ScoringInputError(
      { column: 'monetaryValue' },
      'the column is missing',
      'Give the mean spend per repeat purchase of each customer, 0 where there is none',
    )
  }
  requireNumbers('monetaryValue', monetaryValue, frequency.length, 'frequency', 0)
  return monetaryValue
}
