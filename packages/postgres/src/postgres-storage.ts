import { openPgPool, type PgPool, pgDriver } from './pg-driver.js'
import type { ProfileName } from './profile/profile.js'
import { type DriverStorageOptions, type PostgresStorageAdapter, storageOnDriver } from './storage-on-driver.js'

/** Settings of the storage on a PostgreSQL server. */
export interface PostgresStorageOptions
  extends Pick<DriverStorageOptions, 'promote' | 'rowLevelSecurity' | 'feedLagMs' | 'watch'> {
  /** What engine answers there; `postgres` when left out. What an engine lacks is not used under its profile. */
  readonly profile?: Exclude<ProfileName, 'pglite'>
  /** Where the server is: `postgresql://user:password@host:5432/database`. Give this or `pool`. */
  readonly connectionString?: string
  /** A pool of `pg` that the host has. It stays open when the storage is closed. */
  readonly pool?: PgPool
  /** PostgreSQL schema that holds all tables; `rapport` when left out. */
  readonly schema?: string
  /** `explicit` (default): an operator applies schema changes. `auto`: core does when it starts. */
  readonly migrate?: 'explicit' | 'auto'
  /** Milliseconds after which the server ends a statement; the server's own setting when left out. Not together with `pool`. */
  readonly statementTimeoutMs?: number
  /** Whether repeated statements are prepared under a name; true when left out. Set false behind a proxy that pools transactions. */
  readonly preparedStatements?: boolean
}

/**
 * Storage on a PostgreSQL server (13 or newer) through `pg`, which is loaded only when a connection string is given. It connects in
 * `open`. Throws `TypeError` when both or neither of `connectionString` and `pool` are given.
 */
export function postgresStorage(options: PostgresStorageOptions): PostgresStorageAdapter {
  const { connectionString, pool, statementTimeoutMs, ...rest } = options
  if ((connectionString === undefined) === (pool === undefined)) {
    throw new TypeError('postgresStorage needs either a connectionString or a pool')
  }
  if (statementTimeoutMs !== undefined && (!Number.isSafeInteger(statementTimeoutMs) || statementTimeoutMs < 1)) {
    throw new TypeError('statementTimeoutMs must be a whole number of at least 1')
  }
  if (pool !== undefined) {
    if (statementTimeoutMs !== undefined) throw new TypeError('set statement_timeout on the pool itself')
    if (rest.watch === 'server' && pool.options?.max === 1) {
      throw new TypeError("watch: 'server' needs a pool of at least two connections, one of which listens")
    }
    return storageOnDriver(pgDriver(pool), rest)
  }
  return storageOnDriver(async () => {
    const timeout = statementTimeoutMs === undefined ? {} : { statementTimeoutMs }
    return pgDriver(await openPgPool({ connectionString: connectionString!, ...timeout }), true)
  }, rest)
}
