import { CrmError } from '@rapport/core'
import { invalidInput } from './http-refusal.js'

/**
 * A body that must be an object with none but the known keys. Throws `validation_failed` that names every other key, so that
 * a misspelt option is never silently without effect.
 */
export function plainObject(body: unknown, known: readonly string[]): Readonly<Record<string, unknown>> {
  const object = anyObject(body)
  const unknown = Object.keys(object).filter((key) => !known.includes(key))
  if (unknown.length > 0) {
    const issues = unknown.map((path) => ({
      path,
      message: `is not known here; use ${known.join(', ') || 'an empty object'}`,
    }))
    throw new CrmError('validation_failed', `${issues[0]!.path}: ${issues[0]!.message}`, {
      field: issues[0]!.path,
      issues,
    })
  }
  return object
}

/** A body that must be an object; what is in it is for the CRM to judge. */
export function anyObject(body: unknown): Readonly<Record<string, unknown>> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw invalidInput('', 'must be a JSON object')
  return body as Readonly<Record<string, unknown>>
}
