/**
 * Stamps calls with the identity they were made under. When the identity changes, `advance` aborts what is under way
 * and makes every earlier ticket stale, so that a late answer of the previous visitor is dropped by construction,
 * even if the transport ignored the abort.
 */
export class Epoch {
  #controller = new AbortController()

  /** A ticket of the present epoch: pass `signal` to the call, ask `isCurrent()` before using the answer. */
  ticket(): EpochTicket {
    const controller = this.#controller
    return { signal: controller.signal, isCurrent: () => controller === this.#controller && !controller.signal.aborted }
  }

  /** Ends the present epoch and begins the next one. */
  advance(): void {
    this.#controller.abort()
    this.#controller = new AbortController()
  }
}

/** What a call carries through its life. */
export interface EpochTicket {
  readonly signal: AbortSignal
  isCurrent(): boolean
}
