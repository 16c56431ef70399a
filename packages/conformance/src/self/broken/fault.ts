import type { StorageAdapter } from '@rapport/core/storage'
import type { Rig } from '../cuttable-storage.js'

interface AnyFault {
  readonly title: string
  /** Names of cases that fail; others may fail too, where the fault shows there. */
  readonly caughtBy: readonly string[]
}

/** A way in which adapters go wrong, and the cases of the kit that must catch it. */
export interface Fault extends AnyFault {
  readonly create: () => StorageAdapter
}

/** A fault that only shows through the ports that an author hands in. */
export interface RiggedFault extends AnyFault {
  readonly rig: () => Rig
}
