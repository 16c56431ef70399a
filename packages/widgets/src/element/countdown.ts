/** Whole seconds until an instant on the clock of `performance.now()`, never negative. */
export function secondsUntil(atMs: number, nowMs: number): number {
  return Math.max(0, Math.ceil((atMs - nowMs) / 1000))
}

/** Ticks once a second until an instant is reached, so that a waiting time can be shown. */
export class Countdown {
  #timer: ReturnType<typeof setInterval> | undefined
  readonly #tick: () => void

  constructor(tick: () => void) {
    this.#tick = tick
  }

  /** Ticks until `atMs` on the clock of `performance.now()`; replaces an earlier run. */
  start(atMs: number): void {
    this.stop()
    this.#timer = setInterval(() => {
      if (performance.now() >= atMs) this.stop()
      this.#tick()
    }, 1000)
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }
}
