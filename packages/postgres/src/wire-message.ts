import type { SqlValue } from './driver.js'

/**
 * Messages of the PostgreSQL frontend protocol, version 3 (PostgreSQL documentation, chapter "Message Formats"), as far as a prepared
 * statement needs them. Values travel as text.
 */

const encoder = new TextEncoder()
const sync = message('S', [])
/** The unnamed portal, without a limit of rows. */
const execute = message('E', [text(''), int32(0)])

/** Prepares a statement under a name (the empty name for a passing one) and asks for the types of its result. */
export function prepareMessages(name: string, sql: string): Uint8Array {
  const parse = message('P', [text(name), text(sql), int16(0)])
  const describe = message('D', [encoder.encode('S'), text(name)])
  return joined([parse, describe, sync])
}

/** Runs a prepared statement with values. */
export function executeMessages(name: string, values: readonly SqlValue[]): Uint8Array {
  const parameters = values.flatMap((value) => {
    const bytes = value === null ? undefined : encoder.encode(textOf(value))
    return bytes ? [int32(bytes.length), bytes] : [int32(-1)]
  })
  const bind = message('B', [text(''), text(name), int16(0), int16(values.length), ...parameters, int16(0)])
  return joined([bind, execute, sync])
}

const quotable = /["\\]/
const everyQuotable = /["\\]/g

/** A list as PostgreSQL writes arrays: `{"a","b \"c\""}`. */
export function arrayText(values: readonly (string | number | boolean)[]): string {
  if (typeof values[0] === 'string') {
    // A list of texts is JSON but for its brackets, as long as JSON escapes nothing in it.
    const json = JSON.stringify(values)
    if (!json.includes('\\')) return `{${json.slice(1, -1)}}`
  }
  let members = ''
  for (const value of values) {
    const member = String(value)
    const safe = quotable.test(member) ? member.replaceAll(everyQuotable, '\\$&') : member
    members += members === '' ? `"${safe}"` : `,"${safe}"`
  }
  return `{${members}}`
}

function textOf(value: Exclude<SqlValue, null>): string {
  return typeof value === 'object' ? arrayText(value) : String(value)
}

function message(type: string, parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 4)
  return joined([encoder.encode(type), int32(length), ...parts])
}

function text(value: string): Uint8Array {
  const bytes = new Uint8Array(value.length * 3 + 1)
  const { written } = encoder.encodeInto(value, bytes)
  return bytes.subarray(0, written + 1)
}

function int16(value: number): Uint8Array {
  return Uint8Array.of(value >>> 8, value)
}

function int32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value)
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let offset = 0
  for (const part of parts) {
    bytes.set(part, offset)
    offset += part.length
  }
  return bytes
}
