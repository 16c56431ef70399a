import { type CrmError, invalidField } from '../kernel/crm-error.js'
import { toInstant } from '../kernel/instant.js'
import { codePointLength, isStorableText } from '../kernel/text-safety.js'
import type { EntityDef, FieldType, PathTarget } from './entity-def.js'
import { shortName } from './plain-object.js'
import type { Path, Scalar } from './row.js'

/** Longest text, in code points, that an index may hold. */
export const indexedTextLimit = 512

/** Deepest nesting of a `json` value. */
const jsonDepthLimit = 32

/** What a value of a type must be, for errors. */
const expected: Readonly<Record<FieldType, string>> = {
  text: 'a text without U+0000 and without lone surrogates',
  int: 'an integer within ±2^53',
  float: 'a finite number',
  bool: 'true or false',
  instant: 'a moment such as 2026-03-01T10:00:00.000Z',
  'text[]': 'a list of texts without U+0000 and without lone surrogates',
  json: 'plain JSON',
}

/**
 * A scalar that is to be compared with, or kept in, a field: instants in canonical form, `-0` as `0`. For a place inside a `json`
 * field any scalar will do; for `text[]` it is one member. Throws `validation_failed` when the type is wrong.
 */
export function prepareScalar(target: PathTarget, value: unknown, path: Path): Scalar {
  if (value === null || value === undefined)
    throw invalidField(shortName(path), 'no value given; ask for a missing one with isNull')
  const scalar = scalarOf(target.type === 'text[]' ? 'text' : target.type, value)
  if (scalar === undefined) throw wrongType(path, target.type === 'text[]' ? 'text' : target.type)
  return scalar
}

/** A value to store in a declared field; see {@link prepareScalar}. Lists and objects are copied. */
export function prepareFieldValue(type: FieldType, value: unknown, path: Path, indexed: boolean): unknown {
  if (type === 'json') return copyJson(value, path, 0)
  if (type !== 'text[]') {
    const scalar = scalarOf(type, value)
    if (scalar === undefined) throw wrongType(path, type)
    if (indexed && typeof scalar === 'string') requireIndexable(scalar, path)
    return scalar
  }
  if (!Array.isArray(value)) throw wrongType(path, type)
  return value.map((member: unknown) => {
    if (typeof member !== 'string' || !isStorableText(member)) throw wrongType(path, type)
    if (indexed) requireIndexable(member, path)
    return member
  })
}

/** Whether {@link prepareFieldValue} would give the value back unchanged. It throws for some of the others, and changes the rest. */
export function isPreparedValue(type: FieldType, value: unknown, indexed: boolean): boolean {
  switch (type) {
    case 'text':
      return isPreparedText(value, indexed)
    case 'text[]':
      return Array.isArray(value) && value.every((member) => isPreparedText(member, indexed))
    case 'json':
      return isPreparedJson(value, 0)
    default:
      return Object.is(scalarOf(type, value), value) && value !== undefined
  }
}

function isPreparedText(value: unknown, indexed: boolean): boolean {
  if (typeof value !== 'string' || !isStorableText(value)) return false
  return !indexed || value.length <= indexedTextLimit || codePointLength(value) <= indexedTextLimit
}

function isPreparedJson(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return isStorableText(value)
  if (typeof value !== 'object') return value !== undefined && Object.is(scalarOf('json', value), value)
  if (value === null) return true
  if (depth >= jsonDepthLimit) return false
  if (Array.isArray(value)) {
    for (const member of value as readonly unknown[]) if (!isPreparedJson(member, depth + 1)) return false
    return true
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return false
  for (const key in value) {
    if (key === '__proto__' || !isStorableText(key)) return false
    if (!isPreparedJson((value as Readonly<Record<string, unknown>>)[key], depth + 1)) return false
  }
  return true
}

const indexedPathsOf = new WeakMap<EntityDef, ReadonlySet<Path>>()

/** The paths of an entity whose values an index holds. */
export function indexedPaths(def: EntityDef): ReadonlySet<Path> {
  let paths = indexedPathsOf.get(def)
  if (!paths) {
    paths = new Set(
      def.indexes.flatMap((index) => index.on.map((term) => (term.startsWith('-') ? term.slice(1) : term))),
    )
    indexedPathsOf.set(def, paths)
  }
  return paths
}

function requireIndexable(text: string, path: Path): void {
  if (text.length > indexedTextLimit && codePointLength(text) > indexedTextLimit) {
    throw invalidField(path, `an indexed text holds at most ${indexedTextLimit} characters; shorten it`)
  }
}

function wrongType(path: Path, type: FieldType): CrmError {
  return invalidField(shortName(path), `expected ${expected[type]}`)
}

function scalarOf(type: FieldType, value: unknown): Scalar | undefined {
  switch (type) {
    case 'text':
      return typeof value === 'string' && isStorableText(value) ? value : undefined
    case 'int':
      return typeof value === 'number' && Number.isSafeInteger(value) ? value + 0 : undefined
    case 'float':
      return typeof value === 'number' && Number.isFinite(value) ? value + 0 : undefined
    case 'bool':
      return typeof value === 'boolean' ? value : undefined
    case 'instant':
      return toInstant(value)
    case 'json':
      return scalarOf('text', value) ?? scalarOf('bool', value) ?? (isExact(value) ? value + 0 : undefined)
    case 'text[]':
      return undefined
  }
}

/** A finite number that, if it is an integer, JSON readers of every backend give back unchanged. */
function isExact(value: unknown): value is number {
  return (
    typeof value === 'number' && Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))
  )
}

function copyJson(value: unknown, path: Path, depth: number): unknown {
  if (value === null || typeof value === 'boolean') return value
  // Most of what JSON holds is text.
  if (typeof value === 'string' && isStorableText(value)) return value
  if (typeof value !== 'object') {
    const scalar = scalarOf('json', value)
    if (scalar === undefined) throw wrongType(path, 'json')
    return scalar
  }
  if (depth >= jsonDepthLimit) throw invalidField(path, `nested deeper than ${jsonDepthLimit} levels; store it flatter`)
  if (Array.isArray(value)) return value.map((member: unknown) => copyJson(member ?? null, path, depth + 1))
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) throw wrongType(path, 'json')
  const copy: Record<string, unknown> = {}
  for (const key of Object.keys(value)) {
    const member = (value as Readonly<Record<string, unknown>>)[key]
    if (member === undefined) continue
    if (key === '__proto__' || !isStorableText(key))
      throw invalidField(path, 'holds a key that cannot be stored; rename it')
    copy[key] = copyJson(member, path, depth + 1)
  }
  return copy
}
