import { CrmError, throwIfAborted } from '../kernel/crm-error.js'
import { orderValues } from './compare-rows.js'
import type { EntityDef, OrderTerm } from './entity-def.js'
import { compileFilter } from './evaluate-filter.js'
import type { Filter } from './filter.js'
import { pageLimit } from './prepare-query.js'
import type { Query, RowPage } from './query.js'
import type { Path, Row } from './row.js'
import type { StorageSession } from './storage-adapter.js'

/** Most rows that core reads to finish one call that the storage cannot serve by itself. */
export const defaultMaxScan = 50_000

/** What a scan reads, and how far it may go. */
export interface Scan {
  readonly def: EntityDef
  readonly query: Query
  readonly maxScan: number
  /** A page already read for this query. */
  readonly first?: RowPage
}

/**
 * All rows of a query, page by page in its order, with the `residual` of each page applied. Throws `unsupported` when `maxScan`
 * rows were read and more follow, and `storage_failed` when the adapter breaks the contract of paging.
 */
export async function* scanRows(
  session: Pick<StorageSession, 'find'>,
  scan: Scan,
): AsyncGenerator<Row, void, undefined> {
  const { def, query, maxScan } = scan
  let page = scan.first ?? (await session.find(query))
  let { limit } = query
  for (let seen = 0; ; ) {
    if (page.unordered && !page.done) throw brokenPaging(def.name, 'a page in the order of the id came back unordered')
    const passes = page.residual ? compileFilter(def, page.residual) : () => true
    for (const row of page.rows) if (passes(row)) yield row
    if (page.done) return
    seen += page.rows.length
    const last = page.rows.at(-1)
    if (!last) throw brokenPaging(def.name, 'an empty page was not the last one')
    if (seen >= maxScan) throw scanTooLong(def, query, maxScan)
    throwIfAborted(query.signal)
    // Few rows pass, or the first page would have been enough: ask for more each time.
    limit = Math.min(2 * limit, pageLimit)
    page = await session.find({ ...query, limit, after: orderValues(def, last, query.order) })
  }
}

/** The adapter handed back what the contract rules out. */
export function brokenPaging(entity: string, what: string): CrmError {
  return new CrmError('storage_failed', `The storage adapter breaks its contract: ${what}`, {
    entity,
    reason: 'contract',
    retriable: false,
  })
}

/** A call would read more rows than is allowed; the remedy names the index that would serve it. */
export function scanTooLong(def: EntityDef, query: Pick<Query, 'where' | 'order'>, maxScan: number): CrmError {
  const terms = missingIndex(query.where, query.order)
  const index = terms.length > 0 ? `add an index on (${terms.join(', ')}) of ${def.name}, or ` : ''
  return new CrmError(
    'unsupported',
    `More than ${maxScan.toLocaleString('en')} rows of ${def.name} would have to be read`,
    {
      entity: def.name,
      reason: 'scan',
      remedy: `${index}narrow the filter`,
    },
  )
}

/** Terms of the index that would serve a query: the paths of its equality conditions, then its order. */
function missingIndex(where: Filter | undefined, order: readonly OrderTerm[]): OrderTerm[] {
  const equal: Path[] = []
  const visit = (filter: Filter): void => {
    if (filter.op === 'and') filter.args.forEach(visit)
    else if (filter.op === 'eq' || filter.op === 'in' || filter.op === 'has') equal.push(filter.path)
  }
  if (where) visit(where)
  return [...new Set([...equal, ...order])].filter((term) => term !== 'id' && term !== '-id')
}
