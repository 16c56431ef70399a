import { createStorageRun } from './storage/storage-run.js'
import { storageSuites } from './storage/storage-suites.js'
import type { StorageConformanceOptions } from './storage-conformance-options.js'

/**
 * Registers the tests that prove a storage adapter: every promise of `StorageAdapter` and `StorageSession`, each as a test whose
 * name begins with its subject. Cases that the adapter's capabilities or the options rule out are registered too, under a name that
 * ends in the reason for the skip. Await it where tests are collected.
 *
 * Throws `TypeError` when an option has the wrong form or `only` names nothing, and what `create` throws.
 */
export async function runStorageConformance(options: StorageConformanceOptions): Promise<void> {
  requireForm(options)
  const run = await createStorageRun(options)
  for (const [subject, defineSuite] of storageSuites) run.register(subject, defineSuite)
  run.registerEnd()
}

function requireForm({ test, create, seed, level, only, counter, faults }: StorageConformanceOptions): void {
  const require = (holds: boolean, message: string): void => {
    if (!holds) throw new TypeError(message)
  }
  require(typeof test === 'function', 'options.test must be the function that registers a test')
  require(typeof create === 'function', 'options.create must be a function that makes an adapter')
  require(seed === undefined || Number.isSafeInteger(seed), 'options.seed must be an integer')
  require(level === undefined || level === 'basic' || level === 'full', "options.level must be 'basic' or 'full'")
  require(only === undefined || typeof only === 'string', 'options.only must be the name of a case or of a subject')
  require(counter === undefined || typeof counter === 'function', 'options.counter must be a function')
  for (const name of ['cutBefore', 'cutDuring', 'cutAfter'] as const) {
    require(faults === undefined || typeof faults[name] === 'function', `options.faults.${name} must be a function`)
  }
}
