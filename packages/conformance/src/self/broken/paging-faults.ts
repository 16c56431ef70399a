import {
  compareScalars,
  compileFilter,
  type OrderTerm,
  type Query,
  type Row,
  type RowPage,
  type Scalar,
  type StorageSession,
} from '@rapport/core/storage'
import type { Fault } from './fault.js'
import { definitionOf, readThousand } from './rewritten-filter.js'
import { wrappedStorage } from './wrapped-storage.js'

type OrderValue = Scalar | null
type CompareValues = (left: OrderValue, right: OrderValue, descending: boolean) => number

/** Missing values last in both directions, the others by a comparison of their own. */
const missingLast =
  (compare: (left: Scalar, right: Scalar) => number): CompareValues =>
  (left, right, descending) => {
    if (left === right) return 0
    if (left === null) return 1
    if (right === null) return -1
    return descending ? -compare(left, right) : compare(left, right)
  }

/** As the contract has it. */
const byCodePoint = missingLast((left, right) => compareScalars(left, right) ?? 0)

/** Plain `<`, which compares text by UTF-16 unit. */
const byUnit = missingLast((left, right) => (left < right ? -1 : 1))

/** As SQL does by default: missing values are the greatest, so they come first when descending. */
const missingGreatest: CompareValues = (left, right, descending) => {
  const order = byCodePoint(left, right, false)
  return descending ? -order : order
}

function valuesOf(row: Row, order: readonly OrderTerm[]): OrderValue[] {
  return order.map((term) => (row[term.replace(/^-/, '')] as Scalar | undefined) ?? null)
}

/** A page by an order of one's own; `terms` is how many terms of a cursor are looked at. */
async function findBy(
  inner: StorageSession,
  query: Query,
  compare: CompareValues,
  terms = query.order.length,
): Promise<RowPage> {
  // Leaves large and unknown entities to the storage, which refuses what it must.
  if (query.signal || !query.entity.startsWith('specimen')) return inner.find(query)
  const all = await readThousand(inner, query.entity)
  if (all.length === 1_000) return inner.find(query)
  const between = (left: readonly OrderValue[], right: readonly OrderValue[], count: number): number => {
    for (const [index, term] of query.order.slice(0, count).entries()) {
      const order = compare(left[index] ?? null, right[index] ?? null, term.startsWith('-'))
      if (order !== 0) return order
    }
    return 0
  }
  const passes = query.where ? compileFilter(definitionOf(query.entity), query.where) : () => true
  const { after } = query
  const rows = all
    .filter((row) => passes(row) && (!after || between(valuesOf(row, query.order), after, terms) > 0))
    .sort((left, right) => between(valuesOf(left, query.order), valuesOf(right, query.order), query.order.length))
  return { rows: rows.slice(0, query.limit), done: rows.length <= query.limit }
}

/** Faults in order, cursors and limits. */
export const pagingFaults: readonly Fault[] = [
  {
    title: 'sorts missing values first when descending',
    create: () => wrappedStorage({ session: (inner) => ({ find: (query) => findBy(inner, query, missingGreatest) }) }),
    caughtBy: [
      'order: whole numbers sort by size, and missing values last in both directions',
      'order: terms of both directions mix, with missing values last in each',
    ],
  },
  {
    title: 'sorts text by UTF-16 unit',
    create: () => wrappedStorage({ session: (inner) => ({ find: (query) => findBy(inner, query, byUnit) }) }),
    caughtBy: ['order: text beyond the basic plane sorts after it: by code point, not by UTF-16 unit'],
  },
  {
    title: 'forgets the id in cursors, so that ties are skipped',
    create: () =>
      wrappedStorage({
        session: (inner) => ({
          find: (query) => findBy(inner, query, byCodePoint, Math.max(1, query.order.length - 1)),
        }),
      }),
    caughtBy: ['cursors: no row among ties is skipped or doubled'],
  },
  {
    title: 'pages by offset, so that rows move between pages',
    create: () => {
      const offsets = new Map<string, number>()
      return wrappedStorage({
        session: (inner) => ({
          async find(query) {
            const { after, ...first } = query
            const walk = JSON.stringify([first.where, first.order, first.limit])
            const offset = after ? (offsets.get(walk) ?? 0) + query.limit : 0
            offsets.set(walk, offset)
            if (offset + query.limit > 1_000) return inner.find(query)
            const page = await inner.find({ ...first, limit: offset + query.limit })
            return { ...page, rows: page.rows.slice(offset) }
          },
        }),
      })
    },
    caughtBy: ['cursors: rows that stay are seen once, while others come and go between pages'],
  },
  {
    title: 'returns one row more than the limit',
    create: () =>
      wrappedStorage({
        session: (inner) => ({
          find: (query) =>
            inner.find(query.limit > 1 && query.limit < 1_000 ? { ...query, limit: query.limit + 1 } : query),
        }),
      }),
    caughtBy: ['limits: find returns no more rows than its limit, from 1 to 1,000'],
  },
  {
    title: 'says it is done when the page is full',
    create: () =>
      wrappedStorage({
        session: (inner) => ({ find: async (query) => ({ ...(await inner.find(query)), done: true }) }),
      }),
    caughtBy: ['cursors: the end is told: behind the last row there is an empty page that is done'],
  },
]
