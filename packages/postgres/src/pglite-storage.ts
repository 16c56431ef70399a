import type { PostgresDriver } from './driver.js'
import { openPGlite } from './open-pglite.js'
import { type PGliteInstance, pgliteDriver } from './pglite-driver.js'
import { pgliteProtocolDriver } from './pglite-protocol-driver.js'
import { type DriverStorageOptions, type PostgresStorageAdapter, storageOnDriver } from './storage-on-driver.js'

/** Settings of the storage on PGlite, PostgreSQL inside this process. */
export interface PGliteStorageOptions extends Pick<DriverStorageOptions, 'promote' | 'rowLevelSecurity'> {
  /** Directory that keeps the data; it must not be open in another process. In memory when left out. */
  readonly dataDir?: string
  /**
   * Archive of a data directory that a new database begins with, as `dumpDataDir` of PGlite makes it. Starting from the archive of an
   * empty database takes about a third of the time of making one, which counts in test suites.
   */
  readonly loadDataDir?: Blob
  /** An instance that the host has. It stays open when the storage is closed. */
  readonly pglite?: PGliteInstance
  /** PostgreSQL schema that holds all tables; `rapport` when left out. */
  readonly schema?: string
  /**
   * `auto`: core applies schema changes when it starts; `explicit`: an operator does. When left out, `auto` for a database that the
   * storage opens itself, since nobody else can reach it, and `explicit` for an instance of the host.
   */
  readonly migrate?: 'explicit' | 'auto'
}

/**
 * Storage on PGlite, in memory or in a directory. It has one connection: a running transaction makes every other call wait, so inside
 * `transaction` use the session that is handed in. Throws `TypeError` when `pglite` comes with a `dataDir` or `loadDataDir`.
 */
export function pgliteStorage({
  dataDir,
  loadDataDir,
  pglite,
  schema = 'rapport',
  migrate,
  ...rest
}: PGliteStorageOptions = {}): PostgresStorageAdapter {
  if (pglite !== undefined && (dataDir !== undefined || loadDataDir !== undefined))
    throw new TypeError('pgliteStorage takes a pglite or what opens one (dataDir, loadDataDir), not both')
  const options = {
    ...rest,
    name: 'pglite',
    profile: 'pglite',
    schema,
    durable: isDirectory(pglite?.dataDir ?? dataDir),
    // Whoever writes does so in this process, and with a database of its own through this storage.
    watch: 'process',
  } as const
  if (pglite) {
    return storageOnDriver(pgliteDriver(pglite), {
      ...options,
      migrate: migrate ?? 'explicit',
      preparedStatements: false,
    })
  }
  const open = async (): Promise<PostgresDriver> => pgliteProtocolDriver(await openPGlite({ dataDir, loadDataDir }))
  return storageOnDriver(open, { ...options, migrate: migrate ?? 'auto' })
}

function isDirectory(dataDir: string | undefined): boolean {
  return dataDir !== undefined && !dataDir.startsWith('memory://')
}
