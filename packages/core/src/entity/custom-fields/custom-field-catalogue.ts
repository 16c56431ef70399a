import type { Clock } from '../../kernel/clock.js'
import { type ValidationIssue, validationError } from '../../kernel/crm-error.js'
import { toInstant } from '../../kernel/instant.js'
import { codePointLength, isStorableText } from '../../kernel/text-safety.js'
import type { GuardedSession } from '../../storage/guarded-session.js'
import type { CustomField } from './custom-field.js'

/** The custom fields of an entity in one tenant, by key. */
export type CustomFields = ReadonlyMap<string, CustomField>

/** What tenants registered, read once and kept for a short while. */
export interface CustomFieldCatalogue {
  fieldsOf(storage: GuardedSession, tenantId: string, object: string): Promise<CustomFields>
  /** Call after a change of a tenant's fields. */
  forget(tenantId: string): void
}

const lifetimeMs = 30_000
const capacity = 10_000
const pageSize = 1_000

/** A catalogue over storage; another process sees a change after at most half a minute. */
export function createCustomFieldCatalogue(clock: Clock): CustomFieldCatalogue {
  const kept = new Map<
    string,
    { readonly expiresAt: number; readonly fields: Promise<Map<string, Map<string, CustomField>>> }
  >()
  const read = async (storage: GuardedSession): Promise<Map<string, Map<string, CustomField>>> => {
    const where = { op: 'isNull', path: 'deletedAt' } as const
    const byObject = new Map<string, Map<string, CustomField>>()
    for (let after: readonly [string] | undefined; ; ) {
      const page = await storage.find({
        entity: 'customField',
        where,
        order: ['id'],
        limit: pageSize,
        ...(after && { after }),
      })
      for (const row of page.rows) {
        const field = row as unknown as CustomField
        const fields = byObject.get(field.object) ?? new Map<string, CustomField>()
        byObject.set(field.object, fields.set(field.key, field))
      }
      const last = page.rows.at(-1)
      if (page.done || !last) return byObject
      after = [last.id]
    }
  }
  return {
    async fieldsOf(storage, tenantId, object) {
      const now = clock.now()
      let entry = kept.get(tenantId)
      if (!entry || entry.expiresAt <= now) {
        entry = { expiresAt: now + lifetimeMs, fields: read(storage) }
        kept.set(tenantId, entry)
        const { fields } = entry
        fields.catch(() => {
          if (kept.get(tenantId)?.fields === fields) kept.delete(tenantId)
        })
        if (kept.size > capacity) kept.delete(kept.keys().next().value as string)
      }
      return (await entry.fields).get(object) ?? new Map()
    },
    forget: (tenantId) => {
      kept.delete(tenantId)
    },
  }
}

/**
 * Checks values against the registered fields and joins them with the values that are there. `null` clears. Throws
 * `validation_failed` naming `custom.<key>`.
 */
export function mergeCustomValues(
  fields: CustomFields,
  before: Readonly<Record<string, unknown>>,
  values: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const issues: ValidationIssue[] = []
  const merged: Record<string, unknown> = { ...before }
  for (const [key, value] of Object.entries(values)) {
    const path = `custom.${key}`
    const field = fields.get(key)
    const leftover = !field && (value === null || value === undefined) && Object.hasOwn(merged, key)
    if (leftover) delete merged[key]
    else if (!field) issues.push({ path, message: 'is not a registered custom field; register it or remove it' })
    else if (value === null || value === undefined) {
      if (field.required) issues.push({ path, message: 'is required and cannot be cleared' })
      delete merged[key]
    } else {
      const message = faultOf(field, value)
      if (message) issues.push({ path, message })
      merged[key] = value
    }
  }
  if (issues.length > 0) throw validationError(issues)
  return merged
}

function faultOf(field: CustomField, value: unknown): string | undefined {
  switch (field.type) {
    case 'number':
      return typeof value === 'number' &&
        Number.isFinite(value) &&
        (!Number.isInteger(value) || Number.isSafeInteger(value))
        ? undefined
        : 'must be a number; whole ones lie within ±2^53'
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'must be true or false'
    case 'date':
      return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) && toInstant(value) !== undefined
        ? undefined
        : 'must be a date such as 2026-03-01'
    case 'select':
      return typeof value === 'string' && (field.options ?? []).includes(value)
        ? undefined
        : 'must be one of the options'
    case 'multiSelect':
      return Array.isArray(value) && value.every((item) => (field.options ?? []).includes(item as string))
        ? undefined
        : 'must be a list of the options'
    case 'url':
      return typeof value === 'string' &&
        isStorableText(value) &&
        value.length <= 2_000 &&
        /^https?:$/.test(URL.parse(value)?.protocol ?? '')
        ? undefined
        : 'must be an http or https address of at most 2000 characters'
    case 'text':
      return typeof value === 'string' && isStorableText(value) && codePointLength(value) <= 10_000
        ? undefined
        : 'must be text of at most 10000 characters'
  }
}
