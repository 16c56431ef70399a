import {
  type CallOptions,
  type Capabilities,
  CrmError,
  compareCodePoints,
  compileOrder,
  type Definitions,
  defaultMaxScan,
  definitionsOf,
  type EntityDef,
  type Query,
  requireEntity,
  type SchemaPlan,
  type SessionScope,
  type StorageAdapter,
  type StorageSession,
  type SystemReader,
  type SystemRow,
  throwIfAborted,
} from '@rapport/core/storage'
import { type BlockedOptions, blockedWait } from './blocked-wait.js'
import { ChangeHints } from './change-hints.js'
import { Connection } from './connection.js'
import { Database } from './database.js'
import { findPage } from './find-rows.js'
import { toCrmError } from './indexeddb-errors.js'
import { IndexedDbSession } from './indexeddb-session.js'
import { databaseVersion, releaseLimit } from './layout.js'
import { applyTargets } from './schema/apply.js'
import { planSteps } from './schema/plan.js'
import { type CounterDef, targetsOf } from './schema/target.js'
import { readTenantIds } from './tenant-ids.js'

/** Settings of the storage in a browser. */
export interface IndexedDbStorageOptions extends BlockedOptions {
  /** Name of the database, one per application and origin. */
  readonly name: string
  /**
   * `relaxed` (default): a write is acknowledged when the operating system has it, and can be lost in a power cut. `strict`: when the disk
   * has it; single writes take a fifth to two fifths longer.
   */
  readonly durability?: 'relaxed' | 'strict'
  /**
   * Number of the application's release, a whole number from 1; 1 when left out. Count it up when a release drops an index or a counter:
   * they are kept until then, since tabs of the same release rely on them. A tab of a lower release gives its connection up, and says
   * that the page is to be reloaded.
   */
  readonly release?: number
  /**
   * Counts kept up with every write. `aggregate` answers from them where it only counts, by those fields, filtered by those fields and by
   * whether `deletedAt` is missing; everything else reads the rows.
   */
  readonly counters?: readonly CounterDef[]
  /** Most rows that one call reads; 50,000 when left out. Beyond, it fails with `unsupported`. */
  readonly maxScan?: number
  /** The factory to use; `globalThis.indexedDB` when left out. */
  readonly indexedDB?: IDBFactory
  /**
   * Called when the connection is gone for good, with the error that later calls throw: another tab brought a newer release (`newer`), the
   * database was deleted (`deleted`), or the browser closed it twice (`connection`).
   */
  readonly onLost?: (error: CrmError) => void
}

const capabilities: Capabilities = {
  filter: 'all',
  order: 'any',
  unique: true,
  aggregate: true,
  search: true,
  load: true,
  // IndexedDB commits as soon as a transaction waits for anything but itself.
  transaction: 'none',
  changes: { lagMs: 0 },
  watch: true,
  system: true,
  durable: true,
  maxBatch: 50_000,
}

/**
 * Storage in a browser's IndexedDB, shared by all tabs and workers of an origin. Browsers may delete it when space is short or a site is
 * not used: it is a copy to work offline with, never the only one.
 *
 * Throws `TypeError` for options that make no sense. Nothing of the browser is touched before `open`.
 */
export function indexedDbStorage(options: IndexedDbStorageOptions): StorageAdapter & AsyncDisposable {
  return new IndexedDbStorage(options)
}

class IndexedDbStorage implements StorageAdapter, AsyncDisposable {
  readonly name = 'indexeddb'
  readonly apiVersion = 1
  readonly capabilities = capabilities
  readonly migrate = 'auto'
  readonly #connection: Connection
  readonly #database: Database
  readonly #hints: ChangeHints
  readonly #counters: readonly CounterDef[]
  readonly #maxScan: number
  readonly #release: number
  #definitions: Definitions = new Map()

