import {
  type Aggregate,
  type AggregateGroup,
  type CallOptions,
  type Change,
  isCrmError,
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
import { abortableConnection } from './abortable-connection.js'
import type { TenantWatchers } from './change-watchers.js'
import { loadRows } from './load-rows.js'
import { toCrmError } from './postgres-errors.js'
import { readChanges } from './read-changes.js'
import { rowOf, scalarOf } from './row-mapping.js'
import type { SessionConnection } from './session-connection.js'
import { compileAggregate } from './sql-aggregate.js'
import { compileFind, compileGetMany } from './sql-query.js'
import { compileSearch } from './sql-search.js'
import type { StorageTables } from './storage-tables.js'
import { writeBatch } from './write-batch.js'

/** One tenant's view of the database. Calls are expected to be checked, as core's guard does. */
export class PostgresSession implements StorageSession {
  readonly #tenantId: string
  readonly #tables: StorageTables
  readonly #connection: SessionConnection
  readonly #watchers: TenantWatchers | undefined
  /** Present where the storage has watchers. */
  readonly watch?: (wake: () => void) => () => void

  constructor(tenantId: string, tables: StorageTables, connection: SessionConnection, watchers?: TenantWatchers) {
    this.#tenantId = tenantId
    this.#tables = tables
    this.#connection = connection
    this.#watchers = watchers
    if (watchers) this.watch = watchers.watch
  }

  getMany(entity: string, ids: readonly string[], { signal }: CallOptions = {}): Promise<(Row | undefined)[]> {
    return this.#call(signal, async (on) => {
      if (ids.length === 0) return []
      const { text, values, columns } = compileGetMany(
        this.#tables.require(entity),
        this.#tenantId,
        ids,
        this.#tables.profile,
      )
      const { rows } = await on.query(this.#tables.statement(text, values))
      if (ids.length === 1) return rows.length === 0 ? [undefined] : [rowOf(columns, rows[0]!)]
      const found = new Map(rows.map((row) => [row[0] as string, row]))
      return ids.map((id) => {
        const row = found.get(id)
        return row && rowOf(columns, row)
      })
    })
  }

  find(query: Query): Promise<RowPage> {
    return this.#call(query.signal, async (on) => {
      const { text, values, columns } = compileFind(this.#tables.require(query.entity), this.#tenantId, query)
      const { rows } = await on.query(this.#tables.statement(text, values))
      const done = rows.length <= query.limit
      const page = (done ? rows : rows.slice(0, query.limit)).map((row) => rowOf(columns, row))
      return { rows: page, done }
    })
  }

  write(batch: readonly Write[], { signal }: CallOptions = {}): Promise<WriteResult[]> {
    return this.#changing(this.#call(signal, (on) => writeBatch(on, this.#tables, this.#tenantId, batch)))
  }

  aggregate(aggregate: Aggregate): Promise<AggregateGroup[]> {
    return this.#call(aggregate.signal, async (on) => {
      const { text, values, numeric } = compileAggregate(
        this.#tables.require(aggregate.entity),
        this.#tenantId,
        aggregate,
      )
      const keys = aggregate.by?.length ?? 0
      const names = Object.keys(aggregate.compute)
      const { rows } = await on.query(this.#tables.statement(text, values))
      return rows.map((row) => ({
        keys: row.slice(0, keys).map((value, index) => scalarOf(value, numeric[index])),
        values: Object.fromEntries(
          names.map((name, index) => [name, scalarOf(row[keys + index], numeric[keys + index])]),
        ),
      }))
    })
  }

  search(search: Search): Promise<SearchHit[]> {
    return this.#call(search.signal, async (on) => {
      const { text, values, columns } = compileSearch(this.#tables.require(search.entity), this.#tenantId, search)
      const { rows } = await on.query(this.#tables.statement(text, values))
      return rows.map((values) => {
        const row = rowOf(columns, values, 1)
        return { id: row.id, overlap: Number(values[0]), ...(search.fields && { row }) }
      })
    })
  }

  /** At read committed. An error of `work` ends the transaction and comes through as it is. */
  async transaction<T>(work: (session: StorageSession) => Promise<T>, { signal }: CallOptions = {}): Promise<T> {
    let failure: { readonly error: unknown } | undefined
    try {
      return await this.#changing(
        this.#call(signal, (on) =>
          on.transaction(async (connection) => {
            try {
              return await work(new PostgresSession(this.#tenantId, this.#tables, connection))
            } catch (error) {
              failure = { error }
              throw error
            }
          }),
        ),
      )
    } catch (error) {
      throw failure ? failure.error : error
    }
  }

  load(
    entity: string,
    rows: AsyncIterable<readonly NewRow[]> | Iterable<readonly NewRow[]>,
    { onExisting = 'error', signal }: LoadOptions = {},
  ): Promise<{ loaded: number; skipped: number }> {
    return this.#changing(
      this.#call(signal, (on) => loadRows(on, this.#tables, this.#tenantId, entity, rows, { onExisting, signal })),
    )
  }

  changes(after: string | undefined, limit: number, { signal }: CallOptions = {}): Promise<Change[]> {
    return this.#call(signal, (on) => readChanges(on, this.#tables, this.#tenantId, after, limit))
  }

  /** Tells the watchers when a call has changed something. */
  async #changing<T>(call: Promise<T>): Promise<T> {
    if (!this.#watchers) return call
    const result = await call
    await this.#watchers.changed()
    return result
  }

  /** Runs a call with its signal, and turns what the driver throws into a `CrmError`. */
  async #call<T>(signal: AbortSignal | undefined, work: (on: SessionConnection) => Promise<T>): Promise<T> {
    throwIfAborted(signal)
    try {
      return await work(signal === undefined ? this.#connection : abortableConnection(this.#connection, signal))
    } catch (error) {
      // A `CrmError` tells more than that the call was aborted: what became of it.
      if (!isCrmError(error)) throwIfAborted(signal)
      throw toCrmError(error)
    }
  }
}
