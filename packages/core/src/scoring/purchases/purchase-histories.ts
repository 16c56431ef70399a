import { groupRows } from '../numerics/row-groups.js'
import { ScoringInputError } from '../scoring-input-error.js'
import type { CustomerSummary } from '../summary/customer-summary.js'

/**
 * The distinct purchase histories (x, t_x, T) of a customer base with the number of customers of each, ordered by x, so
 * that a likelihood pass needs special functions once per distinct x and logarithms once per distinct time.
 */
export interface PurchaseHistories {
  /** Distinct values of x, ascending. */
  counts: Float64Array
  /** Rows of counts[i] are blockStart[i] .. blockStart[i + 1] - 1. */
  blockStart: Int32Array
  /** Customers with counts[i] repeat purchases. */
  customersOfCount: Float64Array
  /** Per row: customers with this history, and where its t_x and T stand in the distinct times. */
  weight: Float64Array
  recencyIndex: Int32Array
  ageIndex: Int32Array
  recencies: Float64Array
  ages: Float64Array
  customers: number
  purchases: number
  longestAge: number
}

/** Groups a checked summary; throws {@link ScoringInputError} where no customer is left. */
export function groupPurchaseHistories(summary: CustomerSummary): PurchaseHistories {
  const { frequency, recency, age, weight } = summary
  const { groupOfRow, firstRow } = groupRows([frequency, recency, age])
  const groupWeight = new Float64Array(firstRow.length)
  for (let row = 0; row < groupOfRow.length; row++) groupWeight[groupOfRow[row]!]! += weight ? weight[row]! : 1

  const present: number[] = []
  for (let group = 0; group < firstRow.length; group++) if (groupWeight[group]! > 0) present.push(group)
  if (present.length === 0) {
    throw new ScoringInputError({ column: 'frequency' }, 'there is no customer to fit', 'Give at least one customer')
  }
  const x = Float64Array.from(present, (group) => frequency[firstRow[group]!]!)
  const t = Float64Array.from(present, (group) => recency[firstRow[group]!]!)
  const T = Float64Array.from(present, (group) => age[firstRow[group]!]!)
  const w = Float64Array.from(present, (group) => groupWeight[group]!)
  return orderByCount(x, t, T, w)
}

function orderByCount(x: Float64Array, t: Float64Array, T: Float64Array, w: Float64Array): PurchaseHistories {
  const n = x.length
  const distinctX = groupRows([x])
  const distinctT = groupRows([t])
  const distinctAge = groupRows([T])
  const unordered = Float64Array.from(distinctX.firstRow, (row) => x[row]!)
  const order = Array.from(unordered.keys()).sort((i, j) => unordered[i]! - unordered[j]!)
  const rank = new Int32Array(order.length)
  for (let i = 0; i < order.length; i++) rank[order[i]!] = i

  const blockStart = new Int32Array(order.length + 1)
  for (let row = 0; row < n; row++) blockStart[rank[distinctX.groupOfRow[row]!]! + 1]! += 1
  for (let i = 0; i < order.length; i++) blockStart[i + 1]! += blockStart[i]!

  const next = blockStart.slice()
  const histories: PurchaseHistories = {
    counts: Float64Array.from(order, (i) => unordered[i]!),
    blockStart,
    customersOfCount: new Float64Array(order.length),
    weight: new Float64Array(n),
    recencyIndex: new Int32Array(n),
    ageIndex: new Int32Array(n),
    recencies: Float64Array.from(distinctT.firstRow, (row) => t[row]!),
    ages: Float64Array.from(distinctAge.firstRow, (row) => T[row]!),
    customers: 0,
    purchases: 0,
    longestAge: 0,
  }
  for (let row = 0; row < n; row++) {
    const block = rank[distinctX.groupOfRow[row]!]!
    const target = next[block]!
    next[block] = target + 1
    histories.weight[target] = w[row]!
    histories.recencyIndex[target] = distinctT.groupOfRow[row]!
    histories.ageIndex[target] = distinctAge.groupOfRow[row]!
    histories.customersOfCount[block]! += w[row]!
    histories.customers += w[row]!
    histories.purchases += w[row]! * x[row]!
    histories.longestAge = Math.max(histories.longestAge, T[row]!)
  }
  return histories
}
