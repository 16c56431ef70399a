import type { Capabilities } from '@rapport/core/storage'

/** How long random and concurrent cases go on. */
export type ConformanceLevel = 'basic' | 'full'

/** A case that could not run, and the declared capability, or the option not given, that explains why. */
export interface SkippedCase {
  readonly name: string
  readonly reason: string
}

/** A case in which the adapter broke the contract. */
export interface FailedCase {
  readonly name: string
  readonly message: string
}

/** Outcome of a run of the kit, handed to `onReport` by its last test. Plain data. */
export interface ConformanceReport {
  /** Version of `@rapport/conformance`. */
  readonly kitVersion: string
  /** Name of the adapter. */
  readonly adapter: string
  readonly level: ConformanceLevel
  /** Pass it as `seed` to repeat every random choice of the run. */
  readonly seed: number
  /** The case or subject asked for, where that was not everything. */
  readonly only?: string
  /** What the adapter declares. */
  readonly capabilities: Capabilities
  readonly passed: readonly string[]
  readonly failed: readonly FailedCase[]
  readonly skipped: readonly SkippedCase[]
  /** Cases that were registered and that the runner did not run, for example because a filter left them out. */
  readonly notRun: readonly string[]
}
