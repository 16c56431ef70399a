import { type GrowthMatrix, type GrowthStrategy, growthMatrix } from '../../scoring/index.js'
import type { PurchaseColumns } from './purchase-columns.js'
import { quarterWeeks } from './quarter.js'

/** From where the sales of the last quarter came, in all and by customer (Ansoff 1957). */
export interface GrowthPositions {
  readonly cells: GrowthMatrix['cells']
  /** By row: the strategy of most of what the customer bought in the quarter; `undefined` where nothing was. */
  readonly strategy: readonly (GrowthStrategy | undefined)[]
  /** By row, in whole units of the currency: what the customer bought in the quarter, and what of it had an item new to the shop. */
  readonly bought: Float64Array
  readonly boughtNew: Float64Array
  /** By row: weeks since the first purchase. */
  readonly age: Float64Array
}

const weekMs = 7 * 86_400_000

/**
 * Puts every purchase of the last quarter in its place: the market is new where the customer first bought in the quarter, the product
 * where the purchase has an item that nobody bought before it. Without items, every product is known. `undefined` where the log does
 * not reach back a quarter: everything would be new.
 */
export function growthPositions(
  purchases: PurchaseColumns,
  customer: Uint32Array,
  age: Float64Array,
  asOfMs: number,
): GrowthPositions | undefined {
  const start = asOfMs - quarterWeeks * weekMs
  const { at, amount } = purchases
  if (!at.some((time) => time <= start)) return undefined
  const isNew = newItems(purchases, start)
  const rowOf = new Map(Array.from(customer, (number, row) => [number, row]))
  const lines: number[] = []
  for (let line = 0; line < at.length; line++) {
    if (at[line]! > start && rowOf.has(purchases.customer[line]!)) lines.push(line)
  }
  const newMarket = lines.map((line) => age[rowOf.get(purchases.customer[line]!)!]! < quarterWeeks)
  const newProduct = lines.map((line) =>
    purchases.item
      .subarray(purchases.itemStart[line]!, purchases.itemStart[line + 1]!)
      .some((item) => isNew[item] === 1),
  )
  const matrix = growthMatrix({ value: Float64Array.from(lines, (line) => amount[line]!), newMarket, newProduct })

  const bought = new Float64Array(customer.length)
  const boughtNew = new Float64Array(customer.length)
  const seen = new Uint8Array(customer.length)
  for (const [index, line] of lines.entries()) {
    const row = rowOf.get(purchases.customer[line]!)!
    seen[row] = 1
    bought[row]! += amount[line]!
    if (newProduct[index]) boughtNew[row]! += amount[line]!
  }
  const strategy = Array.from(seen, (some, row) =>
    some === 0 ? undefined : strategyOf(age[row]! < quarterWeeks, boughtNew[row]! * 2 > bought[row]!),
  )
  return { cells: matrix.cells, strategy, bought, boughtNew, age }
}

/** Items of which nothing was bought up to the start. */
function newItems({ at, item, itemStart }: PurchaseColumns, start: number): Uint8Array {
  const isNew = new Uint8Array(item.reduce((most, one) => Math.max(most, one + 1), 0)).fill(1)
  for (let line = 0; line < at.length; line++) {
    if (at[line]! > start) continue
    for (let i = itemStart[line]!; i < itemStart[line + 1]!; i++) isNew[item[i]!] = 0
  }
  return isNew
}

function strategyOf(newMarket: boolean, newProduct: boolean): GrowthStrategy {
  if (newMarket) return newProduct ? 'diversification' : 'market_development'
  return newProduct ? 'product_development' : 'market_penetration'
}
