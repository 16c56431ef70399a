import { utf8ToBytes } from '@noble/hashes/utils.js'
import { invalidField } from '../kernel/crm-error.js'
import { sha256Hex } from '../kernel/sha256.js'
import type { OrderTerm } from '../storage/entity-def.js'
import type { Filter } from '../storage/filter.js'
import type { Scalar } from '../storage/row.js'
import { canonicalJson } from './canonical-json.js'

/** Marks the list a cursor belongs to, so that it cannot be used with another filter or order. */
export function listMark(entity: string, where: Filter, order: readonly OrderTerm[]): string {
  return sha256Hex(canonicalJson([entity, where, order])).slice(0, 16)
}

/**
 * A cursor: the mark of its list and the order values of the last row. It holds personal data when the order does, so an HTTP
 * handler seals it before it leaves the process.
 */
export function encodeCursor(mark: string, values: readonly (Scalar | null)[]): string {
  return toBase64Url(JSON.stringify([mark, values]))
}

/** The order values of a cursor. Throws `validation_failed` when it is malformed or of another list. */
export function decodeCursor(cursor: unknown, mark: string): readonly (Scalar | null)[] {
  const broken = invalidField('cursor', 'is not a cursor of this list; start again from the first page')
  if (typeof cursor !== 'string' || cursor.length > 16_384) throw broken
  let parsed: unknown
  try {
    parsed = JSON.parse(fromBase64Url(cursor))
  } catch {
    throw broken
  }
  if (!Array.isArray(parsed) || parsed[0] !== mark || !Array.isArray(parsed[1])) throw broken
  return parsed[1] as (Scalar | null)[]
}

function toBase64Url(text: string): string {
  let binary = ''
  for (const byte of utf8ToBytes(text)) binary += String.fromCharCode(byte)
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

function fromBase64Url(text: string): string {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(binary, (char) => char.charCodeAt(0)))
}
