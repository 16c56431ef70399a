import { LARGEST_NUMBER } from '../number-column.js'
import { groupRows } from '../numerics/row-groups.js'
import { ScoringInputError } from '../scoring-input-error.js'
import type { CustomerSummary } from '../summary/customer-summary.js'

/** What a fitted model says of single customers. */
export interface PurchasePrediction<Params> {
  /** P(alive) of each customer; checks parameters and rows. */
  probabilityAlive(params: Params, summary: CustomerSummary): Float64Array
  /** Purchases that a customer with x repeat purchases in T, alive now, is expected to make within a horizon. */
  expectedWhileAlive(params: Params, x: number, age: number): (horizon: number) => number
  /** Throws for a future that the model cannot look into. */
  checkHorizon(horizon: number): void
}

/**
 * P(alive) of each customer times a quantity that depends on what is left to know of a living one, x and T: computed
 * once per distinct (x, T), of which a customer base has far fewer than customers.
 */
export function weighByAlive<Params>(
  { probabilityAlive, expectedWhileAlive }: PurchasePrediction<Params>,
  params: Params,
  summary: CustomerSummary,
  quantity: (expectedWithin: (horizon: number) => number, x: number, age: number) => number,
): Float64Array {
  const alive = probabilityAlive(params, summary)
  const { frequency, age } = summary
  const { groupOfRow, firstRow } = groupRows([frequency, age])
  const values = Float64Array.from(firstRow, (row) => {
    const x = frequency[row]!
    return quantity(expectedWhileAlive(params, x, age[row]!), x, age[row]!)
  })
  for (let row = 0; row < alive.length; row++) alive[row]! *= values[groupOfRow[row]!]!
  return alive
}

/** Expected purchases in (T, T + horizon], one value per row. */
export function expectedPurchasesOf<Params>(
  prediction: PurchasePrediction<Params>,
  params: Params,
  summary: CustomerSummary,
  horizon: number,
): Float64Array {
  prediction.checkHorizon(horizon)
  return weighByAlive(prediction, params, summary, (expectedWithin) => expectedWithin(horizon))
}

/** Expected purchases of somebody who buys for the first time now, the first purchase not counted. */
export function expectedOfNewCustomer<Params, Times extends number | Float64Array>(
  { probabilityAlive, expectedWhileAlive, checkHorizon }: PurchasePrediction<Params>,
  params: Params,
  t: Times,
): Times
export function expectedOfNewCustomer<Params>(
  { probabilityAlive, expectedWhileAlive, checkHorizon }: PurchasePrediction<Params>,
  params: Params,
  t: number | Float64Array,
): number | Float64Array {
  const start = Float64Array.of(0)
  const [alive] = probabilityAlive(params, { frequency: start, recency: start, age: start })
  const expectedWithin = expectedWhileAlive(params, 0, 0)
  const expected = (horizon: number): number => {
    checkHorizon(horizon)
    return alive! * expectedWithin(horizon)
  }
  return typeof t === 'number' ? expected(t) : t.map(expected)
}

/** Throws {@link ScoringInputError} unless the horizon is a finite time from 0. */
export function checkHorizon(horizon: number): void {
  if (horizon >= 0 && horizon <= LARGEST_NUMBER) return
  throw new ScoringInputError(
    { column: 'horizon' },
    'the horizon is not a finite time from 0',
    'Give the length of the future in the time unit of the summary',
  )
}
