/** Where the time comes from. Injected everywhere, so that every rule can be tested at any moment. */
export interface Clock {
  /** Milliseconds since the Unix epoch, an integer. */
  now(): number
}

/** The machine's clock: the only place in core that reads it. */
export const systemClock: Clock = { now: () => Date.now() }
