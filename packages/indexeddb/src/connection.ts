import { CrmError, storageClosed, throwIfAborted } from '@rapport/core/storage'
import { type BlockedWait, waitUnblocked } from './blocked-wait.js'
import { completionOf } from './idb-request.js'
import {
  deletedDatabase,
  foreignDatabase,
  lostConnection,
  missingIndexedDb,
  nameOf,
  outdatedTab,
  toCrmError,
  unknownOutcome,
} from './indexeddb-errors.js'
import { createLayout, hasLayout, type StoreName } from './layout.js'

/** Where the database is, and who wants to hear of it. */
export interface ConnectionOptions {
  readonly name: string
  readonly version: number
  readonly durability: IDBTransactionDurability
  /** The factory to use; `globalThis.indexedDB` at the time of opening when left out. */
  readonly factory: IDBFactory | undefined
  /** How long to wait for another tab that keeps an older version open. */
  readonly blocked: BlockedWait
  /** The connection was given up for good; later calls fail with this error. */
  readonly onLost: ((error: CrmError) => void) | undefined
}

type State =
  | { readonly is: 'closed' }
  | { readonly is: 'open'; readonly database: IDBDatabase }
  /** The browser closed the database by itself: the next call opens it once more. */
  | { readonly is: 'dropped' }
  | { readonly is: 'lost'; readonly error: CrmError }

/** One connection to the database, which outlives a forced close and gives way to newer tabs. */
export class Connection {
  readonly #options: ConnectionOptions
  readonly #settings: IDBTransactionOptions
  #state: State = { is: 'closed' }
  #reopening: Promise<IDBDatabase> | undefined
  #generation = 0
  /** Whether nothing has been done since the browser closed the database and it was opened again. */
  #isFresh = false

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.#settings = { durability: options.durability }
  }

  /** Counts how often the database was opened. */
  get generation(): number {
    return this.#generation
  }

  /** Opens the database, making it when it is not there. */
  async open(signal: AbortSignal | undefined): Promise<void> {
    throwIfAborted(signal)
    if (this.#state.is === 'open') return
    this.#adopt(await this.#request(true, signal))
    this.#isFresh = false
  }

  close(): void {
    if (this.#state.is === 'open') this.#state.database.close()
    this.#state = { is: 'closed' }
  }

  /** Throws when the storage is not open. */
  requireOpen(): void {
    if (this.#state.is === 'closed') throw storageClosed()
    if (this.#state.is === 'lost') throw this.#state.error
  }

  /**
   * Runs `work` in one transaction; it may await nothing but requests of that transaction. A `readwrite` one resolves when it has
   * committed. Throws what `work` throws, after rolling back, else the exception of IndexedDB, or `aborted` when the signal fired.
   */
  async run<T>(
    stores: readonly StoreName[],
    mode: 'readonly' | 'readwrite',
    work: (transaction: IDBTransaction) => Promise<T> | T,
    signal?: AbortSignal,
  ): Promise<T> {
    throwIfAborted(signal)
    const transaction = this.#beginNow(stores, mode) ?? (await this.#beginAgain(stores, mode))
    const completion = mode === 'readwrite' ? completionOf(transaction) : undefined
    const abort = (): void => abortIfActive(transaction)
    signal?.addEventListener('abort', abort)
    let isDone = false
    try {
      // It may have fired while the database was opened anew.
      throwIfAborted(signal)
      const result = await work(transaction)
      isDone = true
      await completion
      this.#isFresh = false
      return result
    } catch (error) {
      abort()
      await completion?.catch(() => {})
      throwIfAborted(signal)
      // Nobody here gave the transaction up, and it was ready to commit: the connection broke, before or after it did.
      throw isDone && transaction.error === null ? unknownOutcome() : (transaction.error ?? error)
    } finally {
      signal?.removeEventListener('abort', abort)
    }
  }

  /** Begins a transaction, unless the database has to be opened again first. */
  #beginNow(stores: readonly StoreName[], mode: 'readonly' | 'readwrite'): IDBTransaction | undefined {
    this.requireOpen()
    if (this.#state.is !== 'open') return undefined
    const { database } = this.#state
    try {
      return database.transaction(stores, mode, this.#settings)
    } catch (error) {
      // The browser is closing the database, and its event is yet to come.
      if (nameOf(error) !== 'InvalidStateError') throw error
      this.#drop(database)
      this.requireOpen()
      return undefined
    }
  }

  async #beginAgain(stores: readonly StoreName[], mode: 'readonly' | 'readwrite'): Promise<IDBTransaction> {
    const database = await this.#reopen()
    return database.transaction(stores, mode, this.#settings)
  }

  #reopen(): Promise<IDBDatabase> {
    this.#reopening ??= this.#request(false, undefined)
      .then(
        (database) => {
          if (this.#state.is !== 'dropped') {
            database.close()
            throw storageClosed()
          }
          this.#adopt(database)
          this.#isFresh = true
          return database
        },
        (error: unknown) => {
          throw this.#lose(toCrmError(error))
        },
      )
      .finally(() => {
        this.#reopening = undefined
      })
    return this.#reopening
  }

  #adopt(database: IDBDatabase): void {
    this.#state = { is: 'open', database }
    this.#generation++
    database.onversionchange = ({ newVersion }) => {
      // Whoever waits for this connection goes on as soon as it is closed.
      database.close()
      if (this.#isCurrent(database)) this.#lose(newVersion === null ? deletedDatabase() : outdatedTab())
    }
    database.onclose = () => this.#drop(database)
  }

  #drop(database: IDBDatabase): void {
    if (!this.#isCurrent(database)) return
    if (this.#isFresh) this.#lose(lostConnection())
    else this.#state = { is: 'dropped' }
  }

  #isCurrent(database: IDBDatabase): boolean {
    return this.#state.is === 'open' && this.#state.database === database
  }

  #lose(error: CrmError): CrmError {
    this.#state = { is: 'lost', error }
    this.#options.onLost?.(error)
    return error
  }

  #request(create: boolean, signal: AbortSignal | undefined): Promise<IDBDatabase> {
    const { name, version, blocked } = this.#options
    const factory = this.#options.factory ?? (globalThis.indexedDB as IDBFactory | undefined)
    if (!factory) throw missingIndexedDb()
    return new Promise((resolve, reject) => {
      const request = factory.open(name, version)
      let isGivenUp = false
      const giveUp = (error: unknown): void => {
        // The request cannot be taken back; what it brings later is closed at once.
        isGivenUp = true
        signal?.removeEventListener('abort', stop)
        reject(error)
      }
      const stop = (): void => {
        giveUp(new CrmError('aborted', 'The call was aborted by its signal', {}, { cause: signal?.reason }))
      }
      signal?.addEventListener('abort', stop)
      request.onupgradeneeded = ({ oldVersion }) => {
        if (isGivenUp || (oldVersion === 0 && !create)) {
          if (!isGivenUp) giveUp(deletedDatabase())
          request.transaction?.abort()
        } else createLayout(request.result, oldVersion)
      }
      request.onblocked = () => void waitUnblocked(blocked).catch(giveUp)
      request.onerror = () => giveUp(request.error)
      request.onsuccess = () => {
        const database = request.result
        if (!hasLayout(database)) giveUp(foreignDatabase())
        if (isGivenUp) database.close()
        else {
          signal?.removeEventListener('abort', stop)
          resolve(database)
        }
      }
    })
  }
}

function abortIfActive(transaction: IDBTransaction): void {
  try {
    transaction.abort()
  } catch {
    // It has ended already.
  }
}
