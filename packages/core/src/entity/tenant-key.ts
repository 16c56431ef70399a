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

/** Whose key, and where it is kept. */
export interface TenantKeyScope {
  readonly storage: GuardedSession
  readonly tenantId: string
  readonly random: RandomSource
  /** What a transaction of the host holds may be rolled back: nobody else may take it for kept. */
  readonly joinsHostTransaction: boolean
}

/** The keys of tenants, made once and then kept in memory: a key never changes. That there is none is never believed for long. */
export interface TenantKeys {
  /** The key, if the tenant has one. */
  find(scope: TenantKeyScope): Promise<TenantKey | undefined>
  /** The key; made when the tenant has none. */
  require(scope: TenantKeyScope): Promise<TenantKey>
}

const id = 'hashing'
const keyBytes = 32
const capacity = 10_000

/** Keys over storage. */
export function createTenantKeys(clock: Clock): TenantKeys {
  const kept = new Map<string, TenantKey>()
  const keep = (
    { tenantId, joinsHostTransaction }: TenantKeyScope,
    row: Readonly<Record<string, unknown>> | undefined,
  ): TenantKey | undefined => {
    const key = row && keyOf(row.secret as string)
    if (key && !joinsHostTransaction) kept.set(tenantId, key)
    if (kept.size > capacity) kept.delete(kept.keys().next().value as string)
    return key
  }
  const find: TenantKeys['find'] = async (scope) =>
    kept.get(scope.tenantId) ?? keep(scope, (await scope.storage.getMany('tenantKey', [id]))[0])
  return {
    find,
    async require(scope) {
      const known = await find(scope)
      if (known) return known
      const row = { id, secret: bytesToHex(scope.random.bytes(keyBytes)), updatedAt: instantOf(clock.now()) }
      try {
        await scope.storage.write([{ do: 'insert', entity: 'tenantKey', row }])
        return keep(scope, row) as TenantKey
      } catch (error) {
        const other = isCrmError(error, 'conflict') ? await find(scope) : undefined
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
