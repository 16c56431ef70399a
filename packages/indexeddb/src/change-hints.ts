/** Tells this tab and others that a tenant's rows may have changed. Hints may be lost; the change feed is the truth. */
export class ChangeHints {
  readonly #name: string
  readonly #watchers = new Map<string, Set<() => void>>()
  #channel: BroadcastChannel | undefined

  constructor(databaseName: string) {
    this.#name = `rapport:${databaseName}`
  }

  /** Listens to other tabs, where the environment can. */
  open(): void {
    if (this.#channel || typeof globalThis.BroadcastChannel !== 'function') return
    this.#channel = new BroadcastChannel(this.#name)
    this.#channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (typeof data === 'string') this.#wake(data)
    }
  }

  /** Forgets all watchers. */
  close(): void {
    this.#channel?.close()
    this.#channel = undefined
    this.#watchers.clear()
  }

  /** Says that a batch of a tenant has committed. */
  tell(tenantId: string): void {
    this.#channel?.postMessage(tenantId)
    this.#wake(tenantId)
  }

  /** Calls `wake` at every hint about a tenant. Returns how to stop. */
  watch(tenantId: string, wake: () => void): () => void {
    const watchers = this.#watchers.get(tenantId) ?? new Set()
    const watcher = (): void => wake()
    this.#watchers.set(tenantId, watchers.add(watcher))
    return () => {
      watchers.delete(watcher)
      if (watchers.size === 0 && this.#watchers.get(tenantId) === watchers) this.#watchers.delete(tenantId)
    }
  }

  #wake(tenantId: string): void {
    // A microtask, so that a watcher that throws does not look like a failed write.
    for (const wake of this.#watchers.get(tenantId) ?? []) queueMicrotask(wake)
  }
}
