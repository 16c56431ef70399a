import type { Clock } from '../../kernel/clock.js'
import type { RandomSource } from '../../kernel/random-source.js'
import type { GuardedSession } from '../../storage/guarded-session.js'

/** Whose keys are wanted, and where they are kept. */
export interface KeyScope {
  /** The storage as it is, not the encrypting one. */
  readonly storage: GuardedSession
  readonly tenantId: string
  readonly clock: Clock
  readonly random: RandomSource
}
