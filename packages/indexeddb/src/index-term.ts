import {
  type EntityDef,
  type FieldType,
  invalidField,
  isStorableText,
  type OrderTerm,
  type Path,
  parseOrderTerm,
  resolvePath,
  toInstant,
} from '@rapport/core/storage'
import { invertedPrefix, invertedText, sortableNumber, sortableText } from './key-text.js'

/** A missing value sorts behind every present one, in both directions. */
export const presentMark = '1'
export const missingMark = '2'

/** One term of an index, ready to turn values into pieces of a key. */
export interface IndexTerm {
  readonly path: Path
  readonly descending: boolean
  readonly type: FieldType
  /**
   * The piece of a key that stands for a value, `undefined` for a missing one. Pieces sort as the term does, and none begins another, so
   * they can be strung together.
   */
  encode(value: unknown): string
  /** What the pieces of all texts with a prefix begin with. Only for terms of type `text`. */
  encodePrefix(prefix: string): string
}

/** A term over a field of a type that has an order. */
export function compileTerm(term: OrderTerm, type: FieldType): IndexTerm {
  const { path, descending } = parseOrderTerm(term)
  const present = presentEncoder(type, descending)
  return {
    path,
    descending,
    type,
    encode: (value) => (value === undefined || value === null ? missingMark : presentMark + present(value)),
    encodePrefix: (prefix) => presentMark + (descending ? invertedPrefix : String)(sortableText(prefix)),
  }
}

/** Types of the fields of an index. Throws `validation_failed` for a field that is not declared or that the index cannot hold. */
export function termTypes(def: EntityDef, on: readonly OrderTerm[], kind: 'order' | 'member' | 'terms'): FieldType[] {
  if (kind !== 'order' && on.length !== 1) {
    throw invalidField('on', `an index for members or terms is on one text[] field of ${def.name}`)
  }
  return on.map((term) => {
    const { path } = parseOrderTerm(term)
    const target = resolvePath(def, path)
    if (!target) throw invalidField(path, `${def.name} has no such field; use a declared path`)
    const fits = kind === 'order' ? target.type !== 'json' && target.type !== 'text[]' : target.type === 'text[]'
    if (!fits) throw invalidField(path, `an index of kind ${kind} cannot hold a ${target.type} field`)
    return target.type
  })
}

/** Whether a value of a filter or cursor has the form that rows hold, so that a key can be made of it. */
export function isEncodable(type: FieldType, value: unknown): boolean {
  switch (type) {
    case 'text':
      return typeof value === 'string' && isStorableText(value)
    case 'instant':
      return typeof value === 'string' && toInstant(value) === value
    case 'int':
    case 'float':
      return typeof value === 'number' && Number.isFinite(value)
    case 'bool':
      return typeof value === 'boolean'
    default:
      return false
  }
}

/** A text as the pieces of a key have it: a character that no text holds ends it, so that no piece begins another. */
export function textPiece(text: string): string {
  return `${sortableText(text)}\u0000`
}

function presentEncoder(type: FieldType, descending: boolean): (value: unknown) => string {
  switch (type) {
    case 'int':
    case 'float':
      // Adding and subtracting turn -0 into 0, which it equals.
      return descending
        ? (value) => sortableNumber(0 - (value as number))
        : (value) => sortableNumber((value as number) + 0)
    case 'instant':
      return descending
        ? (value) => sortableNumber(0 - Date.parse(value as string))
        : (value) => sortableNumber(Date.parse(value as string))
    case 'bool':
      return (value) => (value === descending ? '0' : '1')
    default:
      return descending ? (value) => invertedText(sortableText(value as string)) : (value) => textPiece(value as string)
  }
}
