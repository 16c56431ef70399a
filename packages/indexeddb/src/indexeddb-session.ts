import {
  type Aggregate,
  type AggregateGroup,
  aggregateRows,
  type CallOptions,
  type Change,
  type Definitions,
  type LoadOptions,
  type NewRow,
  type Query,
  type Row,
  type RowPage,
  requireEntity,
  type Search,
  type SearchHit,
  type StorageSession,
  throwIfAborted,
  type Write,
  type WriteResult,
} from '@rapport/core/storage'
import { readChanges } from './change-feed.js'
import type { ChangeHints } from './change-hints.js'
import { aggregateCounts, counterFor, countsOf, type StoredCount } from './counters.js'
import type { Database } from './database.js'
import { findPage, matchingRows, type Scene } from './find-rows.js'
import { resultOf } from './idb-request.js'
import { toCrmError } from './indexeddb-errors.js'
import { rowKey, rowOf, type StoredRecord, type StoreName } from './layout.js'
import { searchRows } from './search-rows.js'
import type { EntityIndexes } from './stored-schema.js'
import { writeBatch } from './write-batch.js'

/** What a session needs of its storage. */
export interface SessionSetting {
  readonly database: Database
  readonly hints: ChangeHints
  readonly definitions: () => Definitions
  readonly maxScan: number
}

/** One tenant's view of the database. Calls are expected to be checked, as core's guard does. */
export class IndexedDbSession implements StorageSession {
  readonly #tenantId: string
  readonly #setting: SessionSetting

  constructor(tenantId: string, setting: SessionSetting) {
    this.#tenantId = tenantId
    this.#setting = setting
  }

  getMany(entity: string, ids: readonly string[], { signal }: CallOptions = {}): Promise<(Row | undefined)[]> {
    return this.#call(signal, (definitions) => {
      const { name } = requireEntity(definitions, entity)
      return this.#setting.database.connection.run(
        ['rows'],
        'readonly',
        async (transaction) => {
          const rows = transaction.objectStore('rows')
          const records = await Promise.all(
            ids.map((id) => resultOf<StoredRecord | undefined>(rows.get(rowKey(this.#tenantId, name, id)))),
          )
          return records.map((record) => record && rowOf(record))
        },
        signal,
      )
    })
  }

  find(query: Query): Promise<RowPage> {
    return this.#read(query.entity, query.signal, ['rows'], (scene) => findPage(scene, query))
  }

  write(batch: readonly Write[], { signal }: CallOptions = {}): Promise<WriteResult[]> {
    return this.#call(signal, async (definitions) => {
      const results = await writeBatch({ ...this.#setting, definitions, tenantId: this.#tenantId, signal }, batch)
      this.#setting.hints.tell(this.#tenantId)
      return results as WriteResult[]
    })
  }

  aggregate(aggregate: Aggregate): Promise<AggregateGroup[]> {
    return this.#read(aggregate.entity, aggregate.signal, ['rows', 'counters'], async (scene) => {
      const counter = counterFor(scene.indexes.counters, aggregate)
      if (!counter) return aggregateRows(scene.def, aggregate, await matchingRows(scene, aggregate.where))
      const counts = scene.transaction.objectStore('counters').getAll(countsOf(counter, this.#tenantId))
      return aggregateCounts(scene.def, aggregate, counter, await resultOf<StoredCount[]>(counts))
    })
  }

  search(search: Search): Promise<SearchHit[]> {
    return this.#read(search.entity, search.signal, ['rows'], (scene) => searchRows(scene, search))
  }

  async load(
    entity: string,
    rows: AsyncIterable<readonly NewRow[]> | Iterable<readonly NewRow[]>,
    { onExisting = 'error', signal }: LoadOptions = {},
  ): Promise<{ loaded: number; skipped: number }> {
    const verb = onExisting === 'replace' ? 'upsert' : 'insert'
    const count = { loaded: 0, skipped: 0 }
    const scene = { ...this.#setting, tenantId: this.#tenantId, signal, skipExisting: onExisting === 'skip' }
    throwIfAborted(signal)
    for await (const batch of rows) {
      if (batch.length === 0) continue
      const writes = batch.map((row): Write => ({ do: verb, entity, row }))
      const results = await this.#call(signal, (definitions) => writeBatch({ ...scene, definitions }, writes))
      const skipped = results.filter((result) => result === undefined).length
      count.loaded += batch.length - skipped
      count.skipped += skipped
      this.#setting.hints.tell(this.#tenantId)
    }
    return count
  }

  changes(after: string | undefined, limit: number, { signal }: CallOptions = {}): Promise<Change[]> {
    return this.#call(signal, () =>
      this.#setting.database.connection.run(
        ['rows', 'deletions', 'meta'],
        'readonly',
        (transaction) => readChanges(transaction, this.#tenantId, after, limit),
        signal,
      ),
    )
  }

  watch(wake: () => void): () => void {
    this.#setting.database.connection.requireOpen()
    return this.#setting.hints.watch(this.#tenantId, wake)
  }

  #read<T>(
    entity: string,
    signal: AbortSignal | undefined,
    stores: readonly StoreName[],
    read: (scene: Scene) => Promise<T>,
  ): Promise<T> {
    return this.#call(signal, (definitions) => {
      const def = requireEntity(definitions, entity)
      const { database, maxScan } = this.#setting
      const run = (transaction: IDBTransaction, indexes: EntityIndexes): Promise<T> =>
        read({ transaction, def, indexes, tenantId: this.#tenantId, maxScan })
      return database.read({ entity: def.name, stores, run, signal })
    })
  }

  async #call<T>(signal: AbortSignal | undefined, work: (definitions: Definitions) => Promise<T>): Promise<T> {
    throwIfAborted(signal)
    this.#setting.database.connection.requireOpen()
    try {
      return await work(this.#setting.definitions())
    } catch (error) {
      throw toCrmError(error)
    }
  }
}
