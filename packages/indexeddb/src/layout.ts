import type { Row } from '@rapport/core/storage'
import { compileTerm } from './index-term.js'
import { corruptDatabase } from './indexeddb-errors.js'
import { behindAll, originalText } from './key-text.js'

/** Object stores of the database. */
export type StoreName = 'rows' | 'deletions' | 'counters' | 'meta'

/** Every store, for a transaction that touches all. */
export const allStores: readonly StoreName[] = ['rows', 'deletions', 'counters', 'meta']

/** Name of the multiEntry index over `StoredRecord.entries`, and of the unique one over `StoredRecord.unique`. */
export type RowIndexName = 'entries' | 'unique'

/**
 * An entry of an index: the number of the declared index, the tenant, and what it is sorted by, strung together so that entries of
 * one index and tenant sort as the index does. One text costs the browser less than a list of them.
 */
export type IndexEntry = string

/** What the entries of an index and a tenant begin with. */
export function entryPrefix(slot: number, tenantId: string): string {
  return `${slot.toString(36)}\u0000${tenantId}\u0000`
}

/** The slot of the change feed, by which a row stands at the place of its newest change. */
const feedSlot = 0
const positionDigits = 11

/** The entry of the change feed for a tenant and a place, of which 2^53 in base 36 has eleven digits. */
export function feedEntry(tenantId: string, position: number): IndexEntry {
  return entryPrefix(feedSlot, tenantId) + position.toString(36).padStart(positionDigits, '0')
}

/** The place of an entry of the change feed. */
export function positionOf(entry: IndexEntry): number {
  return Number.parseInt(entry.slice(-positionDigits), 36)
}

/** All entries of the change feed for a tenant behind a place. */
export function feedBehind(tenantId: string, position: number): IDBKeyRange {
  return IDBKeyRange.bound(feedEntry(tenantId, position), entryPrefix(feedSlot, tenantId) + behindAll, true)
}

/** A row as it lies in the store `rows`, under {@link rowKey}. */
export interface StoredRecord {
  readonly row: Row
  /** That of the change feed first, then one per declared index that holds the row and one per member of its lists. */
  readonly entries: readonly [IndexEntry, ...IndexEntry[]]
  /** One entry per unique index of which the row lacks no value. */
  readonly unique?: readonly IndexEntry[]
}

/** The row of a record. Throws `storage_failed` when it holds none. */
export function rowOf(record: StoredRecord): Row {
  if (typeof record?.row?.id !== 'string') throw corruptDatabase()
  return record.row
}

/** What is left of a deleted row, in the store `deletions`: the newest deletion of its id. */
export interface StoredDeletion {
  readonly version: number
  readonly feed: IndexEntry
}

/** Counts the changes of the layout below. */
const layoutVersion = 1
/** Releases of a host's definitions that one layout has room for. */
export const releaseLimit = 1_000_000

/** The version of the database: the layout's first, then the host's release. */
export function databaseVersion(release: number): number {
  return layoutVersion * releaseLimit + release
}

/** Makes the stores of a new database. A change of layout adds a step here, by the version it comes from. */
export function createLayout(database: IDBDatabase, oldVersion: number): void {
  if (oldVersion > 0) return
  const rows = database.createObjectStore('rows')
  rows.createIndex('entries' satisfies RowIndexName, 'entries', { multiEntry: true })
  rows.createIndex('unique' satisfies RowIndexName, 'unique', { multiEntry: true, unique: true })
  database.createObjectStore('deletions').createIndex('feed', 'feed')
  database.createObjectStore('counters')
  database.createObjectStore('meta')
}

/** Whether a database has the stores of the layout, so that it is one of ours. */
export function hasLayout(database: IDBDatabase): boolean {
  return allStores.every((store) => database.objectStoreNames.contains(store))
}

/** The id as a term of a key; see `compileTerm`. */
export const idTerm = compileTerm('id', 'text')

/** What the keys of one entity of one tenant begin with. Neither name can hold U+0000. */
export function rowPrefix(tenantId: string, entity: string): string {
  return `${tenantId}\u0000${entity}\u0000`
}

/** Key of a row in `rows` and in `deletions`. */
export function rowKey(tenantId: string, entity: string, id: string): string {
  return rowPrefix(tenantId, entity) + idTerm.encode(id)
}

/** Tenant, entity and id of a key of `rows`. */
export function partsOfKey(key: string): { tenantId: string; entity: string; id: string } {
  const [tenantId = '', entity = '', piece = ''] = key.split('\u0000')
  return { tenantId, entity, id: originalText(piece.slice(1)) }
}
