import {
  compileFilter,
  type EntityDef,
  type Filter,
  type OrderTerm,
  orderValues,
  type Query,
  type Row,
  type RowPage,
  type StorageSession,
} from '@rapport/core/storage'
import { assert, assertEqual } from '../assertion.js'

/** An order that the id makes total, in the direction of the term before it: what core sends to an adapter. */
export function totalOrder(order: readonly OrderTerm[]): OrderTerm[] {
  return [...order, order.at(-1)?.startsWith('-') ? '-id' : 'id']
}

/** A query in a total order. */
export function queryOf(
  def: EntityDef,
  {
    where,
    order = [],
    limit = 1_000,
  }: { where?: Filter | undefined; order?: readonly OrderTerm[]; limit?: number } = {},
): Query {
  return { entity: def.name, ...(where && { where }), order: totalOrder(order), limit }
}

/** Reads one page, and finishes what the adapter says it left undone, as core does. Fails when the page is too long. */
export async function readPage(session: StorageSession, def: EntityDef, query: Query): Promise<RowPage> {
  const page = await session.find(query)
  assert(page.rows.length <= query.limit, `find returned ${page.rows.length} rows where the limit is ${query.limit}`)
  assert(page.done || page.rows.length > 0, 'find returned no row and says there is more: nobody can read on')
  return page.residual ? { ...page, rows: page.rows.filter(compileFilter(def, page.residual)) } : page
}

/**
 * Reads page after page until the adapter is done, each behind the last row of the page before. Between two pages it awaits
 * `between`, where others may change the data. Fails when the walk does not end.
 */
export async function walkPages(
  session: StorageSession,
  def: EntityDef,
  query: Query,
  between?: (walked: readonly Row[]) => Promise<void>,
): Promise<Row[]> {
  const walked: Row[] = []
  let after = query.after
  for (let pages = 1; ; pages++) {
    const page = await session.find({ ...query, ...(after && { after }) })
    assert(page.rows.length <= query.limit, `find returned ${page.rows.length} rows where the limit is ${query.limit}`)
    walked.push(...(page.residual ? page.rows.filter(compileFilter(def, page.residual)) : page.rows))
    const last = page.rows.at(-1)
    if (page.done) return walked
    assert(last !== undefined, 'find returned no row and says there is more: nobody can read on')
    assert(pages < 10_000, 'the walk through the pages does not end')
    after = orderValues(def, last, query.order)
    await between?.(walked)
  }
}

/** Ids of all rows that pass a filter, in order of the id. */
export async function matchingIds(session: StorageSession, def: EntityDef, where?: Filter): Promise<string[]> {
  const rows = await walkPages(session, def, queryOf(def, { where }))
  return rows.map((row) => row.id).sort()
}

/** Reads one row that must be there. */
export async function readRow(session: StorageSession, def: EntityDef, id: string): Promise<Row> {
  const [row] = await session.getMany(def.name, [id])
  assert(row !== undefined, `getMany found no ${def.name} ${id}`)
  return row
}

/** Fails unless a record reads as exactly the given fields (or is missing, for `undefined`). */
export async function assertRow(
  session: StorageSession,
  def: EntityDef,
  id: string,
  expected: Readonly<Record<string, unknown>> | undefined,
  what: string,
): Promise<void> {
  const rows = await session.getMany(def.name, [id])
  assertEqual(rows, [expected && { id, ...expected }], what)
}
