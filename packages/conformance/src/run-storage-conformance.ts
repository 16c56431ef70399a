import { createStorageRun } from './storage/storage-run.js'
import { storageSuites } from './storage/storage-suites.js'
import type { StorageConformanceOptions } from './storage-conformance-options.js'

/**
 * Registers the tests that prove a storage adapter: every promise of `StorageAdapter` and `StorageSession`, each as a test whose
 * name begins with its subject. Cases that the adapter's capabilities rule out are registered too, under a name that ends in
 * the reason for the skip. Await it where tests are collected.
 *
 * Throws `TypeError` when an option has the wrong form, and what `create` throws.
 */
export async function runStorageConformance(options: StorageConformanceOptions): Promise<void> {
  if (typeof options.test !== 'function') throw new TypeError('options.test must be the function that registers a test')
  if (typeof options.create !== 'function')
    throw new TypeError('options.create must be a function that makes an adapter')
  if (options.seed !== undefined && !Number.isSafeInteger(options.seed)) {
    throw new TypeError('options.seed must be an integer')
  }
  const run = await createStorageRun(options)
  for (const [subject, defineSuite] of storageSuites) run.register(subject, defineSuite)
  run.registerEnd()
}
