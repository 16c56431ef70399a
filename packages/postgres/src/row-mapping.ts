import type { Row, Scalar } from '@rapport/core/storage'
import type { TableColumn } from './schema/tables.js'

/** Turns PostgreSQL's text form of a value into JavaScript's. */
export type TextParser = (text: string) => unknown

/**
 * Parsers by type OID, given to a client with each query and never set globally, where they would change the host's own queries.
 */
export const textParsers: Readonly<Record<number, TextParser>> = {
  16: (text) => text === 't',
  20: Number,
  21: Number,
  23: Number,
  25: (text) => text,
  114: (text) => JSON.parse(text) as unknown,
  700: Number,
  701: Number,
  1009: parseTextArray,
  1043: (text) => text,
  1184: instantOfText,
  1700: Number,
  3802: (text) => JSON.parse(text) as unknown,
}

/** The row that a list of column values stands for: keyed by path, without what is missing. */
export function rowOf(columns: readonly TableColumn[], values: readonly unknown[], start = 0): Row {
  const row: Record<string, unknown> = {}
  for (let index = 0; index < columns.length; index++) {
    const value = values[start + index]
    if (value === null || value === undefined) continue
    const { path, type } = columns[index]!
    row[path] = type === 'int' || type === 'float' ? +(value as number) : type === 'instant' ? instantOf(value) : value
  }
  return row as Row
}

/** A group key or computed value; `null` where missing. */
export function scalarOf(value: unknown, isNumber = false): Scalar | null {
  if (value === null || value === undefined) return null
  if (isNumber) return Number(value)
  return value instanceof Date ? value.toISOString() : typeof value === 'bigint' ? Number(value) : (value as Scalar)
}

/** The canonical instant of what a driver made of a `timestamptz`. */
function instantOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString()
  const text = value as string
  return text.length === 24 && text[10] === 'T' ? text : instantOfText(text)
}

/** `2026-03-01 10:00:00.5+00` as `2026-03-01T10:00:00.500Z`. Seldom, a host's connection has another zone than UTC. */
export function instantOfText(text: string): string {
  if (text.length >= 22 && text.endsWith('+00') && text[10] === ' ') {
    const fraction = text.length === 22 ? '.000' : text.slice(19, -3).padEnd(4, '0')
    if (fraction.length === 4) return `${text.slice(0, 10)}T${text.slice(11, 19)}${fraction}Z`
  }
  const match = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2}(?:\.\d+)?)([+-])(\d{2})(?::?(\d{2}))?(?::?(\d{2}))?$/.exec(
    text,
  )
  if (!match) return new Date(text).toISOString()
  const [, date, time, sign, hours = '0', minutes = '0', seconds = '0'] = match
  const offsetMs = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000
  return new Date(Date.parse(`${date}T${time}Z`) - (sign === '-' ? -offsetMs : offsetMs)).toISOString()
}

/** `{a,"b c",NULL}` as a list of strings; a null becomes the empty string, since lists hold none. */
export function parseTextArray(text: string): string[] {
  const members: string[] = []
  let index = 1
  while (index < text.length - 1) {
    let member = ''
    if (text[index] === '"') {
      for (index++; text[index] !== '"'; index++) {
        if (text[index] === '\\') index++
        member += text[index]
      }
      index++
    } else {
      const start = index
      while (index < text.length - 1 && text[index] !== ',') index++
      member = text.slice(start, index)
      if (member === 'NULL') member = ''
    }
    members.push(member)
    index++
  }
  return members
}
