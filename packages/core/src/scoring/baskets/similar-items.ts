import { requireWhole } from '../option-bounds.js'
import { ScoringInputError } from '../scoring-input-error.js'
import { type Basket, encodeBaskets } from './encoded-baskets.js'

/** Pairs of items to look at before an input is refused: some seconds of work. */
const MOST_PAIRS = 1e9

export interface SimilarItemsOptions {
  /**
   * With c baskets of both, a and b of each, n of all: `cosine` c / sqrt(a b), `jaccard` c / (a + b - c), both 0 to 1;
   * `lift` c n / (a b), 1 being chance.
   */
  measure: 'cosine' | 'jaccard' | 'lift'
  /** Multiplies by c / (c + shrinkage), so that few baskets prove little; default 0. */
  shrinkage?: number
  /** Neighbours kept per item; ties go to the item in more baskets, then by name. Default 20. */
  top?: number
}

export interface SimilarItem {
  item: string
  similarity: number
  /** Baskets with both. */
  count: number
}

/**
 * The items most often found with each item, best first (item-to-item: Sarwar et al., WWW 2001; Linden, Smith & York 2003;
 * shrinkage after Bell & Koren 2007). Baskets may be orders or all a customer owns. Items that share no basket are not
 * similar. Throws ScoringInputError for baskets that are not lists of strings or hold more than 1e9 pairs in all.
 */
export function similarItems(baskets: readonly Basket[], options: SimilarItemsOptions): Map<string, SimilarItem[]> {
  const { measure, shrinkage = 0, top = 20 } = options
  if (!(['cosine', 'jaccard', 'lift'] as string[]).includes(measure)) throw new TypeError(`Unknown measure`)
  if (!(shrinkage >= 0 && shrinkage < Infinity)) throw new TypeError('shrinkage must be a finite number from 0')
  requireWhole('top', top, 1)
  const { items, holders, rows } = encodeBaskets(baskets)
  let pairs = 0
  rows.forEach((row, r) => {
    pairs += row.length ** 2
    if (pairs > MOST_PAIRS) {
      throw new ScoringInputError(
        { column: 'baskets', row: r },
        'the baskets hold more than 1e9 pairs of items',
        'Leave out the largest baskets, which tell least',
      )
    }
  })
  const n = baskets.length
  const together = new Uint32Array(items.length)
  const met = new Uint32Array(items.length)
  const result = new Map<string, SimilarItem[]>()
  items.forEach((name, one) => {
    let seen = 0
    for (const r of holders[one]!) {
      for (const other of rows[r]!) if (together[other]!++ === 0) met[seen++] = other
    }
    if (holders[one]!.length > 1) met.subarray(0, seen).sort()
    // Rows of one item can be as many as there are items: only the best are ever kept, and made objects.
    const best: { other: number; similarity: number; count: number }[] = []
    const a = holders[one]!.length
    for (let m = 0; m < seen; m++) {
      const other = met[m]!
      const count = together[other]!
      together[other] = 0
      if (other === one) continue
      const b = holders[other]!.length
      const raw =
        measure === 'cosine'
          ? count / Math.sqrt(a * b)
          : measure === 'jaccard'
            ? count / (a + b - count)
            : (count * n) / (a * b)
      const similarity = (raw * count) / (count + shrinkage)
      if (best.length === top && similarity <= best[top - 1]!.similarity) continue
      let at = best.length === top ? top - 1 : best.length
      for (; at > 0 && best[at - 1]!.similarity < similarity; at--) best[at] = best[at - 1]!
      best[at] = { other, similarity, count }
    }
    result.set(
      name,
      best.map(({ other, similarity, count }) => ({ item: items[other]!, similarity, count })),
    )
  })
  return result
}
