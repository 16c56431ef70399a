/** A case that could not run, and the declared capability that explains why. */
export interface SkippedCase {
  readonly name: string
  readonly reason: string
}

/** A case in which the adapter broke the contract. */
export interface FailedCase {
  readonly name: string
  readonly message: string
}

/** Outcome of a run of the kit, handed to `onReport` by its last test. */
export interface ConformanceReport {
  /** Pass it as `seed` to repeat every random choice of the run. */
  readonly seed: number
  readonly passed: readonly string[]
  readonly failed: readonly FailedCase[]
  readonly skipped: readonly SkippedCase[]
}
