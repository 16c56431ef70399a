import { coerceBoolean } from './coerce-boolean.js'
import { coerceDate, coerceInstant, type DateOrder } from './coerce-date.js'
import { coerceMoney } from './coerce-money.js'
import { type Coerced, coerceNumber, type DecimalMark } from './coerce-number.js'
import type { ImportField } from './import-field.js'

/** How the cells of a column are read where they can be read in more than one way. */
export interface CellStyle {
  /** `,` or `.`: what begins the fraction of a number. */
  readonly decimal?: DecimalMark
  /** Whether `3/4/2026` is in April or in March. */
  readonly dateOrder?: DateOrder
  /** Zone of moments without one: `Z` or an offset such as `+08:00`. */
  readonly zone?: string
  /** Currency of amounts without one, ISO 4217. */
  readonly currency?: string
  /** Words of the file for words of the field: `{ Kunde: 'customer' }`. Case does not matter. */
  readonly values?: Readonly<Record<string, string>>
  /** What every item of a list has: `{ system: 'shop' }` for `externalRefs`, `{ type: 'mobile' }` for `phones`. */
  readonly item?: Readonly<Record<string, unknown>>
  /** Whether spaces around texts are dropped (default) or kept. */
  readonly spaces?: 'trim' | 'keep'
}

/** A cell as a file gives it: text, or what a spreadsheet or JSON knows the type of. */
export type Cell = string | number | boolean | Date | null | undefined | object

/** Whether a cell says nothing. */
export function isEmptyCell(cell: Cell): boolean {
  return cell === undefined || cell === null || (typeof cell === 'string' && cell.trim() === '')
}

/** The value of a field that a cell means, or what is wrong with the cell. Never called with an empty one. */
export function coerceCell(field: ImportField, cell: Cell, style: CellStyle): Coerced<unknown> {
  if (typeof cell !== 'string') return coerceTyped(field, cell, style)
  const trimmed = cell.trim()
  const text = named(style, trimmed) ?? trimmed
  switch (field.kind) {
    case 'text':
      return { value: style.spaces === 'keep' ? cell : text }
    case 'integer': {
      const read = coerceNumber(text, style.decimal)
      return 'fault' in read || Number.isSafeInteger(read.value) ? read : { fault: 'must be a whole number' }
    }
    case 'number':
      return coerceNumber(text, style.decimal)
    case 'boolean':
      return coerceBoolean(text)
    case 'date':
      return coerceDate(text, style.dateOrder)
    case 'instant':
      return coerceInstant(text, {
        ...(style.dateOrder && { order: style.dateOrder }),
        ...(style.zone !== undefined && { zone: style.zone }),
      })
    case 'money':
      return coerceMoney(text, style)
    case 'choice':
      return choice(field, text)
    case 'choices':
      return choices(field, text, style)
    case 'texts':
      return { value: listed(text) }
    case 'list':
      return objects(field, text, style)
    case 'json':
      return json(text)
  }
}

/** What a spreadsheet or JSON typed already; the schema has the last word on it. */
function coerceTyped(field: ImportField, cell: Exclude<Cell, string>, style: CellStyle): Coerced<unknown> {
  if (cell instanceof Date) {
    if (Number.isNaN(cell.getTime())) return { fault: 'must be a date that exists' }
    const iso = cell.toISOString()
    return { value: field.kind === 'date' ? iso.slice(0, 10) : iso }
  }
  if (typeof cell === 'object' || field.kind === 'json') return { value: cell }
  const fits = typeof cell === 'number' ? field.kind === 'integer' || field.kind === 'number' : field.kind === 'boolean'
  if (fits) return { value: cell }
  return coerceCell(field, plainText(cell), { ...style, decimal: '.' })
}

function plainText(cell: number | boolean | null | undefined): string {
  if (typeof cell !== 'number') return String(cell)
  return Number.isInteger(cell) ? BigInt(cell).toString() : String(cell)
}

function named({ values }: CellStyle, text: string): string | undefined {
  if (values === undefined) return undefined
  if (Object.hasOwn(values, text)) return values[text]
  const lower = text.toLowerCase()
  return Object.entries(values).find(([word]) => word.toLowerCase() === lower)?.[1]
}

function choice({ options = [], optionLabels = {} }: ImportField, text: string): Coerced<string> {
  const plain = (word: string): string =>
    word
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[\s_-]/g, '')
  const found = options.includes(text) ? text : options.find((option) => plain(option) === plain(text))
  if (found !== undefined) return { value: found }
  const called = options.filter((option) =>
    Object.values((Object.hasOwn(optionLabels, option) && optionLabels[option]) || {}).some(
      (label) => plain(label) === plain(text),
    ),
  )
  if (called.length > 1) return { fault: `is what ${called.join(' and ')} are both called: write one of those` }
  const [only] = called
  return only === undefined ? { fault: `must be one of ${options.slice(0, 20).join(', ')}` } : { value: only }
}

function choices(field: ImportField, text: string, style: CellStyle): Coerced<string[]> {
  const chosen: string[] = []
  for (const word of listed(text)) {
    const read = choice(field, named(style, word) ?? word)
    if ('fault' in read) return read
    if (!chosen.includes(read.value)) chosen.push(read.value)
  }
  return { value: chosen }
}

/** The items of a list: a JSON list of texts, or texts between semicolons, or between commas where there is no semicolon. */
function listed(text: string): string[] {
  const given = text.startsWith('[') ? parsedList(text) : undefined
  if (given?.every((item) => typeof item === 'string')) return given as string[]
  const items = text.split(/[;；\n]/.test(text) ? /[;；\n]/ : /[,，、|]/).map((item) => item.trim())
  return [...new Set(items.filter((item) => item !== ''))]
}

function objects(field: ImportField, text: string, style: CellStyle): Coerced<unknown[]> {
  const given = text.startsWith('[') ? parsedList(text) : undefined
  const isObject = (item: unknown): boolean => typeof item === 'object' && item !== null && !Array.isArray(item)
  if (given?.every(isObject)) return { value: given.map((item) => ({ ...style.item, ...(item as object) })) }
  const property = (field.itemTexts ?? []).find((name) => !Object.hasOwn(style.item ?? {}, name))
  if (property === undefined) return { fault: 'must be a JSON list of objects' }
  return { value: listed(text).map((item) => ({ ...style.item, [property]: item })) }
}

function parsedList(text: string): unknown[] | undefined {
  const read = json(text)
  return 'value' in read && Array.isArray(read.value) ? read.value : undefined
}

function json(text: string): Coerced<unknown> {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return { fault: 'must be JSON' }
  }
}
