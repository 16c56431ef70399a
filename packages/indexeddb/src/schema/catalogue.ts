import type { FieldType, OrderTerm, Path } from '@rapport/core/storage'
import { resultOf } from '../idb-request.js'
import { corruptDatabase } from '../indexeddb-errors.js'

/** An index as the database keeps it: what its entries were made from, so that every tab makes them alike. */
export interface StoredIndex {
  /** Marks its entries; never given out twice. */
  readonly slot: number
  readonly name: string
  readonly kind: 'order' | 'member' | 'terms'
  readonly on: readonly OrderTerm[]
  /** Types of the fields of `on`. */
  readonly types: readonly FieldType[]
  readonly unique: boolean
  readonly live: boolean
  /** Whether all rows are in it. Writers keep it up from the start; readers use it when it is ready. */
  readonly ready: boolean
}

/** A counter as the database keeps it: the number of rows per tenant and values of `by`. */
export interface StoredCounter {
  readonly slot: number
  readonly by: readonly Path[]
  readonly ready: boolean
}

/** What is kept of one entity. */
export interface StoredEntity {
  readonly indexes: readonly StoredIndex[]
  readonly counters: readonly StoredCounter[]
}

/** All that the database knows of its entities. Rows of other entities are refused. */
export interface Catalogue {
  /** The greatest release that has applied its definitions. */
  readonly release: number
  readonly nextSlot: number
  readonly entities: ReadonlyMap<string, StoredEntity>
}

/** What every writer reads and most change. */
export interface DatabaseState {
  /** Place of the newest change in the feed. */
  readonly position: number
  /** Counts the changes of the catalogue, so that a tab notices those of others. */
  readonly revision: number
  /** While new indexes are filled: the key of the last row that is in them, empty before the first. */
  readonly filledUpTo?: string
}

const emptyState: DatabaseState = { position: 0, revision: 0 }
const emptyCatalogue: Catalogue = { release: 0, nextSlot: 1, entities: new Map() }

/** Reads the state. Throws `storage_failed` when what is there is none. */
export async function readState(transaction: IDBTransaction): Promise<DatabaseState> {
  const state: unknown = await resultOf(transaction.objectStore('meta').get('state'))
  if (state === undefined) return emptyState
  if (!isState(state)) throw corruptDatabase()
  return state
}

export function writeState(transaction: IDBTransaction, state: DatabaseState): void {
  transaction.objectStore('meta').put(state, 'state')
}

/** Reads the catalogue. Throws `storage_failed` when what is there is none. */
export async function readCatalogue(transaction: IDBTransaction): Promise<Catalogue> {
  const catalogue: unknown = await resultOf(transaction.objectStore('meta').get('catalogue'))
  if (catalogue === undefined) return emptyCatalogue
  if (!isCatalogue(catalogue)) throw corruptDatabase()
  return catalogue
}

/** Stores a catalogue as the next revision. */
export function writeCatalogue(transaction: IDBTransaction, catalogue: Catalogue, state: DatabaseState): void {
  transaction.objectStore('meta').put(catalogue, 'catalogue')
  writeState(transaction, { ...state, revision: state.revision + 1 })
}

function isState(value: unknown): value is DatabaseState {
  if (typeof value !== 'object' || value === null) return false
  const { position, revision } = value as Partial<DatabaseState>
  return Number.isSafeInteger(position) && Number.isSafeInteger(revision)
}

function isCatalogue(value: unknown): value is Catalogue {
  if (typeof value !== 'object' || value === null) return false
  const { release, nextSlot, entities } = value as Partial<Catalogue>
  return Number.isSafeInteger(release) && Number.isSafeInteger(nextSlot) && entities instanceof Map
}
