import type { StorageAdapter } from '@rapport/core/storage'

/** A way in which adapters go wrong, and the cases of the kit that must catch it. */
export interface Fault {
  readonly title: string
  readonly create: () => StorageAdapter
  /** Names of cases that fail; others may fail too, where the fault shows there. */
  readonly caughtBy: readonly string[]
}
