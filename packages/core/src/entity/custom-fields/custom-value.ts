import { type ValidationIssue, validationError } from '../../kernel/crm-error.js'
import { toInstant } from '../../kernel/instant.js'
import { codePointLength, isStorableText } from '../../kernel/text-safety.js'
import type { CustomValue } from '../base-record.js'
import { sameValue } from '../canonical-json.js'
import { type CustomField, isComputed } from './custom-field.js'
import type { CustomFields } from './custom-field-catalogue.js'
import { isCalendarDate, isMoney, isStorableNumber } from './value-form.js'

/** Values by key. */
export type CustomValues = Readonly<Record<string, unknown>>

const longestText = 10_000
const longestUrl = 2_000

/**
 * Checks values against the registered fields and joins them with the values that are there. `null` clears a value, or all of them. Throws
 * `validation_failed` naming `custom.<key>`.
 */
export function mergeCustomValues(
  fields: CustomFields,
  before: CustomValues,
  given: CustomValues | null,
): Record<string, unknown> {
  const issues: ValidationIssue[] = []
  const values =
    given ?? Object.fromEntries(Object.keys(before).flatMap((key) => (fields.has(key) ? [[key, null]] : [])))
  const merged: Record<string, unknown> = { ...before }
  for (const [key, value] of Object.entries(values)) {
    const path = `custom.${key}`
    const field = fields.get(key)
    const old = Object.hasOwn(before, key) ? before[key] : undefined
    const clears = value === null || value === undefined
    if (!field && clears && old !== undefined) delete merged[key]
    else if (!field) issues.push({ path, message: 'is not a registered custom field; register it or remove it' })
    else if (isComputed(field)) {
      // What was read may be sent back, and what clears everything clears what is set.
      if (!clears && !sameValue(old, value))
        issues.push({
          path,
          message: 'is computed and cannot be set; leave it out, or change what it is computed from',
        })
    } else if (clears) {
      if (field.required) issues.push({ path, message: 'is required and cannot be cleared' })
      delete merged[key]
    } else {
      const message = faultOf(field, value, old)
      if (message) issues.push({ path, message })
      merged[key] = canonical(field, value)
    }
  }
  if (issues.length > 0) throw validationError(issues)
  return merged
}

/** The values of a new record: those given, checked, and the defaults of those that are not. */
export function newCustomValues(fields: CustomFields, values: CustomValues): Record<string, unknown> {
  const merged = mergeCustomValues(fields, {}, values)
  for (const { key, defaultValue } of fields.values())
    if (defaultValue !== undefined && !Object.hasOwn(values, key)) merged[key] = defaultValue
  return merged
}

/** What is wrong with a value; `old` is the record's present one, which may hold options that were archived since. */
export function faultOf(field: CustomField, value: unknown, old?: unknown): string | undefined {
  switch (field.type) {
    case 'number':
      return isStorableNumber(value) ? undefined : 'must be a number; whole ones lie within ±2^53'
    case 'money':
      return isMoney(value)
        ? undefined
        : 'must be an amount such as { amountMinor: 4999, currency: "EUR" }, in whole minor units'
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'must be true or false'
    case 'date':
      return isCalendarDate(value) ? undefined : 'must be a date such as 2026-03-01'
    case 'dateTime':
      return typeof value === 'string' && toInstant(value) !== undefined
        ? undefined
        : 'must be a moment such as 2026-03-01T10:00:00.000Z'
    case 'select':
      return isOption(field, value, [old]) ? undefined : 'must be one of the options'
    case 'multiSelect': {
      const held = Array.isArray(old) ? old : []
      return Array.isArray(value) &&
        value.every((item) => isOption(field, item, held)) &&
        new Set(value).size === value.length
        ? undefined
        : 'must be a list of the options, each once'
    }
    case 'reference':
      return typeof value === 'string' && value !== '' && value.length <= 64 && isStorableText(value)
        ? undefined
        : `must be the id of a ${field.target}`
    case 'url':
      return isWebAddress(value)
        ? undefined
        : `must be an http or https address of at most ${longestUrl} characters, without a user name or password`
    case 'text':
      return typeof value === 'string' && isStorableText(value) && codePointLength(value) <= longestText
        ? undefined
        : `must be text of at most ${longestText} characters`
    case 'formula':
    case 'rollUp':
      return 'is computed and cannot be set'
  }
}

function isOption(
  { options = [], archivedOptions = [] }: CustomField,
  value: unknown,
  held: readonly unknown[],
): boolean {
  if (typeof value !== 'string' || !options.includes(value)) return false
  return !archivedOptions.includes(value) || held.includes(value)
}

/** A password in an address would be shown to everybody who may read the record. */
function isWebAddress(value: unknown): boolean {
  if (typeof value !== 'string' || !isStorableText(value) || value.length > longestUrl) return false
  const url = URL.parse(value)
  return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === ''
}

/** A value as it is kept and compared. */
export function canonical({ type }: CustomField, value: unknown): CustomValue {
  if (type === 'dateTime' && typeof value === 'string') return toInstant(value) ?? value
  if (type === 'money' && isMoney(value)) return { amountMinor: value.amountMinor, currency: value.currency }
  return value as CustomValue
}
