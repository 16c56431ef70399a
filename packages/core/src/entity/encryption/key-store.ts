import { isCrmError } from '../../kernel/crm-error.js'
import { instantOf } from '../../kernel/instant.js'
import type { Row } from '../../storage/row.js'
import type { Write } from '../../storage/write.js'
import {
  type CipherKey,
  decryptValue,
  encryptValue,
  fromBase64,
  importKey,
  newKeyBytes,
  toBase64,
  undecryptable,
} from './cipher.js'
import { encryptionKeyEntity, encryptionKeyId, type KeyOwner, tenantKeyRowId } from './encryption-key-entity.js'
import type { KeyScope } from './key-scope.js'
import type { KeyringCipher } from './keyring-cipher.js'
import type { KeyRef } from './sealed-text.js'
import { requireTenantSecret, type TenantSecret } from './tenant-secret.js'

/** A key to encrypt with. */
export interface UsableKey {
  readonly generation: number
  readonly key: CipherKey
}

/** A person's key as it stands. */
export interface PersonKey {
  readonly generation: number
  /** Missing when it was destroyed. */
  readonly key?: CipherKey
}

/** Unwrapped keys, kept for a while in memory. */
export interface KeyStore {
  /** The tenant's keys; made when it has none. */
  tenant(scope: KeyScope): Promise<TenantSecret>
  /** The tenant's keys, if it has any. */
  findTenant(scope: KeyScope): Promise<TenantSecret | undefined>
  /** The key for each owner, by id of the key; those that are missing or destroyed are made anew. */
  forWriting(scope: KeyScope, owners: readonly KeyOwner[]): Promise<ReadonlyMap<string, UsableKey>>
  /** The keys that ciphertexts name, by id of the key; one that was destroyed, or never was, opens nothing. */
  forReading(scope: KeyScope, refs: readonly KeyRef[]): Promise<ReadonlyMap<string, PersonKey>>
  /** Call when the tenant's row turns out to have changed. */
  forget(tenantId: string): void
}

const entity = encryptionKeyEntity.name
const mostTenants = 1_000
const mostKeys = 10_000
const lifetimeMs = 300_000
const rowsPerCall = 500
const attempts = 20

