import { isCrmError } from '../kernel/crm-error.js'
import { compileOrder, isAfter } from './compare-rows.js'
import { type EntityDef, parseOrderTerm, resolvePath } from './entity-def.js'
import { filterPaths } from './filter.js'
import { pageLimit } from './prepare-query.js'
import type { Query, RowPage } from './query.js'
import type { Path, Row } from './row.js'
import { scanRows } from './scan-rows.js'
import type { StorageSession } from './storage-adapter.js'

/**
 * Does what an adapter left undone of a page: applies the `residual` and reads on until the page is full, or sorts what came
 * `unordered`. Reads at most `maxScan` rows: then it returns the rows found so far, or throws `unsupported` when there are none.
 */
export async function finishPage(
  session: Pick<StorageSession, 'find'>,
  def: EntityDef,
  query: Query,
  first: RowPage,
  maxScan: number,
): Promise<RowPage> {
  return first.unordered
    ? sortedPage(session, def, query, first, maxScan)
    : filteredPage(session, def, query, first, maxScan)
}

/** The query with all paths that core needs to finish it: those of the filter and of the order. */
export function withNeededFields(def: EntityDef, query: Query): Query {
  if (!query.fields) return query
  const paths: Path[] = [
    ...(query.where ? filterPaths(query.where) : []),
    ...query.order.map((term) => parseOrderTerm(term).path),
  ]
  const needed = paths.map((path) => resolvePath(def, path)?.field ?? path)
  return { ...query, fields: [...new Set([...query.fields, ...needed])] }
}

async function filteredPage(
  session: Pick<StorageSession, 'find'>,
  def: EntityDef,
  query: Query,
  first: RowPage,
  maxScan: number,
): Promise<RowPage> {
  const rows: Row[] = []
  try {
    for await (const row of scanRows(session, { def, query, maxScan, first })) {
      rows.push(row)
      if (rows.length === query.limit) return { rows, done: false }
    }
  } catch (error) {
    if (rows.length > 0 && isCrmError(error, 'unsupported')) return { rows, done: false }
    throw error
  }
  return { rows, done: true }
}

/** Reads everything that passes the filter, in the order of the id unless it came whole, and sorts it here. */
async function sortedPage(
  session: Pick<StorageSession, 'find'>,
  def: EntityDef,
  query: Query,
  first: RowPage,
  maxScan: number,
): Promise<RowPage> {
  const { after, ...unplaced } = query
  const scan = first.done
    ? { def, query, maxScan, first }
    : { def, query: { ...withNeededFields(def, unplaced), order: ['id'] as const, limit: pageLimit }, maxScan }
  const behind = after ? isAfter(def, query.order, after) : () => true
  const rows: Row[] = []
  for await (const row of scanRows(session, scan)) if (behind(row)) rows.push(row)
  rows.sort(compileOrder(def, query.order))
  return { rows: rows.slice(0, query.limit), done: rows.length <= query.limit }
}
