import { runStorageConformance } from '../run-storage-conformance.js'
import type { StorageConformance } from '../storage-conformance-options.js'

/** What is used of vitest's `test`. */
export type VitestTest = (
  name: string,
  options: { readonly timeout: number; readonly retry: number; readonly concurrent: boolean },
  run: (context: { skip(reason?: string): unknown }) => Promise<void>,
) => unknown

/** What {@link testStorage} takes beside what is to be tested. */
export interface VitestOptions extends StorageConformance {
  /** vitest's own `test`. */
  readonly test: VitestTest
  /** Milliseconds that one case may take; a minute when left out. */
  readonly timeoutMs?: number
}

/**
 * Registers the kit's cases with vitest: one after the other and never twice, whatever the configuration says, with room for slow
 * engines, and skipped with their reason where they cannot run. Await it in a test file or an async `describe`. Throws what
 * `runStorageConformance` throws.
 */
export async function testStorage({ test, timeoutMs = 60_000, ...options }: VitestOptions): Promise<void> {
  const settings = { timeout: timeoutMs, retry: 0, concurrent: false }
  await runStorageConformance({
    ...options,
    test: (name, run) => test(name, settings, () => run()),
    skip: (name, reason) => test(name, settings, async (context) => void context.skip(reason)),
  })
}
