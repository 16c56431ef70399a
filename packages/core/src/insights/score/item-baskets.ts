import { type ItemNeighbours, similarItems } from '../../scoring/index.js'
import type { PurchaseColumns } from './purchase-columns.js'

/** What each customer has, and which items go together; items by their numbers. */
export interface ItemBaskets {
  /** Row i has the items from `start[i]` up to `start[i + 1]` of `item`, each once, the newest last. */
  readonly start: Uint32Array
  readonly item: Uint32Array
  /** By the number of an item as text. */
  readonly neighbours: ItemNeighbours
}

/** Of the largest baskets the newest items count: what somebody buys for a company tells little about taste. */
const mostItems = 200
/** Pairs of items to count: a second or two. Where there are more, every second, third … customer speaks for all. */
const mostPairs = 5e7
/** With fewer customers in common, a pair counts for less. */
const shrinkage = 5
const neighboursPerItem = 20

/**
 * The items of each customer, and those most often found with each item among all a customer has (cosine, shrunk towards 0).
 * `undefined` where no order has items.
 */
export function itemBaskets(purchases: PurchaseColumns, customer: Uint32Array): ItemBaskets | undefined {
  if (purchases.item.length === 0) return undefined
  const rows = itemsByCustomer(purchases)
  const start = new Uint32Array(customer.length + 1)
  const all: number[] = []
  let pairs = 0
  for (let row = 0; row < customer.length; row++) {
    const items = rows.get(customer[row]!) ?? []
    pairs += items.length ** 2
    for (const item of items) all.push(item)
    start[row + 1] = all.length
  }
  const item = Uint32Array.from(all)
  const stride = Math.max(1, Math.ceil(pairs / mostPairs))
  const baskets: string[][] = []
  for (let row = 0; row < customer.length; row += stride) {
    baskets.push(Array.from(item.subarray(start[row], start[row + 1]), String))
  }
  return { start, item, neighbours: similarItems(baskets, { measure: 'cosine', shrinkage, top: neighboursPerItem }) }
}

function itemsByCustomer({ customer, item, itemStart }: PurchaseColumns): Map<number, number[]> {
  const rows = new Map<number, number[]>()
  for (let line = 0; line < customer.length; ) {
    const number = customer[line]!
    const items = new Set<number>()
    for (; line < customer.length && customer[line] === number; line++) {
      for (let i = itemStart[line]!; i < itemStart[line + 1]!; i++) {
        // Taken out and put in again: what was bought again is among the newest.
        items.delete(item[i]!)
        items.add(item[i]!)
      }
    }
    rows.set(number, [...items].slice(-mostItems))
  }
  return rows
}
