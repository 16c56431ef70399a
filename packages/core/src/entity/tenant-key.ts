import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import * as z from 'zod/mini'
import type { Clock } from '../kernel/clock.js'
import { isCrmError } from '../kernel/crm-error.js'
import { instantOf } from '../kernel/instant.js'
import type { RandomSource } from '../kernel/random-source.js'
import { hmacSha256Hex } from '../kernel/sha256.js'
import type { GuardedSession } from '../storage/guarded-session.js'
import { defineEntity } from './entity.js'
import { text } from './field.js'

/**
 * Keys that a tenant's own hashes are made with. No service shows them. They are backed up: without its key a list of hashes would
 * mean nothing after a restore.
 */
export const tenantKeyEntity = defineEntity({
  name: 'tenantKey',
  kind: 'projection',
  schema: z.strictObject({ secret: text() }),
  access: { reach: 'tenant' },
})

/** A secret of a tenant, which hashes what must be recognised but not be told. */
export interface TenantKey {
  /** HMAC-SHA-256 of the parts, as 64 hexadecimal digits. */
  hash(...parts: readonly string[]): string
}

/** The keys of tenants, made once and then kept in memory. */
export interface TenantKeys {
  /** The key, if the tenant has one. That it has none is believed for half a minute. */
  find(storage: GuardedSession, tenantId: string): Promise<TenantKey | undefined>
  /** The key; made when the tenant has none. */
  require(storage: GuardedSession, tenantId: string, random: RandomSource): Promise<TenantKey>
}

const id = 'hashing'
const keyBytes = 32
const lifetimeMs = 30_000
const capacity = 10_000

/** Keys over storage. */
export function createTenantKeys(clock: Clock): TenantKeys {
  const kept = new Map<string, { readonly key: TenantKey | undefined; readonly until: number }>()
  const keep = (tenantId: string, row: Readonly<Record<string, unknown>> | undefined): TenantKey | undefined => {
    const key = row && keyOf(row.secret as string)
    kept.set(tenantId, { key, until: key ? Number.POSITIVE_INFINITY : clock.now() + lifetimeMs })
    if (kept.size > capacity) kept.delete(kept.keys().next().value as string)
    return key
  }
  const read = async (storage: GuardedSession, tenantId: string): Promise<TenantKey | undefined> =>
    keep(tenantId, (await storage.getMany('tenantKey', [id]))[0])
  return {
    async find(storage, tenantId) {
      const known = kept.get(tenantId)
      return known && known.until > clock.now() ? known.key : read(storage, tenantId)
    },
    async require(storage, tenantId, random) {
      const known = kept.get(tenantId)?.key ?? (await read(storage, tenantId))
      if (known) return known
      const row = { id, secret: bytesToHex(random.bytes(keyBytes)), updatedAt: instantOf(clock.now()) }
      try {
        await storage.write([{ do: 'insert', entity: 'tenantKey', row }])
        return keep(tenantId, row) as TenantKey
      } catch (error) {
        const other = isCrmError(error, 'conflict') ? await read(storage, tenantId) : undefined
        if (!other) throw error
        return other
      }
    },
  }
}

function keyOf(secret: string): TenantKey {
  const bytes = hexToBytes(secret)
  return { hash: (...parts) => hmacSha256Hex(bytes, JSON.stringify(parts)) }
}
