import type { NewRow } from '@rapport/core/storage'
import type { TableColumn } from './schema/tables.js'
import { arrayText } from './wire-message.js'

/** Bytes of a chunk, unless a single row needs more. */
const chunkBytes = 256 * 1024
/** Most bytes that a UTF-16 unit takes in UTF-8. */
const bytesPerUnit = 3

/**
 * Rows in the text format of `copy` (PostgreSQL documentation, `COPY`, "Text Format"): the tenant, the version, then the columns. Made
 * chunk by chunk, so that no more than one is held besides the rows, and encoded row by row, so that none is copied twice.
 */
export function* copyText(
  tenantId: string,
  columns: readonly TableColumn[],
  rows: Iterable<NewRow>,
): Generator<Uint8Array<ArrayBuffer>, void> {
  const fields = columns.map(({ path, type }) => [path, type] as const)
  const tenant = escaped(tenantId)
  let chunk = newChunk(chunkBytes)
  let used = 0
  for (const row of rows) {
    const text = rowText(tenant, fields, row)
    const most = text.length * bytesPerUnit
    if (used + most > chunk.length) {
      if (used > 0) yield chunk.subarray(0, used)
      chunk = newChunk(Math.max(chunkBytes, most))
      used = 0
    }
    used += encodeInto(chunk, used, text)
  }
  if (used > 0) yield chunk.subarray(0, used)
}

type Field = readonly [path: string, type: TableColumn['type']]

function rowText(tenant: string, fields: readonly Field[], row: NewRow): string {
  let text = `${tenant}\t${row.version ?? 1}`
  for (const [path, type] of fields) {
    const value = row[path]
    text += value === undefined || value === null ? '\t\\N' : `\t${fieldText(type, value)}`
  }
  return `${text}\n`
}

function fieldText(type: TableColumn['type'], value: unknown): string {
  switch (type) {
    case 'text':
      return escaped(value as string)
    case 'text[]':
      return escaped(arrayText(value as readonly string[]))
    case 'json':
      // JSON writes control characters as escapes itself.
      return JSON.stringify(value).replaceAll('\\', '\\\\')
    default:
      return String(value)
  }
}

const special = /[\\\n\r\t]/
const everySpecial = /[\\\n\r\t]/g
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function escaped(text: string): string {
  return special.test(text) ? text.replace(everySpecial, (character) => escapes[character]!) : text
}

const encoder = new TextEncoder()

/** A buffer of Node where there is one: it writes a short text several times as fast as an encoder does. */
function newChunk(bytes: number): Uint8Array<ArrayBuffer> {
  return typeof Buffer === 'undefined' ? new Uint8Array(bytes) : Buffer.allocUnsafe(bytes)
}

/** Writes a text in UTF-8 from a place on, and says how many bytes that took. */
function encodeInto(chunk: Uint8Array, place: number, text: string): number {
  if (typeof Buffer !== 'undefined' && chunk instanceof Buffer) return chunk.write(text, place)
  return encoder.encodeInto(text, chunk.subarray(place)).written
}
