import { ScoringInputError } from '../scoring-input-error.js'

/** What was bought together: one order, or all a customer owns. An item named twice counts once. */
export type Basket = readonly string[]

/** Baskets as numbers: item 0 is in most baskets, and each basket lists its items from the commonest to the rarest. */
export interface EncodedBaskets {
  items: string[]
  counts: number[]
  rows: number[][]
}

/** Numbers the items; ties go by name, so that the result does not depend on the order of the baskets. */
export function encodeBaskets(baskets: readonly Basket[]): EncodedBaskets {
  const codes = new Map<string, number>()
  const names: string[] = []
  const counts: number[] = []
  const lastRow: number[] = []
  const sets = baskets.map((basket, row) => {
    if (!Array.isArray(basket)) {
      throw new ScoringInputError({ column: 'baskets', row }, 'not a list of items', 'Give an array of item ids')
    }
    const set: number[] = []
    for (const item of basket as Basket) {
      let code = codes.get(item)
      if (code === undefined) {
        if (typeof item !== 'string') {
          throw new ScoringInputError({ column: 'baskets', row }, 'an item is not a string', 'Give item ids as strings')
        }
        code = names.push(item) - 1
        codes.set(item, code)
        counts.push(0)
        lastRow.push(-1)
      }
      if (lastRow[code] === row) continue
      lastRow[code] = row
      counts[code]! += 1
      set.push(code)
    }
    return set
  })
  const order = names.map((_, code) => code)
  order.sort((one, other) => counts[other]! - counts[one]! || (names[one]! < names[other]! ? -1 : 1))
  const rank = new Uint32Array(order.length)
  order.forEach((code, i) => {
    rank[code] = i
  })
  return {
    items: order.map((code) => names[code]!),
    counts: order.map((code) => counts[code]!),
    rows: sets.map((set) => set.map((code) => rank[code]!).sort((one, other) => one - other)),
  }
}

/** The smallest count that is a share of n; a product such as 0.28 * 25 = 7.000000000000001 means 7. */
export function leastCount(share: number, n: number): number {
  return Math.max(1, Math.ceil(share * n * (1 - 1e-9)))
}