  constructor(options: IndexedDbStorageOptions) {
    const { name, durability = 'relaxed', release = 1, counters = [], maxScan = defaultMaxScan } = options
    if (typeof name !== 'string' || name === '') throw new TypeError('name must be the name of a database')
    if (durability !== 'relaxed' && durability !== 'strict') {
      throw new TypeError("durability must be 'relaxed' or 'strict'")
    }
    if (!Number.isSafeInteger(release) || release < 1 || release >= releaseLimit) {
      throw new TypeError('release must be a whole number of at least 1')
    }
    if (!Number.isSafeInteger(maxScan) || maxScan < 1)
      throw new TypeError('maxScan must be a whole number of at least 1')
    this.#connection = new Connection({
      name,
      version: databaseVersion(release),
      durability,
      factory: options.indexedDB,
      blocked: blockedWait(options),
      onLost: options.onLost,
    })
    this.#database = new Database(this.#connection)
    this.#hints = new ChangeHints(name)
    this.#counters = counters
    this.#maxScan = maxScan
    this.#release = release
  }

  async open({ signal }: CallOptions = {}): Promise<void> {
    await this.#mapped(async () => {
      await this.#connection.open(signal)
      this.#hints.open()
    })
  }

  async plan(target: readonly EntityDef[], { signal }: CallOptions = {}): Promise<SchemaPlan> {
    throwIfAborted(signal)
    this.#connection.requireOpen()
    return this.#mapped(async () => {
      const targets = targetsOf(target, this.#counters)
      const steps = planSteps(await this.#database.catalogue(signal), targets, this.#release)
      this.#definitions = definitionsOf(target)
      return { target, steps }
    })
  }

  async apply({ target }: SchemaPlan, { signal }: CallOptions = {}): Promise<void> {
    throwIfAborted(signal)
    this.#connection.requireOpen()
    const targets = targetsOf(target, this.#counters)
    await this.#mapped(() => applyTargets(this.#database, targets, this.#release, signal))
  }

  session({ tenantId, transaction }: SessionScope): StorageSession {
    requireTenantId(tenantId)
    if (transaction !== undefined) {
      throw new CrmError('unsupported', 'The storage in a browser cannot join a transaction of the host', {
        remedy: 'leave the transaction out and write one batch',
      })
    }
    return new IndexedDbSession(tenantId, {
      database: this.#database,
      hints: this.#hints,
      definitions: () => this.#definitions,
      maxScan: this.#maxScan,
    })
  }

  async *tenants({ signal }: CallOptions = {}): AsyncGenerator<string> {
    throwIfAborted(signal)
    this.#connection.requireOpen()
    yield* await this.#mapped(() => this.#connection.run(['rows'], 'readonly', readTenantIds, signal))
  }

  system(): SystemReader {
    return {
      find: async (query) => {
        throwIfAborted(query.signal)
        this.#connection.requireOpen()
        const def = requireEntity(this.#definitions, query.entity)
        const compare = compileOrder(def, query.order)
        const found = await this.#mapped(() => this.#findAcrossTenants(def, query))
        return found
          .sort((left, right) => compare(left.row, right.row) || compareCodePoints(left.tenantId, right.tenantId))
          .slice(0, query.limit)
      },
    }
  }

  async close(): Promise<void> {
    this.#hints.close()
    this.#connection.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  /** The first rows of every tenant, in one transaction. */
  #findAcrossTenants(def: EntityDef, query: Query): Promise<SystemRow[]> {
    return this.#database.read({
      entity: def.name,
      stores: ['rows'],
      run: async (transaction, indexes) => {
        const tenantIds = await readTenantIds(transaction)
        const pages = tenantIds.map(async (tenantId) => {
          const { rows } = await findPage({ transaction, def, indexes, tenantId, maxScan: this.#maxScan }, query)
          return rows.map((row) => ({ tenantId, row }))
        })
        return (await Promise.all(pages)).flat()
      },
      signal: query.signal,
    })
  }

  async #mapped<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      throw toCrmError(error)
    }
  }
}

function requireTenantId(tenantId: unknown): void {
  if (typeof tenantId !== 'string' || tenantId === '' || tenantId.includes('\u0000')) {
    throw new TypeError('A session needs the id of a tenant, a text without U+0000')
  }
}
