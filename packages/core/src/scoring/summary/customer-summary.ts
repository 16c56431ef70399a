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
export function checkCustomerSummary(summary: CustomerSummary): void {
  const { frequency, recency, age } = summary
  const n = frequency.length
  checkLength('recency', recency, n)
  checkLength('age', age, n)
  for (let row = 0; row < n; row++) {
    const x = frequency[row]!
    const t = recency[row]!
    const T = age[row]!
    if (
      x >= 0 &&
      x <= Number.MAX_SAFE_INTEGER &&
      x === Math.floor(x) &&
      t >= 0 &&
      t <= T &&
      T < Infinity &&
      (x > 0 || t === 0)
    )
      continue
    refuseRow(row, x, t, T)
  }
  if (summary.weight) checkWeights(summary.weight, n)
  if (summary.customerIds) checkLength('customerIds', summary.customerIds, n)
}

/** Throws {@link ScoringInputError} unless monetaryValue is present, finite, and 0 or more in every row. */
export function requireMonetaryValue(summary: CustomerSummary): Float64Array {
  const { monetaryValue, frequency } = summary
  if (!monetaryValue) {
    throw new ScoringInputError(
      { column: 'monetaryValue' },
      'the column is missing',
      'Give the mean spend per repeat purchase of each customer, 0 where there is none',
    )
  }
  checkLength('monetaryValue', monetaryValue, frequency.length)
  for (let row = 0; row < monetaryValue.length; row++) {
    const m = monetaryValue[row]!
    if (!(m >= 0 && m < Infinity)) {
      throw new ScoringInputError(
        { column: 'monetaryValue', row },
        m < 0 ? 'the mean spend is negative' : 'the mean spend is not a finite number',
        'Leave out refunds and give the mean spend per repeat purchase',
      )
    }
  }
  return monetaryValue
}

function checkLength(column: string, values: { readonly length: number }, n: number): void {
  if (values.length === n) return
  throw new ScoringInputError(
    { column },
    `the column has ${values.length} rows where frequency has ${n}`,
    'Give all columns the same length',
  )
}

function checkWeights(weight: Float64Array, n: number): void {
  checkLength('weight', weight, n)
  for (let row = 0; row < n; row++) {
    if (weight[row]! >= 0 && weight[row]! < Infinity) continue
    throw new ScoringInputError(
      { column: 'weight', row },
      'the weight is not a finite number from 0',
      'Give the number of customers that the row stands for',
    )
  }
}

function refuseRow(row: number, x: number, t: number, T: number): never {
  if (!(x >= 0 && x <= Number.MAX_SAFE_INTEGER && x === Math.floor(x))) {
    throw new ScoringInputError(
      { column: 'frequency', row },
      'the number of repeat purchases is not a whole number from 0',
      'Count the days with a purchase after the first one',
    )
  }
  if (!(T >= 0 && T < Infinity)) {
    throw new ScoringInputError(
      { column: 'age', row },
      'the age is not a finite number from 0',
      'Measure from the first purchase to the end of observation',
    )
  }
  if (!(t >= 0 && t < Infinity)) {
    throw new ScoringInputError(
      { column: 'recency', row },
      'the recency is not a finite number from 0',
      'Measure from the first to the last purchase',
    )
  }
  if (t > T) {
    throw new ScoringInputError(
      { column: 'recency', row },
      'the last purchase lies beyond the age of the customer',
      'Measure recency and age in the same unit and to the same end of observation',
    )
  }
  throw new ScoringInputError(
    { column: 'recency', row },
    'a customer without a repeat purchase has a recency above 0',
    'Give 0: recency is the time from the first to the last purchase, not the time since the last one',
  )
}
