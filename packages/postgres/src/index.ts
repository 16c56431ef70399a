export type { WatchMode } from './change-watchers.js'
export type {
  DriverCallOptions,
  PostgresConnection,
  PostgresDriver,
  QueryResult,
  SqlValue,
  Statement,
} from './driver.js'
export type { PgPool } from './pg-driver.js'
export type { PGliteInstance } from './pglite-driver.js'
export { type PGliteStorageOptions, pgliteStorage } from './pglite-storage.js'
export { type PostgresStorageOptions, postgresStorage } from './postgres-storage.js'
export type { ProfileName } from './profile/profile.js'
export type { PruneChangesOptions } from './prune-changes.js'
export type { PromotedColumn } from './schema/tables.js'
export { type DriverStorageOptions, type PostgresStorageAdapter, storageOnDriver } from './storage-on-driver.js'
