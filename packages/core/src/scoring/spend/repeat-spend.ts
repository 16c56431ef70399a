import { groupRows } from '../numerics/row-groups.js'
import type { CustomerSummary } from '../summary/customer-summary.js'

/** The customers with a repeat purchase and a positive mean spend, ordered by x. */
export interface RepeatSpend {
  /** Distinct values of x, ascending; rows of counts[i] are blockStart[i] .. blockStart[i + 1] - 1. */
  counts: Float64Array
  blockStart: Int32Array
  /** Per distinct x: customers, and the sum of ln m over them. */
  customersOfCount: Float64Array
  sumLogMean: Float64Array
  /** Per row: x m, the total repeat spend, and the customers the row stands for. */
  total: Float64Array
  weight: Float64Array
  customers: number
  /** Mean of m over customers. */
  meanSpend: number
  /** Customers with repeat purchases but nothing spent, who are left out. */
  withoutSpend: number
}

/** Orders a checked summary for the Gamma-Gamma likelihood. */
export function collectRepeatSpend(summary: CustomerSummary, monetaryValue: Float64Array): RepeatSpend {
  const { frequency, weight } = summary
  const { groupOfRow, firstRow } = groupRows([frequency])
  const distinct = Float64Array.from(firstRow, (row) => frequency[row]!)
  const order = Array.from(distinct.keys())
    .filter((group) => distinct[group]! > 0)
    .sort((one, other) => distinct[one]! - distinct[other]!)
  const rank = new Int32Array(distinct.length).fill(-1)
  for (let i = 0; i < order.length; i++) rank[order[i]!] = i

  const blockStart = new Int32Array(order.length + 1)
  let withoutSpend = 0
  for (let row = 0; row < frequency.length; row++) {
    const block = rank[groupOfRow[row]!]!
    const w = weight ? weight[row]! : 1
    if (block < 0 || w === 0) continue
    if (monetaryValue[row]! > 0) blockStart[block + 1]! += 1
    else withoutSpend += w
  }
  for (let i = 0; i < order.length; i++) blockStart[i + 1]! += blockStart[i]!

  const rows = blockStart[order.length]!
  const next = blockStart.slice()
  const spend: RepeatSpend = {
    counts: Float64Array.from(order, (group) => distinct[group]!),
    blockStart,
    customersOfCount: new Float64Array(order.length),
    sumLogMean: new Float64Array(order.length),
    total: new Float64Array(rows),
    weight: new Float64Array(rows),
    customers: 0,
    meanSpend: 0,
    withoutSpend,
  }
  for (let row = 0; row < frequency.length; row++) {
    const block = rank[groupOfRow[row]!]!
    const w = weight ? weight[row]! : 1
    const m = monetaryValue[row]!
    if (block < 0 || w === 0 || !(m > 0)) continue
    const target = next[block]!
    next[block] = target + 1
    spend.total[target] = frequency[row]! * m
    spend.weight[target] = w
    spend.customersOfCount[block]! += w
    spend.sumLogMean[block]! += w * Math.log(m)
    spend.customers += w
    spend.meanSpend += w * m
  }
  if (spend.customers > 0) spend.meanSpend /= spend.customers
  return spend
}
