import type { NewRow, PromotedType, Write } from '@rapport/core/storage'
import { codePointLength, indexedTextLimit, invalidField } from '@rapport/core/storage'
import type { EntityTable } from './tables.js'

const types: Readonly<Record<PromotedType, string>> = { text: 'string', float: 'number', bool: 'boolean' }

/** A write with the columns of promoted places beside the `json` fields that it sets; see {@link filledRow}. */
export function filledWrite(table: EntityTable, write: Write): Write {
  switch (write.do) {
    case 'insert':
    case 'upsert':
      return { ...write, row: filledRow(table, write.row) }
    case 'patch':
      return write.set ? { ...write, set: filledFields(table, write.set) } : write
    default:
      return write
  }
}

/**
 * A row with the columns of promoted places. A value of another type than the column's leaves it empty. Throws `validation_failed` for a
 * text that is too long to be ordered by, as for any indexed field.
 */
export function filledRow(table: EntityTable, row: NewRow): NewRow {
  return filledFields(table, row)
}

function filledFields<Fields extends Readonly<Record<string, unknown>>>(table: EntityTable, fields: Fields): Fields {
  const filled: Record<string, unknown> = {}
  for (const { path, promoted } of table.promoted) {
    if (!Object.hasOwn(fields, promoted.field)) continue
    const value = keyOf(fields[promoted.field], promoted.key)
    filled[path] = typeof value === types[promoted.type] ? value : null
    if (typeof value !== 'string' || promoted.type !== 'text') continue
    const isOrdered = table.indexes.some(({ on }) => on.includes(path))
    if (isOrdered && codePointLength(value) > indexedTextLimit) {
      throw invalidField(path, `is kept in an order; at most ${indexedTextLimit} characters are allowed`)
    }
  }
  return { ...fields, ...filled }
}

function keyOf(json: unknown, key: string): unknown {
  const isObject = typeof json === 'object' && json !== null && !Array.isArray(json)
  return isObject && Object.hasOwn(json, key) ? (json as Readonly<Record<string, unknown>>)[key] : undefined
}
