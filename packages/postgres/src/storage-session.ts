import {
  type Aggregate,
  type AggregateGroup,
  type CallOptions,
  type Change,
  type LoadOptions,
  type NewRow,
  type Query,
  type Row,
  type RowPage,
  type Search,
  type SearchHit,
  type StorageSession,
  throwIfAborted,
  type Write,
  type WriteResult,
} from '@rapport/core/storage'
import type { QueryResult, SqlValue } from './driver.js'
import { loadRows } from './load-rows.js'
import { toCrmError } from './postgres-errors.js'
import { readChanges } from './read-changes.js'
import { rowOf, scalarOf } from './row-mapping.js'
import type { SessionConnection } from './session-connection.js'
import { compileAggregate } from './sql-aggregate.js'
import { compileFind, compileGetMany, compileSearch } from './sql-query.js'
import type { StorageTables } from './storage-tables.js'
import { writeBatch } from './write-batch.js'

/** One tenant's view of the database. Calls are expected to be checked, as core's guard does. */
export class PostgresSession implements StorageSession {
  readonly #tenantId: string
  readonly #tables: StorageTables
  readonly #connection: SessionConnection

  constructor(tenantId: string, tables: StorageTables, connection: SessionConnection) {
    this.#tenantId = tenantId
    this.#tables = tables
    this.#connection = connection
  }

  getMany(entity: string, ids: readonly string[], { signal }: CallOptions = {}): Promise<(Row | undefined)[]> {
    return this.#call(signal, async () => {
      if (ids.length === 0) return []
      const { text, values, columns } = compileGetMany(this.#tables.require(entity), this.#tenantId, ids)
      const { rows } = await this.#query(text, values)
      if (ids.length === 1) return rows.length === 0 ? [undefined] : [rowOf(columns, rows[0]!)]
      const found = new Map(rows.map((row) => [row[0] as string, row]))
      return ids.map((id) => {
        const row = found.get(id)
        return row && rowOf(columns, row)
      })
    })
  }

  find(query: Query): Promise<RowPage> {
    return this.#call(query.signal, async () => {
      const { text, values, columns } = compileFind(this.#tables.require(query.entity), this.#tenantId, query)
      const { rows } = await this.#query(text, values)
      const done = rows.length <= query.limit
      const page = (done ? rows : rows.slice(0, query.limit)).map((row) => rowOf(columns, row))
      return { rows: page, done }
    })
  }

  write(batch: readonly Write[], { signal }: CallOptions = {}): Promise<WriteResult[]> {
    return this.#call(signal, () => writeBatch(this.#connection, this.#tables, this.#tenantId, batch))
  }

  aggregate(aggregate: Aggregate): Promise<AggregateGroup[]> {
    return this.#call(aggregate.signal, async () => {
      const { text, values } = compileAggregate(this.#tables.require(aggregate.entity), this.#tenantId, aggregate)
      const keys = aggregate.by?.length ?? 0
      const names = Object.keys(aggregate.compute)
      const { rows } = await this.#query(text, values)
      return rows.map((row) => ({
        keys: row.slice(0, keys).map(scalarOf),
        values: Object.fromEntries(names.map((name, index) => [name, scalarOf(row[keys + index])])),
      }))
    })
  }

  search(search: Search): Promise<SearchHit[]> {
    return this.#call(search.signal, async () => {
      const { text, values } = compileSearch(this.#tables.require(search.entity), this.#tenantId, search)
      const { rows } = await this.#query(text, values)
      return rows.map((row) => ({ id: row[0] as string, overlap: Number(row[1]) }))
    })
  }

  /** At read committed. An error of `work` ends the transaction and comes through as it is. */
  async transaction<T>(work: (session: StorageSession) => Promise<T>, { signal }: CallOptions = {}): Promise<T> {
    throwIfAborted(signal)
    let failure: { readonly error: unknown } | undefined
    try {
      return await this.#connection.transaction(async (connection) => {
        try {
          return await work(new PostgresSession(this.#tenantId, this.#tables, connection))
        } catch (error) {
          failure = { error }
          throw error
        }
      })
    } catch (error) {
      throw failure ? failure.error : toCrmError(error)
    }
  }

  load(
    entity: string,
    rows: AsyncIterable<readonly NewRow[]> | Iterable<readonly NewRow[]>,
    options: LoadOptions = {},
  ): Promise<{ loaded: number; skipped: number }> {
    return loadRows(this.#connection, this.#tables, this.#tenantId, entity, rows, options)
  }

  changes(after: string | undefined, limit: number, { signal }: CallOptions = {}): Promise<Change[]> {
    return this.#call(signal, () => readChanges(this.#connection, this.#tables, this.#tenantId, after, limit))
  }

  #query(text: string, values: readonly SqlValue[]): Promise<QueryResult> {
    return this.#connection.query(this.#tables.statement(text, values))
  }

  async #call<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    throwIfAborted(signal)
    try {
      return await work()
    } catch (error) {
      throw toCrmError(error)
    }
  }
}
