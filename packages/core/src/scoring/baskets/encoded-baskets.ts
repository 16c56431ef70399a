import { ScoringInputError } from '../scoring-input-error.js'

/** What was bought together: one order, or all a customer owns. An item named twice counts once. */
export type Basket = readonly string[]

/** Baskets as numbers: item 0 is in most baskets, and each basket lists its items from the commonest to the rarest. */
export interface EncodedBaskets {
  items: string[]
  /** Per item the rows of its baskets, ascending. */
  holders: number[][]
  rows: number[][]
}

/** Numbers the items; ties go by name, so that the result does not depend on the order of the baskets. */
export function encodeBaskets(baskets: readonly Basket[]): EncodedBaskets {
  const rowsOf = new Map<string, number[]>()
  baskets.forEach((basket, row) => {
    if (!Array.isArray(basket)) {
      throw new ScoringInputError({ column: 'baskets', row }, 'not a list of items', 'Give an array of item ids')
    }
    for (const item of basket as Basket) {
      const held = rowsOf.get(item)
      if (held) {
        if (held[held.length - 1] !== row) held.push(row)
        continue
      }
      if (typeof item !== 'string') {
        throw new ScoringInputError({ column: 'baskets', row }, 'an item is not a string', 'Give item ids as strings')
      }
      rowsOf.set(item, [row])
    }
  })
  const order = [...rowsOf].sort(([a, one], [b, other]) => other.length - one.length || (a < b ? -1 : 1))
  const holders = order.map(([, held]) => held)
  const rows = baskets.map((): number[] => [])
  holders.forEach((held, item) => {
    for (const row of held) rows[row]!.push(item)
  })
  return { items: order.map(([item]) => item), holders, rows }
}

/** The smallest count that is a share of n; a product such as 0.28 * 25 = 7.000000000000001 means 7. */
export function leastCount(share: number, n: number): number {
  return Math.max(1, Math.ceil(share * n * (1 - 1e-9)))
}
