import { type BlockedOptions, blockedWait, waitUnblocked } from './blocked-wait.js'
import { missingIndexedDb, toCrmError } from './indexeddb-errors.js'

/** Which database to delete, and where. */
export interface DeleteOptions extends BlockedOptions {
  readonly name: string
  /** The factory to use; `globalThis.indexedDB` when left out. */
  readonly indexedDB?: IDBFactory
}

/**
 * Deletes a database and everything in it, as when a user leaves a shared device or what is stored cannot be read any more. Tabs that have
 * it open give it up. Throws `storage_failed`, reason `blocked`, when something else keeps it open for too long; it is deleted when that
 * lets go.
 */
export async function deleteIndexedDbStorage(options: DeleteOptions): Promise<void> {
  const { name } = options
  const factory = options.indexedDB ?? (globalThis.indexedDB as IDBFactory | undefined)
  if (!factory) throw missingIndexedDb()
  await new Promise<void>((resolve, reject) => {
    const request = factory.deleteDatabase(name)
    request.onsuccess = () => resolve()
    request.onerror = () => reject(toCrmError(request.error))
    request.onblocked = () => void waitUnblocked(blockedWait(options)).catch(reject)
  })
}
