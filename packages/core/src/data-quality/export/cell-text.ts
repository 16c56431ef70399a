import * as z from 'zod/mini'
import { sameValue } from '../../entity/canonical-json.js'
import type { Entity } from '../../entity/entity.js'
import { formatDecimal, type Money } from '../../kernel/money.js'
import type { ExportColumn } from './export-columns.js'

/** A cell of a table: text, or what every format knows the type of. */
export type TableCell = string | number | boolean | undefined

/**
 * A value as one cell that an import reads back to the same value: money as `12.50 EUR`, lists of texts between semicolons, what
 * those cannot say as JSON.
 */
export function tableCell(entity: Entity, { path, field }: ExportColumn, value: unknown): TableCell {
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  if (Array.isArray(value)) {
    if (value.length === 0) return undefined
    const texts = field?.kind === 'list' ? plainItems(entity, path, field.itemTexts ?? [], value) : value
    return texts?.every(isPlain) && new Set(texts).size === texts.length ? texts.join('; ') : JSON.stringify(value)
  }
  return isMoney(value) ? `${formatDecimal(value)} ${value.currency}` : JSON.stringify(value)
}

/** Cells of several related records as one. */
export function joinedCell(cells: readonly TableCell[]): TableCell {
  const filled = cells.filter((cell) => cell !== undefined)
  return filled.length > 1 ? filled.join('; ') : filled[0]
}

/** Whether a text comes back from a list between semicolons. */
function isPlain(text: unknown): text is string {
  return typeof text === 'string' && text !== '' && text.trim() === text && !/[;；\n,，、|]|^\[/.test(text)
}

/** The one text of each item, where all else about the items is what the schema gives by itself. */
function plainItems(
  entity: Entity,
  path: string,
  itemTexts: readonly string[],
  items: readonly unknown[],
): string[] | undefined {
  const [property] = itemTexts
  const schema = (entity.schema.shape as Readonly<Record<string, z.ZodMiniType>>)[path]
  if (property === undefined || schema === undefined) return undefined
  const texts = items.map((item) => String((item as Readonly<Record<string, unknown>>)[property]))
  const read = z.safeParse(
    schema,
    texts.map((text) => ({ [property]: text })),
  )
  // The first item is the primary one, also when nothing says so.
  const expected = read.success && (read.data as object[]).map((item, index) => ({ ...item, primary: index === 0 }))
  return expected && sameValue(expected, items) ? texts : undefined
}

function isMoney(value: unknown): value is Money {
  const { amountMinor, currency } = value as Partial<Money>
  return typeof amountMinor === 'number' && typeof currency === 'string'
}
