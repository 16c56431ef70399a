import {
  compileFilter,
  compileOrder,
  type EntityDef,
  everything,
  type Filter,
  isAfter,
  isNothing,
  type Query,
  type Row,
  type RowPage,
} from '@rapport/core/storage'
import { planAccess, type Reach } from './access-plan.js'
import { filterConditions } from './filter-conditions.js'
import { resultOf } from './idb-request.js'
import { scanTooLong } from './indexeddb-errors.js'
import { behind, isEmpty, type TextRange } from './key-range.js'
import { rowKey, rowOf, type StoredRecord } from './layout.js'
import { keyRangeOf, readRange, sourceOf } from './range-reader.js'
import { keyText } from './row-index.js'
import type { EntityIndexes } from './stored-schema.js'
import type { Walk } from './walk-plan.js'

/** Where rows are read: one entity of one tenant, in one transaction over the store `rows`. */
export interface Scene {
  readonly transaction: IDBTransaction
  readonly def: EntityDef
  readonly indexes: EntityIndexes
  readonly tenantId: string
  /** Most rows read for one call. */
  readonly maxScan: number
}

/** Rows up to which it is quicker to read and sort them all than to look for them in order. */
const fewRows = 1_000
const largestRead = 1_000
const remedy = 'declare an index on the fields of the filter and the order, narrow the filter, or raise maxScan'

/** Reads one page; see `Query`. */
export async function findPage(scene: Scene, query: Query): Promise<RowPage> {
  const { def, indexes, tenantId } = scene
  const conditions = filterConditions(def, query.where)
  if (conditions.all.some(isNothing)) return { rows: [], done: true }
  const plan = planAccess(def, indexes, tenantId, conditions, query)
  const passes = compileFilter(def, query.where ?? everything)
  if (plan.walk && !(plan.reach && (await isFew(scene, plan.reach)))) return walkPage(scene, plan.walk, query, passes)
  const behindCursor = query.after ? isAfter(def, query.order, query.after) : () => true
  const rows = (await reachRows(scene, plan.reach)).filter((row) => passes(row) && behindCursor(row))
  rows.sort(compileOrder(def, query.order))
  return { rows: rows.slice(0, query.limit), done: rows.length <= query.limit }
}

/** All rows that pass a filter, in no order. Throws `unsupported` when more rows than allowed would have to be read. */
export async function matchingRows(scene: Scene, where: Filter | undefined): Promise<Row[]> {
  const conditions = filterConditions(scene.def, where)
  if (conditions.all.some(isNothing)) return []
  const { reach } = planAccess(scene.def, scene.indexes, scene.tenantId, conditions, {})
  return (await reachRows(scene, reach)).filter(compileFilter(scene.def, where ?? everything))
}

async function walkPage(
  scene: Scene,
  { space, ranges, backward, placed }: Walk,
  query: Query,
  passes: (row: Row) => boolean,
): Promise<RowPage> {
  const { def, tenantId, maxScan } = scene
  const source = sourceOf(scene.transaction, space)
  const isBehind = query.after && !placed ? isAfter(def, query.order, query.after) : () => true
  const rows: Row[] = []
  let count = query.limit + 1
  let seen = 0
  for (const whole of ranges) {
    for (let range: TextRange = whole; !isEmpty(range); ) {
      const records = await readRange(source, keyRangeOf(range), count, backward)
      for (const record of records) {
        const row = rowOf(record)
        if (!passes(row) || !isBehind(row)) continue
        // A full page is known to be the last one only when nothing behind it passes.
        if (rows.length === query.limit) return { rows, done: false }
        rows.push(row)
      }
      const last = records.at(-1)
      if (!last || records.length < count) break
      seen += records.length
      if (seen >= maxScan) {
        if (rows.length === 0) throw scanTooLong(def.name, maxScan, remedy)
        return { rows, done: false }
      }
      range = behind(range, keyText(space, tenantId, last.row), backward)
      // Few rows pass, or the first read would have been enough: ask for more each time.
      count = Math.min(2 * count, largestRead)
    }
  }
  return { rows, done: true }
}

async function reachRows(scene: Scene, reach: Reach | undefined): Promise<Row[]> {
  const { transaction, def, maxScan } = scene
  if (!reach) return []
  if (reach.by === 'ids') return rowsOfIds(scene, reach.ids)
  const found = new Map<string, Row>()
  for (const [source, range] of sourcesOf(transaction, reach)) {
    const records = await readRange(source, range, maxScan + 1)
    // Ranges do not overlap, but a row can hold several of the members asked for.
    for (const record of records) {
      const row = rowOf(record)
      found.set(row.id, row)
    }
    if (found.size > maxScan) throw scanTooLong(def.name, maxScan, remedy)
  }
  return [...found.values()]
}

async function rowsOfIds({ transaction, tenantId, def }: Scene, ids: readonly string[]): Promise<Row[]> {
  const rows = transaction.objectStore('rows')
  const records = await Promise.all(
    ids.map((id) => resultOf<StoredRecord | undefined>(rows.get(rowKey(tenantId, def.name, id)))),
  )
  return records.flatMap((record) => (record ? [rowOf(record)] : []))
}

/** Whether a way reaches so few rows that sorting them is quicker than walking another index. */
async function isFew({ transaction }: Scene, reach: Reach): Promise<boolean> {
  if (reach.by === 'ids') return true
  let seen = 0
  for (const [source, range] of sourcesOf(transaction, reach)) {
    seen += (await resultOf(source.getAllKeys(range, fewRows + 1 - seen))).length
    if (seen > fewRows) return false
  }
  return true
}

function sourcesOf(
  transaction: IDBTransaction,
  reach: Exclude<Reach, { by: 'ids' }>,
): (readonly [IDBObjectStore | IDBIndex, IDBKeyRange])[] {
  if (reach.by === 'members') {
    const index = transaction.objectStore('rows').index('entries')
    return reach.entries.map((entry) => [index, IDBKeyRange.only(entry)])
  }
  const source = sourceOf(transaction, reach.space)
  return reach.ranges.map((range) => [source, keyRangeOf(range)])
}
