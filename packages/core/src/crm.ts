import type { Actor } from './access/actor.js'
import type { RolesCallback } from './access/role.js'
import type { CrmEvent, CrmEventType } from './crm-events.js'
import type { CrmSession } from './crm-session.js'
import type { EncryptionOptions } from './entity/encryption/encryption-options.js'
import type { JobRunner } from './entity/job-runner.js'
import type { SubscriptionOptions } from './entity/subscription.js'
import type { ScoringComputation } from './insights/index.js'
import type { Clock } from './kernel/clock.js'
import type { RandomSource } from './kernel/random-source.js'
import type { Capabilities, StorageAdapter } from './storage/storage-adapter.js'

/** What a CRM is made of. */
export interface CrmOptions {
  /** Where everything is kept: `memoryStorage()`, `postgresStorage(…)`, `pgliteStorage(…)`, or your own. */
  readonly storage: StorageAdapter
  /** Where the host keeps rights. Without it `user` and `system` actors may do everything, `contact` actors what is theirs. */
  readonly roles?: RolesCallback
  /** Who does long work; in this process when left out. */
  readonly jobs?: JobRunner
  /** Fields that are kept encrypted, and under whose keys; none when left out. Give it to `migrate` as well. */
  readonly encryption?: EncryptionOptions
  /** Where scores are computed: `scoringInWorker(…)`, say; in this thread when left out. */
  readonly scoring?: ScoringComputation
  readonly clock?: Clock
  readonly random?: RandomSource
  /** Calls {@link Crm.tick} this often, in milliseconds; never when left out, so that tests and serverless hosts do it themselves. */
  readonly tickEveryMs?: number
  /** Hears of errors nobody waits for: a listener or subscriber that throws, a job that cannot start. */
  readonly onError?: (error: unknown) => void
}

/** Whom a session serves. */
export interface SessionOptions {
  readonly tenantId: string
  readonly actor: Actor
  /** Why, for the journal: a request id, say. */
  readonly cause?: string
  /** A transaction of the host (anything with a `query`) that writes join. Nothing is published in this process then. */
  readonly transaction?: unknown
}

/** A durable subscriber to events of the catalogue. */
export interface CrmSubscription<Type extends CrmEventType = CrmEventType>
  extends Omit<SubscriptionOptions, 'types' | 'handle'> {
  /** Types of events it wants; all when left out. */
  readonly types?: readonly Type[]
  /** Called once per event, one after the other. When it throws, the event is delivered again at the next tick. */
  readonly handle: (event: CrmEvent<Type>) => void | Promise<void>
}

/** A running CRM. */
export interface Crm extends AsyncDisposable {
  /** What the storage can do; a call it cannot serve is refused with `unsupported`. */
  readonly capabilities: Capabilities
  session(options: SessionOptions): CrmSession
  /** Events of this process, after commit, at most once; `*` for all. Returns how to stop. */
  on<Type extends CrmEventType>(type: Type, listener: (event: CrmEvent<Type>) => void): () => void
  on(type: '*', listener: (event: CrmEvent) => void): () => void
  /** Events from the journal, at least once, across restarts. Delivered by {@link Crm.tick}. Returns how to stop. */
  subscribe<Type extends CrmEventType = CrmEventType>(subscription: CrmSubscription<Type>): () => void
  /**
   * Does what is due: delivers to subscribers and takes up interrupted runs. Call it every few seconds, or set `tickEveryMs`.
   * Calls do not overlap: one that comes while another is at work gets its answer.
   */
  tick(): Promise<{ readonly delivered: number; readonly resumed: number }>
  /** Ends runs at their next checkpoint and closes the storage. Interrupted runs go on at the next start. */
  close(): Promise<void>
}
