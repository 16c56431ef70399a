import type { PostgresConnection, PostgresDriver } from './driver.js'
import { fingerprint } from './sql-identifier.js'

/** How watchers hear of changes: of this storage's own alone, or through `NOTIFY` of those of other processes too. */
export type WatchMode = 'process' | 'server'

/** What a session does about the watchers of its tenant. */
export interface TenantWatchers {
  watch(wake: () => void): () => void
  /** To be called when something was committed or, within a host's transaction, written. */
  changed(): Promise<void> | undefined
}

/**
 * Who watches which tenant. What they hear is a hint: a notice may be lost with its connection, or come twice; the change feed is the
 * truth. Over the wire goes no tenant's id, only its fingerprint.
 */
export class ChangeWatchers {
  readonly #channel: string
  readonly #mode: WatchMode
  readonly #requireDriver: () => PostgresDriver
  /** By fingerprint of the tenant. */
  readonly #wakes = new Map<string, Set<() => void>>()
  #stopListening: Promise<(() => Promise<void>) | undefined> | undefined
  #unsent = new Set<string>()
  #sending: Promise<void> | undefined

  constructor(schema: string, mode: WatchMode, requireDriver: () => PostgresDriver) {
    this.#channel = `rapport_${fingerprint(schema)}`
    this.#mode = mode
    this.#requireDriver = requireDriver
  }

  /** The watchers of a tenant, for a session of its own or one within a host's transaction. */
  of(tenantId: string, hostConnection?: PostgresConnection): TenantWatchers {
    return {
      watch: (wake) => this.watch(tenantId, wake),
      changed: () => (hostConnection ? this.#announceOn(hostConnection, tenantId) : this.#announce(tenantId)),
    }
  }

  /** Calls `wake` when something of the tenant may have changed. Returns how to stop; the last to stop ends the listening. */
  watch(tenantId: string, wake: () => void): () => void {
    const driver = this.#requireDriver()
    const key = fingerprint(tenantId)
    const wakes = this.#wakes.get(key) ?? new Set()
    const own = (): void => wake()
    this.#wakes.set(key, wakes.add(own))
    if (this.#mode === 'server') this.#stopListening ??= this.#listen(driver)
    return () => {
      if (wakes.delete(own) && wakes.size === 0 && this.#wakes.get(key) === wakes) this.#wakes.delete(key)
      if (this.#wakes.size === 0) void this.#endListening()
    }
  }

  /** Something of the tenant was committed. Returns at once; notices that wait for the connection are sent together. */
  #announce(tenantId: string): undefined {
    if (this.#mode === 'process' && this.#wakes.size === 0) return
    const key = fingerprint(tenantId)
    this.#wake(key)
    if (this.#mode === 'process') return
    this.#unsent.add(key)
    this.#sending ??= this.#send().finally(() => {
      this.#sending = undefined
    })
  }

  /** Lets the server tell when the transaction of this connection commits. */
  async #announceOn(connection: PostgresConnection, tenantId: string): Promise<void> {
    if (this.#mode === 'server') await this.#notify(connection, [fingerprint(tenantId)])
  }

  /** Forgets all watchers, and waits for what is under way. */
  async close(): Promise<void> {
    this.#wakes.clear()
    this.#unsent.clear()
    await Promise.all([this.#endListening(), this.#sending])
  }

  async #send(): Promise<void> {
    while (this.#unsent.size > 0) {
      const keys = [...this.#unsent]
      this.#unsent.clear()
      try {
        await this.#notify(this.#requireDriver(), keys)
      } catch {
        // Only a hint is lost.
        return
      }
    }
  }

  async #notify(connection: PostgresConnection, keys: readonly string[]): Promise<void> {
    await connection.query({
      text: 'select count(pg_notify($1::text, tenant)) from unnest($2::text[]) as changed(tenant)',
      values: [this.#channel, keys],
    })
  }

  /** Without a listener, the watchers still hear of this storage's own changes. */
  async #listen(driver: PostgresDriver): Promise<(() => Promise<void>) | undefined> {
    try {
      return await driver.listen?.(this.#channel, (key) => this.#wake(key))
    } catch {
      return undefined
    }
  }

  async #endListening(): Promise<void> {
    const stopping = this.#stopListening
    this.#stopListening = undefined
    const stop = await stopping
    await stop?.()
  }

  /** Wakes who watches a tenant, or everybody. In a microtask, so that a watcher that throws does not look like a failed write. */
  #wake(key: string | undefined): void {
    const all = key === undefined ? [...this.#wakes.values()] : [this.#wakes.get(key) ?? []]
    for (const wakes of all) for (const wake of wakes) queueMicrotask(wake)
  }
}
