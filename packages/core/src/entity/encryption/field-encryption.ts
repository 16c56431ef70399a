import type { Clock } from '../../kernel/clock.js'
import type { RandomSource } from '../../kernel/random-source.js'
import type { GuardedSession } from '../../storage/guarded-session.js'
import type { PromotedField } from '../../storage/storage-adapter.js'
import type { Entity } from '../entity.js'
import { createEntityRegistry, type EntityRegistry } from '../entity-registry.js'
import type { EncryptionOptions } from './encryption-options.js'
import { type FieldCopies, planEncryption } from './encryption-plan.js'
import { createKeyStore } from './key-store.js'
import { createKeyringCipher } from './keyring-cipher.js'
import type { Sealing } from './sealed-batch.js'
import { SealedSession } from './sealed-session.js'
import { createSessionEncryption, type SessionEncryption } from './session-encryption.js'

/** Field encryption of one CRM. */
export interface FieldEncryption {
  /** The entities as storage is to keep them: with blind indexes. */
  readonly registry: EntityRegistry
  /**
   * A session's storage and encryption. `alone` for one that joins a transaction of the host: keys made in it are kept by nobody else,
   * since it may be rolled back.
   */
  open(
    storage: GuardedSession,
    tenantId: string,
    alone: boolean,
  ): { storage: GuardedSession; encryption: SessionEncryption }
}

/** What encryption takes besides the host's choice. */
export interface EncryptionGround {
  readonly entities: readonly Entity[]
  readonly copies: FieldCopies
  /** The entity whose records are persons: each has a key of its own. */
  readonly person: string
  readonly promoted?: readonly PromotedField[] | undefined
  readonly clock: Clock
  readonly random: RandomSource
}

/**
 * Field encryption as the host chose it. Throws `TypeError` for a keyring or a field that will not do.
 */
export function createFieldEncryption(options: EncryptionOptions, ground: EncryptionGround): FieldEncryption {
  const { entities, copies, person, promoted, clock, random } = ground
  const plan = planEncryption(entities, options.fields, copies, promoted)
  const ring = createKeyringCipher(options.keyring)
  const registry = createEntityRegistry(entities.map((entity) => plan.get(entity.name)?.registered ?? entity))
  const shared = createKeyStore(ring)
  const sealingOf = (storage: GuardedSession, tenantId: string, alone: boolean): Sealing => ({
    plan,
    registry,
    person,
    keys: alone ? createKeyStore(ring) : shared,
    scope: { storage, tenantId, clock, random },
  })
  return {
    registry,
    open(storage, tenantId, alone) {
      const sealing = sealingOf(storage, tenantId, alone)
      return {
        storage: new SealedSession(sealing, (inner) => sealingOf(inner, tenantId, true)),
        encryption: createSessionEncryption(sealing, ring),
      }
    },
  }
}
