import {
  type CallOptions,
  type Capabilities,
  CrmError,
  type EntityDef,
  type SchemaPlan,
  type SessionScope,
  type StorageAdapter,
  type StorageSession,
  type SystemReader,
  storageClosed,
  throwIfAborted,
} from '@rapport/core/storage'
import type { PostgresDriver } from './driver.js'
import { hostTransaction } from './host-transaction.js'
import { toCrmError } from './postgres-errors.js'
import { rowOf } from './row-mapping.js'
import { applySteps } from './schema/apply.js'
import { readCatalogue } from './schema/catalogue.js'
import { planSteps, tablesFor } from './schema/plan.js'
import { joinedConnection, pooledConnection } from './session-connection.js'
import { compileSystemFind } from './sql-query.js'
import { StatementNames } from './statement-names.js'
import { PostgresSession } from './storage-session.js'
import { StorageTables } from './storage-tables.js'
import { tenantIds } from './tenant-ids.js'

/** How a storage on PostgreSQL behaves, whatever the driver. */
export interface DriverStorageOptions {
  /** Shown in messages; `postgres` when left out. */
  readonly name?: string
  /** PostgreSQL schema that holds all tables; `rapport` when left out. */
  readonly schema?: string
  /** Whether core applies schema changes when it starts; `explicit` when left out. */
  readonly migrate?: 'auto' | 'explicit'
  /** Whether acknowledged writes outlive the process; true when left out. */
  readonly durable?: boolean
  /** Whether repeated statements are prepared under a name; true when left out. Set false behind a proxy that pools transactions. */
  readonly preparedStatements?: boolean
  /**
   * Milliseconds that a committed change may stay unseen in the change feed; 250 when left out. The feed waits for the oldest transaction
   * that writes anywhere on the server, so this should be as long as such transactions last; with one connection it is 0.
   */
  readonly feedLagMs?: number
}

/** Oldest PostgreSQL that has all the storage uses: 64-bit transaction ids came with 13. */
const oldestServer = 130_000

/**
 * A storage on any driver: one that is given, or one that `open` is to make. The driver is closed with the storage.
 *
 * Throws `TypeError` for a schema name that is empty or longer than 63 bytes.
 */
export function storageOnDriver(
  driver: PostgresDriver | (() => Promise<PostgresDriver>),
  options: DriverStorageOptions = {},
): StorageAdapter {
  return new PostgresStorage(driver, options)
}

class PostgresStorage implements StorageAdapter {
  readonly name: string
  readonly apiVersion = 1
  readonly capabilities: Capabilities
  readonly migrate: 'auto' | 'explicit'
  readonly #schema: string
  readonly #makeDriver: () => Promise<PostgresDriver>
  readonly #tables: StorageTables
  #driver: PostgresDriver | undefined

  constructor(
    driver: PostgresDriver | (() => Promise<PostgresDriver>),
    {
      name = 'postgres',
      schema = 'rapport',
      migrate = 'explicit',
      durable = true,
      preparedStatements = true,
      feedLagMs = 250,
    }: DriverStorageOptions,
  ) {
    if (schema === '' || new TextEncoder().encode(schema).length > 63 || schema.includes('\u0000')) {
      throw new TypeError('schema must be a name of 1 to 63 bytes')
    }
    this.name = name
    this.migrate = migrate
    this.capabilities = {
      filter: 'all',
      order: 'any',
      unique: true,
      aggregate: true,
      search: true,
      load: true,
      transaction: 'readCommitted',
      changes: { lagMs: feedLagMs },
      watch: false,
      system: true,
      durable,
      maxBatch: 10_000,
    }
    this.#schema = schema
    this.#makeDriver = typeof driver === 'function' ? driver : async () => driver
    this.#tables = new StorageTables(schema, preparedStatements ? new StatementNames() : undefined)
  }

  async open({ signal }: CallOptions = {}): Promise<void> {
    throwIfAborted(signal)
    const driver = await this.#makeDriver().catch((error: unknown) => {
      throw error instanceof TypeError ? error : toCrmError(error)
    })
    try {
      await requireServer(driver)
    } catch (error) {
      await driver.close().catch(() => {})
      throw toCrmError(error)
    }
    this.#driver = driver
  }

  async plan(target: readonly EntityDef[], { signal }: CallOptions = {}): Promise<SchemaPlan> {
    throwIfAborted(signal)
    const driver = this.#requireDriver()
    try {
      const catalogue = await readCatalogue(driver, this.#schema)
      const tables = tablesFor(target, this.#schema, catalogue)
      const steps = planSteps(target, tables, this.#schema, catalogue)
      this.#tables.set(tables)
      return { target, steps }
    } catch (error) {
      throw toCrmError(error)
    }
  }

  async apply(plan: SchemaPlan, { signal }: CallOptions = {}): Promise<void> {
    throwIfAborted(signal)
    try {
      await applySteps(this.#requireDriver(), this.#schema, plan, signal)
    } catch (error) {
      throw toCrmError(error)
    }
  }

  /**
   * `transaction` joins the host's: a client of `pg` or a transaction of PGlite that has begun. Calls of this session run one after the
   * other, each write under a savepoint, and the host commits.
   */
  session({ tenantId, transaction }: SessionScope): StorageSession {
    if (typeof tenantId !== 'string' || tenantId === '') throw new TypeError('A session needs the id of a tenant')
    const connection =
      transaction === undefined
        ? pooledConnection(() => this.#requireDriver())
        : joinedConnection(hostTransaction(transaction)).joined
    return new PostgresSession(tenantId, this.#tables, connection)
  }

  async *tenants({ signal }: CallOptions = {}): AsyncGenerator<string> {
    throwIfAborted(signal)
    try {
      for await (const id of tenantIds(this.#requireDriver(), [...this.#tables.all])) {
        throwIfAborted(signal)
        yield id
      }
    } catch (error) {
      throw toCrmError(error)
    }
  }

  system(): SystemReader {
    return {
      find: async (query) => {
        throwIfAborted(query.signal)
        const driver = this.#requireDriver()
        const { text, values, columns } = compileSystemFind(this.#tables.require(query.entity), query)
        try {
          const { rows } = await driver.query(this.#tables.statement(text, values))
          return rows.map((row) => ({ tenantId: row[0] as string, row: rowOf(columns, row, 1) }))
        } catch (error) {
          throw toCrmError(error)
        }
      },
    }
  }

  async close(): Promise<void> {
    const driver = this.#driver
    this.#driver = undefined
    this.#tables.close()
    await driver?.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #requireDriver(): PostgresDriver {
    if (!this.#driver) throw storageClosed()
    return this.#driver
  }
}

async function requireServer(driver: PostgresDriver): Promise<void> {
  const { rows } = await driver.query({
    text: "select current_setting('server_version_num')::integer, current_setting('server_encoding'), current_setting('DateStyle')",
    values: [],
  })
  const [version, encoding, dateStyle] = rows[0] ?? []
  if (Number(version) < oldestServer) {
    throw new CrmError('unsupported', 'The PostgreSQL server is too old', { remedy: 'use PostgreSQL 13 or newer' })
  }
  if (encoding !== 'UTF8') {
    throw new CrmError('unsupported', 'The database does not store text as UTF-8', {
      remedy: "create the database with encoding 'UTF8'",
    })
  }
  if (!String(dateStyle).startsWith('ISO')) {
    throw new CrmError('unsupported', 'The connections write dates in a style that cannot be read back surely', {
      remedy: "leave the setting DateStyle at its default, 'ISO'",
    })
  }
}
