import type { AccessContext } from '../access/access-context.js'
import type { Actor } from '../access/actor.js'
import type { Clock } from '../kernel/clock.js'
import type { IdGenerator } from '../kernel/id.js'
import type { RandomSource } from '../kernel/random-source.js'
import type { GuardedSession } from '../storage/guarded-session.js'
import type { CustomFieldCatalogue } from './custom-fields/custom-field-catalogue.js'
import type { SessionEncryption } from './encryption/session-encryption.js'
import type { EntityRegistry } from './entity-registry.js'
import type { EventHub } from './event-hub.js'
import type { TenantKeys } from './tenant-key.js'

/** All a service needs: whom it serves, with which rights, and where things are kept. Made by `crm.session`. */
export interface SessionContext {
  readonly tenantId: string
  readonly actor: Actor
  /** Why: a request, a run or a rule. Goes into the journal. */
  readonly cause?: string
  readonly clock: Clock
  readonly newId: IdGenerator
  readonly random: RandomSource
  readonly registry: EntityRegistry
  readonly storage: GuardedSession
  readonly hub: EventHub
  readonly customFields: CustomFieldCatalogue
  readonly tenantKeys: TenantKeys
  /** Where fields are encrypted: `storage` decrypts and encrypts, this knows the keys. */
  readonly encryption?: SessionEncryption
  /** Writes join a transaction of the host, so nothing is published in this process. */
  readonly joinsHostTransaction: boolean
  /** The actor's rights, looked up once. */
  access(): Promise<AccessContext>
  /** The same session acting as somebody else, for work that follows from a checked command. */
  as(actor: Actor, cause?: string): SessionContext
}
