import { throwIfAborted } from '../../kernel/crm-error.js'
import { aggregateRows } from '../aggregate-rows.js'
import { compileFilter } from '../evaluate-filter.js'
import { everything } from '../filter.js'
import type { Aggregate, AggregateGroup, Query, RowPage, Search, SearchHit } from '../query.js'
import type { NewRow, Row } from '../row.js'
import type { CallOptions, Change, LoadOptions, StorageSession } from '../storage-adapter.js'
import type { Write, WriteResult } from '../write.js'
import { findPage, matchingRows, type RowVisitor } from './memory-find.js'
import type { Collections, MemoryTenant } from './memory-tenant.js'
import { MemoryTransaction } from './memory-transaction.js'
import { handedOutPart } from './stored-row.js'

/** What a session needs of its storage. */
export interface SessionSetting {
  /** Throws `storage_failed` when the storage is closed. */
  readonly requireOpen: () => void
  readonly tenant: () => MemoryTenant
  readonly visited?: RowVisitor
}

/** One tenant's view of the memory storage. Each call does its work in one turn, so it is atomic and isolated. */
export class MemorySession implements StorageSession {
  readonly #setting: SessionSetting
  readonly #transaction: MemoryTransaction | undefined

  constructor(setting: SessionSetting, transaction?: MemoryTransaction) {
    this.#setting = setting
    this.#transaction = transaction
  }

  async getMany(entity: string, ids: readonly string[], options: CallOptions = {}): Promise<(Row | undefined)[]> {
    const collection = this.#collections(options).collection(entity)
    return ids.map((id) => {
      const row = collection.get(id)
      return row && collection.handOut(row)
    })
  }

  async find(query: Query): Promise<RowPage> {
    const collection = this.#collections(query).collection(query.entity)
    return findPage(collection, query, this.#setting.visited)
  }

  async write(batch: readonly Write[], options: CallOptions = {}): Promise<WriteResult[]> {
    return this.#collections(options).commit(batch)
  }

  async aggregate(aggregate: Aggregate): Promise<AggregateGroup[]> {
    const collection = this.#collections(aggregate).collection(aggregate.entity)
    return aggregateRows(collection.def, aggregate, matchingRows(collection, aggregate.where, this.#setting.visited))
  }

  async search(search: Search): Promise<SearchHit[]> {
    const collection = this.#collections(search).collection(search.entity)
    const { path, terms, atLeast, limit, where, fields } = search
    const passes = compileFilter(collection.def, where ?? everything)
    const hits = collection.postings.get(path)?.best({ terms: [...new Set(terms)], atLeast, limit, passes }) ?? []
    const paths = fields && new Set(fields)
    return hits.map(({ row, overlap }) => ({
      id: row.id,
      overlap,
      ...(paths && { row: handedOutPart(row, paths) }),
    }))
  }

  async transaction<T>(work: (session: StorageSession) => Promise<T>, options: CallOptions = {}): Promise<T> {
    const transaction = new MemoryTransaction(this.#collections(options))
    const result = await work(new MemorySession(this.#setting, transaction))
    this.#collections(options)
    transaction.finish()
    return result
  }

  async load(
    entity: string,
    rows: AsyncIterable<readonly NewRow[]> | Iterable<readonly NewRow[]>,
    options: LoadOptions = {},
  ): Promise<{ loaded: number; skipped: number }> {
    const verb = options.onExisting === 'replace' ? 'upsert' : 'insert'
    const count = { loaded: 0, skipped: 0 }
    for await (const batch of rows) {
      const collections = this.#collections(options)
      const collection = collections.collection(entity)
      const seen = new Set<string>()
      const fresh = batch.filter(({ id }) => {
        const known = collection.get(id) !== undefined || seen.has(id)
        seen.add(id)
        return options.onExisting !== 'skip' || !known
      })
      collections.commit(fresh.map((row) => ({ do: verb, entity, row })))
      count.loaded += fresh.length
      count.skipped += batch.length - fresh.length
    }
    return count
  }

  async changes(after: string | undefined, limit: number, options: CallOptions = {}): Promise<Change[]> {
    this.#collections(options)
    return this.#setting.tenant().changes.read(after, limit)
  }

  watch(wake: () => void): () => void {
    this.#setting.requireOpen()
    return this.#setting.tenant().watch(wake)
  }

  #collections({ signal }: CallOptions): Collections {
    throwIfAborted(signal)
    this.#setting.requireOpen()
    return this.#transaction ?? this.#setting.tenant()
  }
}
