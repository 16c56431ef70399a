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
import { ChangeWatchers, type WatchMode } from './change-watchers.js'
import type { PostgresConnection, PostgresDriver } from './driver.js'
import { hostTransaction } from './host-transaction.js'
import { toCrmError } from './postgres-errors.js'
import { type Profile, type ProfileName, profileOf } from './profile/profile.js'
import { type PruneChangesOptions, pruneChanges } from './prune-changes.js'
import { rowOf } from './row-mapping.js'
import { securedConnection, securedDriver, setSystem, setTenant } from './row-security.js'
import { applySchema } from './schema/apply.js'
import { planSchema, type SchemaSettings } from './schema/plan.js'
import type { PromotedColumn } from './schema/tables.js'
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
  /** What engine the driver leads to; `postgres` when left out. What an engine lacks is not used under its profile. */
  readonly profile?: ProfileName
  /**
   * Custom fields that get a column each, such as `{ entity: 'contact', field: 'custom.region', type: 'text', order: true }`: those can be
   * compared by range, ordered and aggregated. `order` adds an index. Applying the plan fills the columns while writers go on. A field
   * that is left out of a list is no longer promoted, and its values stay where they are; without a list nothing changes.
   */
  readonly promote?: readonly PromotedColumn[]
  /**
   * Whether PostgreSQL itself keeps tenants apart too: policies let a transaction see and write the rows of the tenant it names and
   * nothing else, for whatever SQL. It is off when left out; `false` also gives it up where it is on. Every call becomes a transaction,
   * which takes a single fast statement two to three times as long, and a batch of hundreds hardly longer. Connect as a role that is no superuser: those pass all policies.
   */
  readonly rowLevelSecurity?: boolean
  /**
   * Milliseconds that a committed change may stay unseen in the change feed; that of the profile when left out, 250 for `postgres`. It waits for the oldest transaction
   * that writes anywhere on the server, so this should be as long as such transactions last; with one connection it is 0.
   */
  readonly feedLagMs?: number
  /**
   * Whether sessions have `watch`, and what wakes it: changes made through this storage (`process`), or with `NOTIFY` those of other
   * processes too (`server`), which takes a connection for listening and a short statement behind each write. Off when left out.
   */
  readonly watch?: WatchMode
}

/** A storage on PostgreSQL, with what its operator does besides. */
export interface PostgresStorageAdapter extends StorageAdapter {
  /**
   * Removes old entries of the change feed of all tenants, and returns how many those were. A poller that is further behind fails from then
   * on with `not_found`, `details.reason` `pruned`: it has to start over. Everybody else goes on undisturbed. Run it now and then, with
   * a bound that lies well behind the slowest poller.
   */
  pruneChanges(options: PruneChangesOptions): Promise<{ readonly removed: number }>
}

/** Oldest PostgreSQL that has all the storage uses: 64-bit transaction ids came with 13. */
const oldestServer = 130_000

/**
 * A storage on any driver: one that is given, or one that `open` is to make. The driver is closed with the storage.
 *
 * Throws `TypeError` for a schema name that is empty or longer than 63 bytes, and for `watch: 'server'` under a profile without `NOTIFY`.
 */
export function storageOnDriver(
  driver: PostgresDriver | (() => Promise<PostgresDriver>),
  options: DriverStorageOptions = {},
): PostgresStorageAdapter {
  return new PostgresStorage(driver, options)
}

class PostgresStorage implements PostgresStorageAdapter {
  readonly name: string
  readonly apiVersion = 1
  readonly capabilities: Capabilities
  readonly migrate: 'auto' | 'explicit'
  #settings: SchemaSettings
  readonly #profile: Profile
  readonly #makeDriver: () => Promise<PostgresDriver>
  readonly #tables: StorageTables
  readonly #watchers: ChangeWatchers | undefined
  #driver: PostgresDriver | undefined

