import type { StorageAdapter } from '@rapport/core/storage'
import type { ConformanceLevel, ConformanceReport } from './conformance-report.js'
import type { HostTransaction } from './host-transaction.js'
import type { StorageFaults } from './storage-faults.js'

/** What the author of an adapter can hand in to have more of it proven. What is left out shows as skipped cases. */
export interface StoragePorts {
  /** Makes another adapter, not yet opened, over what the given one stored; the given one is closed. Proves durability. */
  readonly reopen?: (adapter: StorageAdapter) => StorageAdapter | Promise<StorageAdapter>
  /**
   * Requests the adapter has sent to its backend so far: statements, calls, reads and writes of files. Proves that the cost of a call
   * does not grow with the rows.
   */
  readonly counter?: () => number
  /** Cuts the way to the backend. Proves that nothing is half written, and that errors tell the truth. */
  readonly faults?: StorageFaults
  /** Begins a transaction of the host on the database of the adapter, as its users would. Proves that sessions join it. */
  readonly hostTransaction?: () => HostTransaction | Promise<HostTransaction>
}

/** What to test, and how hard; the same for every runner. */
export interface StorageConformance extends StoragePorts {
  /**
   * Makes an adapter over an empty storage, not yet opened. Called once, before any test is registered, because the capabilities
   * decide which tests are skipped. All tests share it, each in tenants of its own.
   */
  readonly create: () => StorageAdapter | Promise<StorageAdapter>
  /** Removes what is left of an adapter that the kit has closed: a directory, a schema, a server. */
  readonly dispose?: (adapter: StorageAdapter) => unknown
  /** How long random and concurrent tests go on. Both levels hold every promise; `full` (default) tries harder. */
  readonly level?: ConformanceLevel
  /** Repeats the random choices of an earlier run: an integer. Failure messages begin with it. */
  readonly seed?: number
  /** Runs one case alone, by its name, or all cases of a subject, such as `cursors`. */
  readonly only?: string
  /** Receives the outcome when the last test has run. */
  readonly onReport?: (report: ConformanceReport) => unknown
}

/** What the kit needs to know of a runner and an adapter. */
export interface StorageConformanceOptions extends StorageConformance {
  /**
   * Registers one test with any runner: vitest's `test`, `node:test`'s `test`, or a page's own. A test fails by rejecting. Tests
   * must run one after the other in the order they were registered; the last ones close the adapter.
   */
  readonly test: (name: string, run: () => Promise<void>) => unknown
  /** Registers a case that cannot run. When left out, `test` registers an empty one whose name ends in the reason. */
  readonly skip?: (name: string, reason: string) => unknown
}
