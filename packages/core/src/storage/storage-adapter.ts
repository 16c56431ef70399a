import type { EntityDef, PromotedType } from './entity-def.js'
import type { FilterOp } from './filter.js'
import type { Aggregate, AggregateGroup, Query, RowPage, Search, SearchHit } from './query.js'
import type { NewRow, Path, Row } from './row.js'
import type { Write, WriteResult } from './write.js'

/** What an adapter can do. Optional methods of a session are present exactly when their capability says so. */
export interface Capabilities {
  /** Operators `find` applies by itself; what else a filter holds comes back as `residual`. */
  readonly filter: 'all' | readonly FilterOp[]
  /** `any` order is served; only those an index serves (`indexed`); or none (`none`: pages come back `unordered`). */
  readonly order: 'any' | 'indexed' | 'none'
  /** Unique indexes hold under concurrent writers. */
  readonly unique: boolean
  readonly aggregate: boolean
  readonly search: boolean
  readonly load: boolean
  /** Isolation of `transaction`, or `none` where there is no such method. */
  readonly transaction: 'none' | 'readCommitted' | 'serializable'
  /** The change feed: `none`, or how long a row that committed may stay unseen by a poller that never goes back. */
  readonly changes: 'none' | { readonly lagMs: number }
  readonly watch: boolean
  /** Reads across tenants, for the journal, jobs and timers only. */
  readonly system: boolean
  /** Acknowledged writes survive the end of the process. */
  readonly durable: boolean
  /** Most writes in one batch, at least 1,000. */
  readonly maxBatch: number
  /** Custom fields that the operator chose to keep in columns: those can be compared by range, ordered and aggregated. */
  readonly promoted?: readonly PromotedField[]
}

/** A place inside a `json` field that has a column of its own. */
export interface PromotedField {
  readonly entity: string
  /** Such as `custom.region`. */
  readonly field: Path
  /** A value of another JSON type counts as missing where the column is asked. */
  readonly type: PromotedType
}

/** One step of a change of schema, readable before it is applied. */
export interface SchemaStep {
  readonly id: string
  /** What it does, in one sentence. */
  readonly description: string
  readonly sql?: readonly string[]
  /** Readers and writers go on while it runs. */
  readonly online: boolean
  readonly destructive: boolean
}

/** Difference between what is stored and what the definitions ask for. No steps: up to date. */
export interface SchemaPlan {
  readonly target: readonly EntityDef[]
  readonly steps: readonly SchemaStep[]
}

/** One entry of the change feed. Within a record, entries come in the order of their commits; the newest may stand for older ones. */
export interface Change {
  /** Opaque position; pass the last one seen as `after`. */
  readonly position: string
  readonly entity: string
  readonly id: string
  readonly kind: 'put' | 'delete'
  readonly version: number
}

/** What is read from a stream into one entity. */
export interface LoadOptions {
  /** What to do with a row whose id exists: fail (default), leave it, or replace it. */
  readonly onExisting?: 'error' | 'skip' | 'replace'
  readonly signal?: AbortSignal
}

/** Options of a call that does I/O. */
export interface CallOptions {
  readonly signal?: AbortSignal
}

/** What one tenant sees. Every call is scoped because the session is; nothing in it names a tenant. */
export interface StorageSession {
  /** The rows of the given ids, in that order, holes kept. At most 1,000 ids. */
  getMany(entity: string, ids: readonly string[], options?: CallOptions): Promise<(Row | undefined)[]>
  find(query: Query): Promise<RowPage>
  /**
   * All or nothing. Throws `conflict` or `not_found` with `details.writeIndex`. The batch is the caller's: nothing of it is changed, and
   * what a storage keeps of it beyond the call it copies.
   */
  write(batch: readonly Write[], options?: CallOptions): Promise<WriteResult[]>
  aggregate?(aggregate: Aggregate): Promise<AggregateGroup[]>
  search?(search: Search): Promise<SearchHit[]>
  /**
   * Runs `work` in one transaction: commits when it returns, rolls back when it throws. Where others interfered it fails with a
   * `conflict` whose `details.reason` is `serialization` and `details.retriable` is true: run it again.
   */
  transaction?<T>(work: (session: StorageSession) => Promise<T>, options?: CallOptions): Promise<T>
  /** Bulk load; each batch of the stream is atomic, the whole is not. */
  load?(
    entity: string,
    rows: AsyncIterable<readonly NewRow[]> | Iterable<readonly NewRow[]>,
    options?: LoadOptions,
  ): Promise<{ loaded: number; skipped: number }>
  /** Changes behind a position (from the beginning without one), oldest first. At least once, never lost. */
  changes?(after: string | undefined, limit: number, options?: CallOptions): Promise<Change[]>
  /** Calls `wake` when something may have changed: a hint, poll `changes` for the truth. Returns how to stop. */
  watch?(wake: () => void): () => void
}

/** A row read across tenants. */
export interface SystemRow {
  readonly tenantId: string
  readonly row: Row
}

/** Reads across tenants, in the order of (query order, tenant). Only for the journal, jobs and timers. */
export interface SystemReader {
  find(query: Omit<Query, 'after'>): Promise<SystemRow[]>
}

/** Whom a session serves. */
export interface SessionScope {
  readonly tenantId: string
  /** A transaction of the host (anything with a `query`) that writes shall join, where the adapter can. */
  readonly transaction?: unknown
}

/** A storage backend. Write one, then prove it with `@rapport/conformance`. */
export interface StorageAdapter {
  readonly name: string
  readonly apiVersion: 1
  readonly capabilities: Capabilities
  /** Whether core may apply schema changes when it starts (`auto`), or an operator must (`explicit`). */
  readonly migrate: 'auto' | 'explicit'
  /** Connects. Called once before any other method. */
  open(options?: CallOptions): Promise<void>
  /** Compares what is stored with what is asked for. Also tells the adapter the definitions its sessions work with. */
  plan(target: readonly EntityDef[], options?: CallOptions): Promise<SchemaPlan>
  /** Brings the schema up to the plan, under a lock, in steps that can be repeated. */
  apply(plan: SchemaPlan, options?: CallOptions): Promise<void>
  session(scope: SessionScope): StorageSession
  /** Ids of all tenants that have rows, in code point order. */
  tenants(options?: CallOptions): AsyncIterable<string>
  /** Present exactly when `capabilities.system`. */
  system?(): SystemReader
  /** Releases everything. Later calls fail with `storage_failed`. Calling it twice is allowed. */
  close(): Promise<void>
}
