import { CrmError, isCrmError } from '../../kernel/crm-error.js'
import { instantOf } from '../../kernel/instant.js'
import { hmacSha256Hex } from '../../kernel/sha256.js'
import type { Row } from '../../storage/row.js'
import { type CipherKey, fromBase64, importKey, newKeyBytes, type SealedPlace, toBase64 } from './cipher.js'
import { encryptionKeyEntity, tenantKeyRowId } from './encryption-key-entity.js'
import type { KeyScope } from './key-scope.js'
import type { KeyringCipher } from './keyring-cipher.js'

/** What the tenant's row holds under the host's key. */
export interface TenantSecretBytes {
  /** Keys that wrap the keys of persons, by generation, as base64. */
  readonly wrapping: Readonly<Record<string, string>>
  /** The key of the blind index, as base64. It is never renewed: every hash would have to be. */
  readonly blind: string
}

/** A tenant's keys, unwrapped. */
export interface TenantSecret {
  readonly row: Row
  readonly bytes: TenantSecretBytes
  /** The newest generation. */
  readonly generation: number
  readonly wrapping: ReadonlyMap<number, CipherKey>
  /** The keyed hash by which a value of a field is found. Equal values of a field have equal hashes; those of two fields differ. */
  blind(entity: string, path: string, value: string): string
}

/** Where the tenant's row is bound to. */
export function tenantPlace(tenantId: string): SealedPlace {
  return { tenantId, entity: encryptionKeyEntity.name, id: tenantKeyRowId, field: 'wrapped' }
}

/** The keys of a tenant; made when it has none. */
export async function requireTenantSecret(ring: KeyringCipher, scope: KeyScope): Promise<TenantSecret> {
  const { storage, tenantId, random, clock } = scope
  for (let attempt = 1; ; attempt++) {
    const [row] = await storage.getMany(encryptionKeyEntity.name, [tenantKeyRowId])
    if (row) return openTenantSecret(ring, tenantId, row)
    const bytes: TenantSecretBytes = {
      wrapping: { 1: toBase64(newKeyBytes(random)) },
      blind: toBase64(newKeyBytes(random)),
    }
    const wrapped = await ring.wrap(bytes, tenantPlace(tenantId), random)
    const fresh = { id: tenantKeyRowId, generation: 1, ...wrapped, updatedAt: instantOf(clock.now()) }
    try {
      await storage.write([{ do: 'insert', entity: encryptionKeyEntity.name, row: fresh }])
    } catch (error) {
      if (!isCrmError(error, 'conflict') || attempt > 1) throw error
    }
  }
}

async function openTenantSecret(ring: KeyringCipher, tenantId: string, row: Row): Promise<TenantSecret> {
  const { wrapped, wrappedBy } = row as Row & { wrapped?: string; wrappedBy: string }
  if (wrapped === undefined)
    throw new CrmError('storage_failed', 'The key of this tenant was destroyed', {
      entity: encryptionKeyEntity.name,
      reason: 'key_destroyed',
      retriable: false,
    })
  const bytes = (await ring.unwrap({ wrapped, wrappedBy }, tenantPlace(tenantId))) as TenantSecretBytes
  const wrapping = new Map<number, CipherKey>()
  for (const [generation, text] of Object.entries(bytes.wrapping))
    wrapping.set(Number(generation), await importKey(fromBase64(text)))
  const blindKey = fromBase64(bytes.blind)
  return {
    row,
    bytes,
    generation: Math.max(...wrapping.keys()),
    wrapping,
    blind: (entity, path, value) => hmacSha256Hex(blindKey, JSON.stringify([entity, path, value])),
  }
}
