import type { Capabilities, StorageAdapter, StorageSession } from '@rapport/core/storage'
import type { SeededRandom } from '../seeded-random.js'
import type { StoragePorts } from '../storage-conformance-options.js'
import type { Requirement } from './requirement.js'

/** A tenant nobody has used before. */
export interface FreshTenant {
  readonly tenantId: string
  readonly session: StorageSession
}

/** What a case works with. */
export interface CaseContext extends FreshTenant {
  /** Open, and planned with the specimen definitions; shared by all cases. */
  readonly adapter: StorageAdapter
  readonly capabilities: Capabilities
  /** What the author handed in; a case that uses one requires it. */
  readonly ports: StoragePorts
  /** Choices that follow from the seed and the name of the case. */
  readonly random: SeededRandom
  /** One more tenant. The suffix makes part of its id, for ids that are hard to keep apart. */
  newTenant(suffix?: string): FreshTenant
}

/** Registers a case: one promise of the contract. It is skipped, visibly, when a requirement is not met. */
export type DefineCase = (
  name: string,
  run: (context: CaseContext) => Promise<void>,
  ...requirements: readonly Requirement[]
) => void

/** How often a random or concurrent case repeats itself at the level asked for. */
export type Rounds = (basic: number, full: number) => number

/** The cases of one subject. */
export type DefineSuite = (define: DefineCase, rounds: Rounds) => void