  constructor(
    driver: PostgresDriver | (() => Promise<PostgresDriver>),
    {
      name = 'postgres',
      schema = 'rapport',
      migrate = 'explicit',
      durable = true,
      preparedStatements = true,
      profile: profileName = 'postgres',
      promote,
      rowLevelSecurity,
      feedLagMs = profileOf(profileName).feedLagMs,
      watch,
    }: DriverStorageOptions,
  ) {
    if (schema === '' || new TextEncoder().encode(schema).length > 63 || schema.includes('\u0000')) {
      throw new TypeError('schema must be a name of 1 to 63 bytes')
    }
    if (watch === 'server' && !profileOf(profileName).notify) {
      throw new TypeError(`the profile ${profileName} has no NOTIFY; use watch: 'process', or poll`)
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
      watch: watch !== undefined,
      system: true,
      durable,
      maxBatch: 10_000,
      ...(promote && { promoted: promote.map(({ entity, field, type }) => ({ entity, field, type })) }),
    }
    this.#profile = profileOf(profileName)
    this.#settings = { schema, profile: this.#profile, promote, rowLevelSecurity }
    this.#makeDriver = typeof driver === 'function' ? driver : async () => driver
    this.#tables = new StorageTables(
      schema,
      preparedStatements ? new StatementNames() : undefined,
      this.#profile,
      feedLagMs,
    )
    this.#watchers = watch && new ChangeWatchers(schema, watch, () => this.#requireDriver())
  }

  async open({ signal }: CallOptions = {}): Promise<void> {
    throwIfAborted(signal)
    const driver = await this.#makeDriver().catch((error: unknown) => {
      throw error instanceof TypeError ? error : toCrmError(error)
    })
    try {
      await requireServer(driver)
      if (this.#profile.name === 'cockroach') await requireNullsLast(driver)
    } catch (error) {
      await driver.close().catch(() => {})
      throw toCrmError(error)
    }
    this.#driver = driver
    if (driver.connections === 1) {
      const profile = { ...this.#profile, migrationLock: 'transaction', indexBuild: 'plain' } as const
      if (profile.transactionalDdl) this.#settings = { ...this.#settings, profile }
    }
  }

  async plan(target: readonly EntityDef[], { signal }: CallOptions = {}): Promise<SchemaPlan> {
    throwIfAborted(signal)
    const driver = this.#requireDriver()
    try {
      const { tables, steps, isHalfMigrated } = await planSchema(driver, target, this.#settings)
      this.#tables.set(tables, isHalfMigrated)
      return { target, steps }
    } catch (error) {
      throw error instanceof TypeError ? error : toCrmError(error)
    }
  }

  async apply(plan: SchemaPlan, { signal }: CallOptions = {}): Promise<void> {
    throwIfAborted(signal)
    if (plan.steps.length === 0) return
    try {
      await applySchema(this.#requireDriver(), plan.target, this.#settings, { signal })
      this.#tables.markApplied()
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
    const own = this.#settings.rowLevelSecurity ? setTenant(this.#profile, tenantId) : undefined
    const pooled = (): PostgresDriver => (own ? securedDriver(this.#requireDriver(), own) : this.#requireDriver())
    const joined = (): PostgresConnection => {
      const connection = hostTransaction(transaction)
      return own ? securedConnection(connection, own) : connection
    }
    const connection = transaction === undefined ? pooledConnection(pooled) : joinedConnection(joined()).joined
    const host = transaction === undefined ? undefined : connection
    return new PostgresSession(tenantId, this.#tables, connection, this.#watchers?.of(tenantId, host))
  }

  async pruneChanges({ before, signal }: PruneChangesOptions): Promise<{ removed: number }> {
    throwIfAborted(signal)
    const driverOf = (tenantId: string): PostgresDriver =>
      this.#settings.rowLevelSecurity
        ? securedDriver(this.#requireDriver(), setTenant(this.#profile, tenantId))
        : this.#requireDriver()
    try {
      return await pruneChanges({ all: this.#requireSystemDriver(), driverOf }, this.#tables, { before, signal })
    } catch (error) {
      throw toCrmError(error)
    }
  }

  async *tenants({ signal }: CallOptions = {}): AsyncGenerator<string> {
    throwIfAborted(signal)
    try {
      for await (const id of tenantIds(this.#requireSystemDriver(), [...this.#tables.all], this.#profile)) {
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
        const driver = this.#requireSystemDriver()
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
    await this.#watchers?.close()
    await driver?.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #requireDriver(): PostgresDriver {
    if (!this.#driver) throw storageClosed()
    return this.#driver
  }

  /** For reads across tenants. */
  #requireSystemDriver(): PostgresDriver {
    const driver = this.#requireDriver()
    return this.#settings.rowLevelSecurity ? securedDriver(driver, setSystem(this.#profile)) : driver
  }
}

/** CockroachDB sorts missing values first unless told otherwise. */
async function requireNullsLast(driver: PostgresDriver): Promise<void> {
  const { rows } = await driver.query({ text: "select current_setting('null_ordered_last', true)", values: [] })
  const setting = rows[0]?.[0]
  if (setting === null || setting === undefined || setting === 'on') return
  throw new CrmError('unsupported', 'The connections sort missing values first', {
    remedy: 'set null_ordered_last = on for the role: alter role … set null_ordered_last = on',
  })
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
