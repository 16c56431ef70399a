import { compileOrder, isAfter } from '../compare-rows.js'
import { parseOrderTerm, resolvePath } from '../entity-def.js'
import { compileFilter } from '../evaluate-filter.js'
import { type Filter, isNothing } from '../filter.js'
import type { Query, RowPage } from '../query.js'
import type { Path, Row, Scalar } from '../row.js'
import type { MemoryCollection } from './memory-collection.js'
import { type Access, planAccess, type Stretch } from './memory-plan.js'
import { queryConditions } from './query-conditions.js'
import { isInFront } from './sorted-index.js'
import { handedOutPart } from './stored-row.js'
import { TopRows } from './top-rows.js'

/** Told of every row that a call looks at; for tests of what an index saves. */
export type RowVisitor = (entity: string) => void

type IndexAccess = Extract<Access, { by: 'index' }>

/** Reads one page; see {@link Query}. */
export function findPage(collection: MemoryCollection, query: Omit<Query, 'entity'>, visited?: RowVisitor): RowPage {
  const conditions = queryConditions(collection.def, query.where)
  if (conditions.all.some(isNothing)) return { rows: [], done: true }
  const access = planAccess(collection, conditions, query.order, query.limit)
  const page =
    access.by === 'index' && access.walk
      ? walkedPage(collection, access, query, visited)
      : sortedPage(collection, access, query, visited)
  const paths = query.fields && wantedPaths(collection, query)
  const handOut = (row: Row): Row => (paths ? handedOutPart(row, paths) : collection.handOut(row))
  return { rows: page.rows.map(handOut), done: page.done }
}

/** All rows that pass a filter, in no particular order, as they are stored. */
export function matchingRows(collection: MemoryCollection, where: Filter | undefined, visited?: RowVisitor): Row[] {
  const conditions = queryConditions(collection.def, where)
  if (conditions.all.some(isNothing)) return []
  const rows: Row[] = []
  eachMatch(collection, planAccess(collection, conditions, [], Number.POSITIVE_INFINITY), visited, (row) =>
    rows.push(row),
  )
  return rows
}

/** Walks an index that has the order of the query, and stops when the page is full. */
function walkedPage(
  collection: MemoryCollection,
  access: IndexAccess,
  query: Omit<Query, 'entity'>,
  visited: RowVisitor | undefined,
): { rows: Row[]; done: boolean } {
  const { def } = collection
  const [whole] = access.stretches
  if (!whole) return { rows: [], done: true }
  const placed = query.after && stretchBehind(access, whole, query)
  const { start, end } = placed ?? whole
  const behind = query.after && !placed ? isAfter(def, query.order, query.after) : undefined
  const passes = access.rest.length > 0 ? compileFilter(def, { op: 'and', args: access.rest }) : undefined
  // A full page is known to be the last one only when nothing behind it passes: else its cursor would tell of hidden rows.
  const wanted = passes || behind ? query.limit + 1 : query.limit
  const rows: Row[] = []
  const visit = (row: Row): boolean => {
    visited?.(def.name)
    if ((!passes || passes(row)) && (!behind || behind(row))) rows.push(row)
    return rows.length < wanted
  }
  const { sorted } = access.index
  const exhausted = access.walk === 'backward' ? sorted.backward(start, end, visit) : sorted.forward(start, end, visit)
  const more = rows.length > query.limit
  return { rows: more ? rows.slice(0, query.limit) : rows, done: exhausted && !more }
}

/** Looks at every row the access reaches and keeps the first of the order. */
function sortedPage(
  collection: MemoryCollection,
  access: Access,
  query: Omit<Query, 'entity'>,
  visited: RowVisitor | undefined,
): { rows: Row[]; done: boolean } {
  const { def } = collection
  const top = new TopRows(compileOrder(def, query.order), query.limit)
  const behind = query.after && isAfter(def, query.order, query.after)
  const offer = (row: Row): void => top.offer(row)
  eachMatch(collection, access, visited, behind ? (row) => behind(row) && offer(row) : offer)
  return { rows: top.sorted(), done: top.offered <= query.limit }
}

function eachMatch(
  collection: MemoryCollection,
  access: Access,
  visited: RowVisitor | undefined,
  take: (row: Row) => void,
): void {
  const { def } = collection
  const passes = compileFilter(def, { op: 'and', args: access.rest })
  const visit = (row: Row): void => {
    visited?.(def.name)
    if (passes(row)) take(row)
  }
  if (access.by === 'rows') access.rows().forEach(visit)
  else for (const { start, end } of access.stretches) access.index.sorted.each(start, end, visit)
}

/**
 * The part of a stretch behind a cursor. `undefined` when the cursor cannot be found by its place alone: it was made under
 * another filter, or has a missing value where the index is walked backward.
 */
function stretchBehind(access: IndexAccess, whole: Stretch, query: Omit<Query, 'entity'>): Stretch | undefined {
  const { index, fixed, walk } = access
  if (fixed.has('id')) return undefined
  const indexed = new Set(index.terms.map(({ path }) => path))
  const cursor = new Map<Path, Scalar | undefined>()
  for (const [place, term] of query.order.entries()) {
    const { path } = parseOrderTerm(term)
    const value = query.after?.[place] ?? undefined
    const condition = fixed.get(path)
    if (condition ? condition.value !== value : !indexed.has(path)) return undefined
    cursor.set(path, value)
  }
  const key: (Scalar | undefined)[] = []
  for (const { path } of index.terms) {
    const condition = fixed.get(path)
    const value = condition ? condition.value : cursor.get(path)
    if (!condition && (!cursor.has(path) || (walk === 'backward' && value === undefined))) return undefined
    key.push(value)
  }
  const length = index.terms.length
  if (walk === 'backward') {
    const end = index.sorted.seek((other) => index.compareKeys(other, key, length) < 0)
    return { start: whole.start, end: isInFront(end, whole.end) ? end : whole.end }
  }
  const start = index.sorted.seek((other) => index.compareKeys(other, key, length) <= 0)
  return { start: isInFront(whole.start, start) ? start : whole.start, end: whole.end }
}

function wantedPaths(collection: MemoryCollection, query: Omit<Query, 'entity'>): ReadonlySet<Path> {
  const paths = [...(query.fields ?? []), ...query.order.map((term) => parseOrderTerm(term).path)]
  const { def } = collection
  return new Set(
    paths.map((path) => (Object.hasOwn(def.fields, path) ? path : (resolvePath(def, path)?.field ?? path))),
  )
}
