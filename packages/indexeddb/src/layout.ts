import type { Row } from '@rapport/core/storage'
import { compileTerm } from './index-term.js'
import { originalText } from './key-text.js'

/** Object stores of the database. */
export type StoreName = 'rows' | 'deletions' | 'counters' | 'meta'

/** Every store, for a transaction that touches all. */
export const allStores: readonly StoreName[] = ['rows', 'deletions', 'counters', 'meta']

/** Name of the multiEntry index over `StoredRecord.entries`, and of the unique one over `StoredRecord.unique`. */
export type RowIndexName = 'entries' | 'unique'

/** An entry of an index: the number of the declared index, and what it is sorted by. */
export type IndexEntry = [slot: number, text: string]

/** The entry of the change feed: slot 0, then the place of the row's newest change. */
export type FeedEntry = [slot: 0, tenantId: string, position: number]

/** A row as it lies in the store `rows`, under {@link rowKey}. */
export interface StoredRecord {
  readonly entity: string
  readonly row: Row
  /** One entry per declared index that holds the row, one per member of its lists. The first is that of the change feed. */
  readonly entries: readonly [FeedEntry, ...IndexEntry[]]
  /** One entry per unique index of which the row lacks no value. */
  readonly unique?: readonly IndexEntry[]
}

/** What is left of a deleted row, in the store `deletions`: the newest deletion of its id. */
export interface StoredDeletion {
  readonly entity: string
  readonly id: string
  readonly version: number
  readonly feed: readonly [tenantId: string, position: number]
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
