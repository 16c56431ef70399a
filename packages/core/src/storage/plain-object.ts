import { invalidField } from '../kernel/crm-error.js'
import { isStorableText } from '../kernel/text-safety.js'

/**
 * A value from outside as an object with unknown properties. Throws `validation_failed` naming where it stood: `index` is its place in
 * the list called `at`.
 */
export function requireObject(value: unknown, at: string, index?: number): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalidField(index === undefined ? at : `${at}.${index}`, 'expected an object')
  return value as Readonly<Record<string, unknown>>
}

/** A value from outside as a list of at most `most` entries. Throws `validation_failed` naming where it stood. */
export function requireList(value: unknown, at: string, most: number): readonly unknown[] {
  if (!Array.isArray(value)) throw invalidField(at, 'expected a list')
  if (value.length > most)
    throw invalidField(at, `at most ${most.toLocaleString('en')} entries are allowed; ask in parts`)
  return value
}

/** A value from outside as an integer within bounds, both included. */
export function requireInteger(value: unknown, at: string, least: number, most: number): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most) return value
  throw invalidField(at, `expected an integer from ${least} to ${most.toLocaleString('en')}`)
}

/** Whether a value is a name: storable text of 1 to 512 UTF-16 units. */
export function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= 512 && isStorableText(value)
}

/** A value from outside as a name. */
export function requireName(value: unknown, at: string): string {
  if (isName(value)) return value
  throw invalidField(at, 'expected a text of 1 to 512 characters')
}

/** A name from outside, short enough to repeat in an error. */
export function shortName(name: string): string {
  return name.length <= 80 ? name : `${name.slice(0, 80)}…`
}
