import { type OrderTerm, parseOrderTerm } from '../entity-def.js'
import type { Filter } from '../filter.js'
import type { Path, Row, Scalar } from '../row.js'
import type { MemoryCollection } from './memory-collection.js'
import type { OrderedIndex } from './ordered-index.js'
import { isEmptyRange, type QueryConditions, type Range } from './query-conditions.js'
import type { IndexKey, Position } from './sorted-index.js'

/** A stretch of an index. */
export interface Stretch {
  readonly start: Position
  readonly end: Position
}

/** One way to reach the rows of a query. `rest` are the conditions that still have to be evaluated. */
export type Access =
  | {
      readonly by: 'index'
      readonly index: OrderedIndex
      readonly stretches: readonly Stretch[]
      readonly count: number
      readonly rest: readonly Filter[]
      /** Values that every row of the result has at some paths. */
      readonly fixed: QueryConditions['equal']
      /** Present when walking the index this way gives the order of the query. */
      readonly walk?: 'forward' | 'backward'
    }
  | { readonly by: 'rows'; readonly rows: () => Row[]; readonly count: number; readonly rest: readonly Filter[] }

/**
 * Chooses how to read a query: the way with the least estimated work, counted in rows. The counts are exact, since an index can
 * say how many rows lie between two places; the estimate for a walk in order with conditions left assumes that rows which pass
 * lie evenly.
 */
export function planAccess(
  collection: MemoryCollection,
  conditions: QueryConditions,
  order: readonly OrderTerm[],
  limit: number,
): Access {
  const known = idAccess(collection, conditions)
  if (known) return known
  const accesses: Access[] = [...postingAccesses(collection, conditions)]
  for (const index of collection.ordered) {
    const access = indexAccess(index, conditions, order)
    if (access) accesses.push(access)
  }
  const fewest = Math.min(...accesses.map(({ count }) => count))
  const work = (access: Access): number => {
    if (access.by === 'rows' || !access.walk) return 2 * access.count
    return Math.min(access.count, access.rest.length === 0 ? limit : (limit * access.count) / Math.max(1, fewest))
  }
  return accesses.reduce((best, access) => (work(access) < work(best) ? access : best))
}

/** Rows of known ids are looked up: nothing is faster. */
function idAccess(collection: MemoryCollection, conditions: QueryConditions): Access | undefined {
  const ids = conditions.oneOf.get('id')
  if (!ids) return undefined
  const values = new Set(ids.values)
  const rest = conditions.all.filter((condition) => condition !== ids.from)
  return {
    by: 'rows',
    rows: () => [...values].flatMap((id) => collection.get(String(id)) ?? []),
    count: values.size,
    rest,
  }
}

function* postingAccesses(collection: MemoryCollection, conditions: QueryConditions): Generator<Access> {
  for (const [path, { terms, from }] of conditions.members) {
    const lists = collection.postings.get(path)
    if (!lists) continue
    const rest = conditions.all.filter((condition) => condition !== from)
    yield { by: 'rows', rows: () => lists.rowsWithAny(terms), count: lists.countAtMost(terms), rest }
  }
}

function indexAccess(
  index: OrderedIndex,
  conditions: QueryConditions,
  order: readonly OrderTerm[],
): Access | undefined {
  const used = new Set<Filter>()
  if (index.def.live) {
    const live = conditions.equal.get('deletedAt')
    if (!live || live.value !== undefined) return undefined
    used.add(live.from)
  }
  const equal: (Scalar | undefined)[] = []
  for (const { path } of index.terms) {
    const condition = conditions.equal.get(path)
    if (!condition) break
    used.add(condition.from)
    equal.push(condition.value)
  }
  const next = index.terms[equal.length]
  const range = next && conditions.ranges.get(next.path)
  const oneOf = next && !range ? conditions.oneOf.get(next.path) : undefined
  for (const condition of range?.from ?? []) used.add(condition)
  if (oneOf) used.add(oneOf.from)
  const stretches = oneOf
    ? oneOf.values.map((value) => stretchOf(index, [...equal, value], undefined))
    : range && isEmptyRange(range)
      ? []
      : [stretchOf(index, equal, range)]
  const present: ReadonlySet<Path> = new Set(range && next ? [next.path] : [])
  const walk = stretches.length <= 1 ? walkOf(index, equal.length, conditions, order, present) : undefined
  return {
    by: 'index',
    index,
    stretches,
    count: stretches.reduce((sum, { start, end }) => sum + index.sorted.count(start, end), 0),
    rest: conditions.all.filter((condition) => !used.has(condition)),
    fixed: conditions.equal,
    ...(walk && { walk }),
  }
}

/** The part of an index whose keys start with the given values and whose next value lies in a range. */
function stretchOf(index: OrderedIndex, equal: IndexKey, range: Range | undefined): Stretch {
  const { sorted } = index
  const length = equal.length
  const term = index.terms[length]
  if (!range || !term) {
    return {
      start: sorted.seek((key) => index.compareKeys(key, equal, length) < 0),
      end: sorted.seek((key) => index.compareKeys(key, equal, length) <= 0),
    }
  }
  const [first, last] = term.descending ? [range.upper, range.lower] : [range.lower, range.upper]
  return {
    start: sorted.seek((key) => {
      const order = index.compareKeys(key, equal, length)
      if (order !== 0 || !first) return order < 0
      const place = term.compare(key[length], first.value)
      return place < 0 || (place === 0 && !first.inclusive)
    }),
    end: sorted.seek((key) => {
      const order = index.compareKeys(key, equal, length)
      // A missing value lies in no range, and stands behind all others.
      if (order !== 0 || key[length] === undefined) return order < 0
      if (!last) return true
      const place = term.compare(key[length], last.value)
      return place < 0 || (place === 0 && last.inclusive)
    }),
  }
}

/**
 * Which way an index must be walked to give an order. Terms that a condition holds to one value do not order anything. Walking
 * backward would put missing values first, so it needs terms that are always present.
 */
function walkOf(
  index: OrderedIndex,
  fixed: number,
  conditions: QueryConditions,
  order: readonly OrderTerm[],
  present: ReadonlySet<Path>,
): 'forward' | 'backward' | undefined {
  if (conditions.equal.has('id')) return 'forward'
  const wanted = order.map(parseOrderTerm).filter(({ path }) => !conditions.equal.has(path))
  const offered = index.terms.slice(fixed).filter(({ path }) => !conditions.equal.has(path))
  if (wanted.length !== offered.length) return undefined
  const same = (flip: boolean): boolean =>
    offered.every(({ path, descending }, place) => {
      const term = wanted[place]!
      return term.path === path && term.descending === (flip ? !descending : descending)
    })
  if (same(false)) return 'forward'
  const reversible = offered.every(({ path, required }) => required || present.has(path))
  return reversible && same(true) ? 'backward' : undefined
}
