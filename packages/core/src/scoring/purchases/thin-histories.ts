import type { PurchaseHistories } from './purchase-histories.js'

/** Every `stride`-th distinct history: enough to find where the search over all of them should begin. */
export function thinHistories(histories: PurchaseHistories, stride: number): PurchaseHistories {
  const rows: number[] = []
  const counts: number[] = []
  const customersOfCount: number[] = []
  const blockStart: number[] = [0]
  let purchases = 0
  for (let block = 0; block < histories.counts.length; block++) {
    let customers = 0
    for (let row = histories.blockStart[block]!; row < histories.blockStart[block + 1]!; row++) {
      if (row % stride !== 0) continue
      rows.push(row)
      customers += histories.weight[row]!
    }
    if (customers === 0) continue
    counts.push(histories.counts[block]!)
    customersOfCount.push(customers)
    blockStart.push(rows.length)
    purchases += customers * histories.counts[block]!
  }
  return {
    ...histories,
    counts: Float64Array.from(counts),
    blockStart: Int32Array.from(blockStart),
    customersOfCount: Float64Array.from(customersOfCount),
    weight: Float64Array.from(rows, (row) => histories.weight[row]!),
    recencyIndex: Int32Array.from(rows, (row) => histories.recencyIndex[row]!),
    ageIndex: Int32Array.from(rows, (row) => histories.ageIndex[row]!),
    customers: customersOfCount.reduce((sum, value) => sum + value, 0),
    purchases,
  }
}
