import { throwIfAborted } from '@rapport/core/storage'
import type { DriverCallOptions, PostgresConnection, QueryResult, Statement } from './driver.js'
import { type PgServerProcess, requestCancel } from './pg-cancel.js'
import { runPgCopy } from './pg-copy.js'
import { type PgQueryTarget, runPgQuery } from './pg-query.js'
import { isConnectionFailure, toCrmError } from './postgres-errors.js'

/** What is used of a client of `pg`. */
export interface PgClient extends PgQueryTarget, PgServerProcess {
  release(error?: Error | boolean): void
  on?(event: 'error', listener: () => void): unknown
}

/** What is used of a pool of `pg`. */
export interface PgPool {
  readonly options?: { readonly max?: number }
  connect(): Promise<PgClient>
  end(): Promise<void>
}

/** How long a statement has to end after a request to cancel it, in milliseconds, before its connection is closed. */
const cancelGraceMs = 2_000

/** Clients that have a listener: one that breaks while nobody asks anything of it would end the process. */
const heard = new WeakSet<PgClient>()

/** A client of a pool for the time of a call. */
export class PgLease implements PostgresConnection {
  readonly countsRows = true
  readonly #client: PgClient
  /** Set when the connection must not serve anybody else. */
  #broken = false
  #released = false

  private constructor(client: PgClient) {
    this.#client = client
  }

  /**
   * Runs `work` on a client and gives it back. An error of the server leaves the connection to the next caller; one that breaks it
   * does not. When no client is to be had, nothing was sent: that error is a `CrmError` already.
   */
  static async run<T>(pool: PgPool, signal: AbortSignal | undefined, work: (lease: PgLease) => Promise<T>): Promise<T> {
    const lease = new PgLease(await checkOut(pool, signal))
    try {
      return await work(lease)
    } finally {
      lease.#release(lease.#broken)
    }
  }

  query(statement: Statement, { signal }: DriverCallOptions = {}): Promise<QueryResult> {
    return this.#guarded(signal, () => runPgQuery(this.#client, statement))
  }

  copy(text: string, chunks: Iterable<Uint8Array<ArrayBuffer>>, { signal }: DriverCallOptions = {}): Promise<void> {
    return this.#guarded(signal, () => runPgCopy(this.#client, text, chunks))
  }

  async #guarded<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    try {
      return await (signal === undefined ? work() : this.#cancellable(signal, work))
    } catch (error) {
      if (isConnectionFailure(error)) this.#broken = true
      throw error
    }
  }

  async #cancellable<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    throwIfAborted(signal)
    let request: Promise<void> | undefined
    let grace: ReturnType<typeof setTimeout> | undefined
    const abort = (): void => {
      request = requestCancel(this.#client, cancelGraceMs)
      grace = setTimeout(() => this.#release(true), cancelGraceMs)
    }
    signal.addEventListener('abort', abort, { once: true })
    try {
      const result = await work()
      // The request came too late, and might end what the next caller runs.
      if (request) this.#broken = true
      return result
    } finally {
      signal.removeEventListener('abort', abort)
      clearTimeout(grace)
      await request
    }
  }

  /** Closing a client that is running a statement breaks its connection, and the statement rejects. */
  #release(close: boolean): void {
    if (this.#released) return
    this.#released = true
    this.#client.release(close)
  }
}

async function checkOut(pool: PgPool, signal: AbortSignal | undefined): Promise<PgClient> {
  throwIfAborted(signal)
  try {
    const client = await (signal === undefined ? pool.connect() : connectUnlessAborted(pool, signal))
    if (!heard.has(client)) {
      heard.add(client)
      client.on?.('error', () => {})
    }
    return client
  } catch (error) {
    throwIfAborted(signal)
    throw toCrmError(error)
  }
}

/** Waits in the queue of the pool until the signal fires; a client that comes later goes straight back. */
function connectUnlessAborted(pool: PgPool, signal: AbortSignal): Promise<PgClient> {
  const { promise, resolve, reject } = Promise.withResolvers<PgClient>()
  const abort = (): void => reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  pool.connect().then(
    (client) => {
      signal.removeEventListener('abort', abort)
      if (signal.aborted) client.release()
      else resolve(client)
    },
    (error: unknown) => {
      signal.removeEventListener('abort', abort)
      reject(error)
    },
  )
  return promise
}
