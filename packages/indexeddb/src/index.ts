/** Rapport's storage in a browser, on IndexedDB. */
export type { BlockedOptions } from './blocked-wait.js'
export { type DeleteOptions, deleteIndexedDbStorage } from './delete-storage.js'
export { type IndexedDbStorageOptions, indexedDbStorage } from './indexeddb-storage.js'
export type { CounterDef } from './schema/target.js'
