import { test } from 'node:test'
import { runStorageConformance } from '../run-storage-conformance.js'
import type { StorageConformance } from '../storage-conformance-options.js'

/** What {@link testStorage} takes beside what is to be tested. */
export interface NodeTestOptions extends StorageConformance {
  /** Milliseconds that one case may take; a minute when left out. */
  readonly timeoutMs?: number
}

/**
 * Registers the kit's cases with `node:test`; those that cannot run are skipped with their reason. Await it at the top of a test file.
 * Throws what `runStorageConformance` throws.
 */
export async function testStorage({ timeoutMs = 60_000, ...options }: NodeTestOptions): Promise<void> {
  await runStorageConformance({
    ...options,
    test: (name, run) => test(name, { timeout: timeoutMs }, run),
    skip: (name, reason) => test(name, { skip: reason }),
  })
}
