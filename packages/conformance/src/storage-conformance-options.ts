import type { StorageAdapter } from '@rapport/core/storage'
import type { ConformanceReport } from './conformance-report.js'

/** What the kit needs to know of a runner and an adapter. */
export interface StorageConformanceOptions {
  /**
   * Registers one test with any runner: vitest's `test`, `node:test`'s `test`, or a page's own. A test fails by rejecting. Tests
   * must run one after the other in the order they were registered; the last ones close the adapter.
   */
  readonly test: (name: string, run: () => Promise<void>) => unknown
  /**
   * Makes an adapter over an empty storage, not yet opened. Called once, before any test is registered, because the capabilities
   * decide which tests are skipped. All tests share it, each in tenants of its own.
   */
  readonly create: () => StorageAdapter | Promise<StorageAdapter>
  /** Removes what is left of an adapter that the kit has closed: a directory, a schema, a server. */
  readonly dispose?: (adapter: StorageAdapter) => unknown
  /** Makes another adapter, not yet opened, over what the given one stored; the given one is closed. Proves durability. */
  readonly reopen?: (adapter: StorageAdapter) => StorageAdapter | Promise<StorageAdapter>
  /** How long random and concurrent tests go on. Both levels hold every promise; `full` (default) tries harder. */
  readonly level?: 'basic' | 'full'
  /** Repeats the random choices of an earlier run: an integer. Failure messages begin with it. */
  readonly seed?: number
  /** Receives the outcome when the last test has run. */
  readonly onReport?: (report: ConformanceReport) => void
}
