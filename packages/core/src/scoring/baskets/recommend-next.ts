import type { ScoreReason } from '../score-reason.js'
import type { SimilarItem } from './similar-items.js'

/** What `similarItems` gives; any other source of neighbours does too. */
export type ItemNeighbours = ReadonlyMap<string, readonly SimilarItem[]>

export interface Recommendation {
  item: string
  /** Sum of the similarities to what is owned; only its order means something. */
  score: number
  /** The strongest link first, three at most. */
  reasons: ScoreReason[]
}

export interface CatalogueItem {
  category: string
  /** In one currency for all items. */
  price: number
}

interface ListOptions {
  /** Length of the list; default 5. */
  top?: number
}

/**
 * What the owner of these items may want next: items similar to what is owned and not owned themselves, by the sum of their
 * similarities (Linden, Smith & York 2003). With a customer's whole history as `owned`, nothing is recommended twice.
 * Nothing known about the items gives an empty list.
 */
export function recommendNext(
  owned: readonly string[],
  neighbours: ItemNeighbours,
  options: ListOptions & { where?: (item: string) => boolean } = {},
): Recommendation[] {
  const { top = 5, where = () => true } = options
  const has = new Set(owned)
  const links = new Map<string, (SimilarItem & { owned: string })[]>()
  for (const item of has) {
    for (const near of neighbours.get(item) ?? []) {
      if (has.has(near.item) || !where(near.item)) continue
      const list = links.get(near.item) ?? []
      if (list.push({ ...near, owned: item }) === 1) links.set(near.item, list)
    }
  }
  return [...links]
    .map(([item, from]): Recommendation => {
      from.sort((one, other) => other.similarity - one.similarity || (one.owned < other.owned ? -1 : 1))
      return {
        item,
        score: from.reduce((sum, { similarity }) => sum + similarity, 0),
        reasons: from.slice(0, 3).map(({ owned, count, similarity }) => ({
          what: 'bought_together',
          effect: 'raises',
          evidence: { owned, count, similarity },
        })),
      }
    })
    .sort((one, other) => other.score - one.score || (one.item < other.item ? -1 : 1))
    .slice(0, top)
}

/** Recommendations from categories of which the customer has nothing yet. Items outside the catalogue are left out. */
export function crossSellList(
  owned: readonly string[],
  neighbours: ItemNeighbours,
  catalogue: ReadonlyMap<string, CatalogueItem>,
  options: ListOptions = {},
): Recommendation[] {
  const has = new Set(owned.map((item) => catalogue.get(item)?.category))
  const where = (item: string) => catalogue.has(item) && !has.has(catalogue.get(item)!.category)
  return recommendNext(owned, neighbours, { ...options, where })
}

/**
 * Dearer items of the categories the customer has: above the dearest owned, and at most `maxPriceRatio` (default 2) times
 * its price. Those known to be bought by owners come first, by similarity, then the nearest in price, with score 0.
 */
export function upSellList(
  owned: readonly string[],
  neighbours: ItemNeighbours,
  catalogue: ReadonlyMap<string, CatalogueItem>,
  options: ListOptions & { maxPriceRatio?: number } = {},
): Recommendation[] {
  const { top = 5, maxPriceRatio = 2 } = options
  const dearest = new Map<string, { item: string; price: number }>()
  for (const item of owned) {
    const entry = catalogue.get(item)
    if (!entry || entry.price <= (dearest.get(entry.category)?.price ?? -Infinity)) continue
    dearest.set(entry.category, { item, price: entry.price })
  }
  const candidates = [...catalogue].flatMap(([item, { category, price }]) => {
    const from = dearest.get(category)
    if (!from || !(price > from.price && price <= from.price * maxPriceRatio)) return []
    const evidence = { owned: from.item, ownedPrice: from.price, price }
    return [
      { item, ratio: price / from.price, why: { what: 'dearer_in_category', effect: 'raises', evidence } as const },
    ]
  })
  const wanted = new Set(candidates.map(({ item }) => item))
  const known = new Map(
    recommendNext(owned, neighbours, { top: Infinity, where: (item) => wanted.has(item) }).map((one) => [
      one.item,
      one,
    ]),
  )
  return candidates
    .map(({ item, ratio, why }) => {
      const { score = 0, reasons = [] } = known.get(item) ?? {}
      return { ratio, recommendation: { item, score, reasons: [why, ...reasons] } }
    })
    .sort(
      ({ ratio, recommendation: a }, { ratio: other, recommendation: b }) =>
        b.score - a.score || ratio - other || (a.item < b.item ? -1 : 1),
    )
    .slice(0, top)
    .map(({ recommendation }) => recommendation)
}