/** A store of keys over the host's keyring. It holds at most 10,000 unwrapped keys, each for five minutes. */
export function createKeyStore(ring: KeyringCipher): KeyStore {
  const tenants = new Map<string, Promise<TenantSecret>>()
  const persons = new Map<string, PersonKey & { readonly until: number }>()

  const tenant = (scope: KeyScope): Promise<TenantSecret> => {
    const known = tenants.get(scope.tenantId)
    if (known) return known
    const read = requireTenantSecret(ring, scope)
    tenants.set(scope.tenantId, read)
    read.catch(() => tenants.delete(scope.tenantId))
    if (tenants.size > mostTenants) tenants.delete(tenants.keys().next().value as string)
    return read
  }
  const forget = (tenantId: string): void => {
    tenants.delete(tenantId)
    for (const name of persons.keys()) if (name.startsWith(`${tenantId}\n`)) persons.delete(name)
  }
  const keep = ({ tenantId, clock }: KeyScope, keyId: string, key: PersonKey): PersonKey => {
    const name = `${tenantId}\n${keyId}`
    persons.delete(name)
    persons.set(name, { ...key, until: clock.now() + lifetimeMs })
    if (persons.size > mostKeys) persons.delete(persons.keys().next().value as string)
    return key
  }
  const known = ({ tenantId, clock }: KeyScope, keyId: string): PersonKey | undefined => {
    const kept = persons.get(`${tenantId}\n${keyId}`)
    return kept && kept.until > clock.now() ? kept : undefined
  }

  const open = async (scope: KeyScope, row: Row): Promise<PersonKey> => {
    const { wrapped, wrappedBy, generation } = row as Row & { wrapped?: string; wrappedBy: string; generation: number }
    if (wrapped === undefined) return keep(scope, row.id, { generation })
    let secret = await tenant(scope)
    if (!secret.wrapping.has(Number(wrappedBy))) {
      tenants.delete(scope.tenantId)
      secret = await tenant(scope)
    }
    const wrapping = secret.wrapping.get(Number(wrappedBy))
    const place = { tenantId: scope.tenantId, entity, id: row.id, field: `wrapped.${generation}` }
    if (!wrapping) throw undecryptable(place)
    const bytes = fromBase64((await decryptValue(wrapping, wrapped, place)) as string)
    return keep(scope, row.id, { generation, key: await importKey(bytes) })
  }

  const read = async (scope: KeyScope, ids: readonly string[]): Promise<Map<string, Row>> => {
    const rows = ids.length === 0 ? [] : await scope.storage.getMany(entity, ids)
    return new Map(rows.flatMap((row) => (row ? [[row.id, row] as const] : [])))
  }

  /** One write makes the keys of all owners that have none. When another process was faster, nothing is made. */
  const make = async (
    scope: KeyScope,
    owners: readonly (readonly [string, KeyOwner])[],
    rows: ReadonlyMap<string, Row>,
  ): Promise<ReadonlyMap<string, UsableKey>> => {
    const secret = await tenant(scope)
    const made = new Map<string, UsableKey>()
    const writes: Write[] = []
    for (const [id, owner] of owners) {
      const before = rows.get(id)
      const generation = ((before?.generation as number | undefined) ?? 0) + 1
      const bytes = newKeyBytes(scope.random)
      const values = {
        generation,
        ...(await wrapPersonKey(scope, secret, id, generation, bytes)),
        updatedAt: instantOf(scope.clock.now()),
      }
      writes.push(
        before
          ? { do: 'patch', entity, id, set: { ...values, destroyedAt: null }, ifVersion: before.version }
          : { do: 'insert', entity, row: { id, ownerType: owner.type, ownerId: owner.id, ...values } },
      )
      made.set(id, { generation, key: await importKey(bytes) })
    }
    await scope.storage.write([...writes, unchanged(secret)])
    for (const [id, key] of made) keep(scope, id, key)
    return made
  }

  return {
    tenant,
    async findTenant(scope) {
      if (tenants.has(scope.tenantId)) return tenant(scope)
      const [row] = await scope.storage.getMany(entity, [tenantKeyRowId])
      return row && tenant(scope)
    },
    forget,
    async forWriting(scope, owners) {
      const byId = new Map(owners.map((owner) => [encryptionKeyId(owner), owner]))
      for (let attempt = 1; ; attempt++) {
        const found = new Map<string, UsableKey>()
        for (const id of byId.keys()) {
          const kept = known(scope, id)
          if (kept?.key) found.set(id, { generation: kept.generation, key: kept.key })
        }
        const rows = await read(
          scope,
          [...byId.keys()].filter((id) => !found.has(id)),
        )
        for (const row of rows.values()) {
          const { generation, key } = await open(scope, row)
          if (key) found.set(row.id, { generation, key })
        }
        const missing = [...byId].filter(([id]) => !found.has(id))
        try {
          for (let start = 0; start < missing.length; start += rowsPerCall)
            for (const [id, key] of await make(scope, missing.slice(start, start + rowsPerCall), rows))
              found.set(id, key)
          return found
        } catch (error) {
          if (!isCrmError(error, 'conflict') || attempt === attempts) throw error
          forget(scope.tenantId)
        }
      }
    },
    async forReading(scope, refs) {
      const found = new Map<string, PersonKey>()
      const missing = new Set<string>()
      for (const { keyId, generation } of refs) {
        const kept = known(scope, keyId)
        if (kept && kept.generation >= generation) found.set(keyId, kept)
        else missing.add(keyId)
      }
      for (const [id, row] of await read(scope, [...missing])) found.set(id, await open(scope, row))
      return found
    },
  }
}

/** The check that a batch encrypted under these keys carries: it fails when one was destroyed or renewed since. */
export function unchanged({ row }: TenantSecret): Write {
  return { do: 'check', entity, id: tenantKeyRowId, is: row.version }
}

/** A person's key as its row holds it, under the newest key of the tenant. */
export async function wrapPersonKey(
  { tenantId, random }: KeyScope,
  secret: TenantSecret,
  id: string,
  generation: number,
  bytes: Uint8Array,
): Promise<{ readonly wrappedBy: string; readonly wrapped: string }> {
  const place = { tenantId, entity, id, field: `wrapped.${generation}` }
  const wrapping = secret.wrapping.get(secret.generation) as CipherKey
  return {
    wrappedBy: String(secret.generation),
    wrapped: await encryptValue(wrapping, toBase64(bytes), place, random),
  }
}
