import { instantOf } from '../../kernel/instant.js'
import type { GuardedSession } from '../../storage/guarded-session.js'
import type { Path, Row } from '../../storage/row.js'
import type { EntityChange } from '../entity-change.js'
import { encryptionKeyEntity, encryptionKeyId, type KeyOwner, tenantKeyRowId } from './encryption-key-entity.js'
import type { KeyringCipher } from './keyring-cipher.js'
import type { Sealing } from './sealed-batch.js'

/** The encryption of one tenant, for what has to do with keys and ciphertext themselves. */
export interface SessionEncryption {
  /** The storage as it is: ciphertext, and the hashes it is found by. What a backup holds. */
  readonly stored: GuardedSession
  readonly sealing: Sealing
  readonly ring: KeyringCipher
  /** Whether a field of an entity, or a custom field as `custom.<key>`, is encrypted. */
  encrypts(entity: string, path: Path): boolean
  /** What destroys the keys of owners. Owners that have none, or none any more, are left out. */
  planDestruction(owners: readonly KeyOwner[]): Promise<EntityChange[]>
  /** Call after rows of keys were written without the session knowing: by a restore, say. */
  forgetKeys(): void
}

const name = encryptionKeyEntity.name

/** The encryption of a session over its storage. */
export function createSessionEncryption(sealing: Sealing, ring: KeyringCipher): SessionEncryption {
  const { plan, keys, scope } = sealing
  return {
    stored: scope.storage,
    sealing,
    ring,
    encrypts(entity, path) {
      const encrypted = plan.get(entity)
      if (!encrypted) return false
      return encrypted.paths.has(path) || (path.startsWith('custom.') && encrypted.customKeys.has(path.slice(7)))
    },
    async planDestruction(owners) {
      const ids = [...new Set(owners.map(encryptionKeyId))]
      const rows = await scope.storage.getMany(name, ids)
      const kept = rows.filter((row): row is Row => row?.wrapped !== undefined)
      if (kept.length === 0) return []
      const [tenant] = await scope.storage.getMany(name, [tenantKeyRowId])
      const before = tenant as Row
      const destructions = ((before.destructions as number | undefined) ?? 0) + 1
      return [
        ...kept.map(({ id, ownerType, ownerId, generation, wrappedBy }): EntityChange => {
          const destroyedAt = instantOf(scope.clock.now())
          return {
            kind: 'project',
            entity: name,
            id,
            values: { ownerType, ownerId, generation, wrappedBy, destroyedAt },
          }
        }),
        { kind: 'update', entity: name, before, values: { destructions }, implied: true },
      ]
    },
    forgetKeys: () => keys.forget(scope.tenantId),
  }
}
