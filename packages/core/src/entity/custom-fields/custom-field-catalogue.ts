import type { Clock } from '../../kernel/clock.js'
import type { GuardedSession } from '../../storage/guarded-session.js'
import { type CustomField, isComputed } from './custom-field.js'

/** The custom fields of an entity in one tenant, by key. */
export type CustomFields = ReadonlyMap<string, CustomField>

/** A custom field that holds the id of a record of an entity. */
export type ReferenceField = Pick<CustomField, 'object' | 'key' | 'unique'> & { readonly target: string }

/** All custom fields of one tenant. */
export interface TenantFields {
  readonly byObject: ReadonlyMap<string, CustomFields>
  /** Keys of removed fields by entity: their values are kept, and hidden. */
  readonly removed: ReadonlyMap<string, ReadonlySet<string>>
  /** Keys of unique fields by entity, of removed ones too: their values stay claimed. */
  readonly unique: ReadonlyMap<string, ReadonlySet<string>>
  /** Fields that hold the id of a record, removed ones too: they may be restored with their values. One for each key and target. */
  readonly references: readonly ReferenceField[]
  /** Whether more follows from values than their being kept: some are computed, unique or refer to records. */
  readonly haveEffects: boolean
}

/** What tenants registered, read once and kept for a short while. */
export interface CustomFieldCatalogue {
  fieldsOf(storage: GuardedSession, tenantId: string, object: string): Promise<CustomFields>
  all(storage: GuardedSession, tenantId: string): Promise<TenantFields>
  /** Call after a change of a tenant's fields. */
  forget(tenantId: string): void
}

const lifetimeMs = 30_000
const capacity = 10_000
const pageSize = 1_000

/** A catalogue over storage; another process sees a change after at most half a minute. */
export function createCustomFieldCatalogue(clock: Clock): CustomFieldCatalogue {
  const kept = new Map<string, { readonly expiresAt: number; readonly fields: Promise<TenantFields> }>()
  const all = (storage: GuardedSession, tenantId: string): Promise<TenantFields> => {
    const now = clock.now()
    let entry = kept.get(tenantId)
    if (!entry || entry.expiresAt <= now) {
      const fields = readFields(storage)
      entry = { expiresAt: now + lifetimeMs, fields }
      kept.set(tenantId, entry)
      fields.catch(() => {
        if (kept.get(tenantId)?.fields === fields) kept.delete(tenantId)
      })
      if (kept.size > capacity) kept.delete(kept.keys().next().value as string)
    }
    return entry.fields
  }
  return {
    all,
    fieldsOf: async (storage, tenantId, object) => (await all(storage, tenantId)).byObject.get(object) ?? new Map(),
    forget: (tenantId) => {
      kept.delete(tenantId)
    },
  }
}

async function readFields(storage: GuardedSession): Promise<TenantFields> {
  const byObject = new Map<string, Map<string, CustomField>>()
  const removed = new Map<string, Set<string>>()
  const unique = new Map<string, Set<string>>()
  const references = new Map<string, ReferenceField>()
  let haveEffects = false
  for (let after: readonly [string] | undefined; ; ) {
    const page = await storage.find({
      entity: 'customField',
      order: ['id'],
      limit: pageSize,
      ...(after && { after }),
    })
    for (const row of page.rows) {
      const field = row as unknown as CustomField
      const { object, key, target } = field
      if (target !== undefined)
        references.set(`${object}.${key}.${target}`, { object, key, target, unique: field.unique })
      if (field.unique) unique.set(object, (unique.get(object) ?? new Set()).add(key))
      if (field.deletedAt !== undefined) removed.set(object, (removed.get(object) ?? new Set()).add(key))
      else {
        byObject.set(object, (byObject.get(object) ?? new Map()).set(key, field))
        haveEffects ||= isComputed(field) || field.type === 'reference'
      }
    }
    const last = page.rows.at(-1)
    if (page.done || !last) break
    after = [last.id]
  }
  for (const [object, keys] of removed) for (const key of keys) if (byObject.get(object)?.has(key)) keys.delete(key)
  return {
    byObject,
    removed,
    unique,
    references: [...references.values()],
    haveEffects: haveEffects || unique.size > 0,
  }
}
