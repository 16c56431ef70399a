import type { SessionContext } from '../../entity/session-context.js'
import type { Path } from '../../storage/row.js'
import { type Cell, coerceCell, isEmptyCell } from './coerce-cell.js'
import { type ColumnTarget, customFieldsOf } from './column-mapping.js'
import type { ColumnSuggestion, FieldSuggestion } from './column-suggestion.js'
import { headerWords } from './header-words.js'
import { type ImportField, importFieldsOf } from './import-field.js'
import type { ImportSuggestion } from './import-options.js'
import type { ImportFile } from './import-source.js'
import type { ImportTarget } from './import-target.js'
import { openTable, type SourceOptions } from './source-table.js'

const rowsLooked = 100
const leastConfidence = 0.5

/** Tells where the columns of a file may go. */
export async function suggestMapping(
  context: SessionContext,
  target: ImportTarget,
  file: ImportFile,
  source: SourceOptions,
): Promise<ImportSuggestion> {
  const table = await openTable(file, source)
  const rows: (readonly Cell[])[] = []
  try {
    for await (const { cells } of table.rows) {
      rows.push(cells)
      if (rows.length === rowsLooked) break
    }
  } finally {
    await table.rows.return()
  }
  const fields = [...importFieldsOf(target.entity, await customFieldsOf(context, target.entity.name)).values()]
  const columns = table.columns.map((column, index) =>
    suggestColumn(
      column,
      rows.map((cells) => cells[index]),
      fields,
    ),
  )
  const { format, encoding, delimiter, quote } = table
  return {
    format,
    ...(encoding && { encoding }),
    ...(delimiter !== undefined && { delimiter }),
    ...(quote !== undefined && { quote }),
    columns,
    mapping: likeliest(columns, fields),
  }
}

/** Where one column may go, from its name and some of its cells. */
export function suggestColumn(
  column: string,
  cells: readonly Cell[],
  fields: readonly ImportField[],
): ColumnSuggestion {
  const filled = cells.filter((cell) => !isEmptyCell(cell))
  const suggestions = fields
    .map((field) => suggestField(column, filled, field))
    .filter(({ confidence }) => confidence >= 0.2)
    .sort((a, b) => b.confidence - a.confidence || (a.field < b.field ? -1 : 1))
    .slice(0, 3)
  const best = fields.find(({ path }) => path === suggestions[0]?.field)
  return { column, fields: suggestions, needs: best ? needsOf(best, filled) : [] }
}

function suggestField(column: string, filled: readonly Cell[], field: ImportField): FieldSuggestion {
  const why: FieldSuggestion['why'][number][] = []
  const plain = plainWord(column)
  const words = (headerWords[field.path] ?? []).map(plainWord)
  let confidence = 0
  const say = (reason: (typeof why)[number], strength: number): void => {
    if (strength <= confidence) return
    why.splice(0, why.length, reason)
    confidence = strength
  }
  if (plain === plainWord(field.path) || column === field.path) say('name', 0.95)
  else if (words.includes(plain)) say('word', 0.9)
  if (field.label !== undefined && plain === plainWord(field.label)) say('label', 0.93)
  if (words.some((word) => word.length >= 4 && plain.includes(word))) say('part', 0.55)
  const share = looksLike(field, filled)
  if (share === undefined) return { field: field.path, confidence, why }
  if (share >= 0.8)
    return { field: field.path, confidence: confidence + (1 - confidence) * 0.6, why: [...why, 'values'] }
  if (share >= 0.5 || confidence === 0) return { field: field.path, confidence, why }
  return { field: field.path, confidence: confidence * 0.4, why: [...why, 'against'] }
}

/** Share of the cells that can only be meant for such a field; `undefined` where cells tell nothing. */
function looksLike(field: ImportField, filled: readonly Cell[]): number | undefined {
  const shape =
    field.path === 'emails'
      ? /^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/
      : field.path === 'phones'
        ? /^\+?[\d\s().-]{7,}$/
        : undefined
  const telling =
    shape !== undefined || ['date', 'instant', 'choice', 'boolean', 'integer', 'number', 'money'].includes(field.kind)
  // What JSON structured already tells nothing by its looks.
  const cells = filled.filter((cell) => typeof cell !== 'object')
  if (!telling || cells.length === 0) return undefined
  const fits = (cell: Cell): boolean =>
    shape ? shape.test(String(cell).trim()) : !('fault' in coerceCell(field, cell, permissive))
  const share = cells.filter(fits).length / cells.length
  // Digits alone fit numbers and yes and no alike: they speak against a field, never for one.
  const vague = !shape && field.kind !== 'date' && field.kind !== 'choice'
  return vague && share >= 0.5 ? undefined : share
}

/** Reads what it can, whichever way. */
const permissive = { decimal: '.', dateOrder: 'dayFirst', zone: 'Z', currency: 'EUR' } as const

function needsOf(field: ImportField, filled: readonly Cell[]): ColumnSuggestion['needs'] {
  if (field.path === 'externalRefs') return ['item']
  const faults = filled.flatMap((cell) => {
    const read = coerceCell(field, cell, {})
    return 'fault' in read ? read.fault : []
  })
  const asked = {
    decimal: 'with decimal',
    dateOrder: 'with dateOrder',
    zone: 'with zone',
    currency: 'with currency',
  } as const
  return (Object.keys(asked) as (keyof typeof asked)[]).filter((need) =>
    faults.some((fault) => fault.includes(asked[need])),
  )
}

/** The likeliest field of each column, the surest columns first; a field that takes one column is given once. */
function likeliest(columns: readonly ColumnSuggestion[], fields: readonly ImportField[]): Record<string, ColumnTarget> {
  const mapping: Record<string, ColumnTarget> = {}
  const taken = new Set<Path>()
  const offers = columns
    .flatMap(({ column, fields: offered, needs }) => offered.map((offer) => ({ column, needs, ...offer })))
    .filter(({ confidence }) => confidence >= leastConfidence)
    .sort((a, b) => b.confidence - a.confidence)
  for (const { column, field, needs } of offers) {
    if (Object.hasOwn(mapping, column) || taken.has(field) || needs.length > 0) continue
    mapping[column] = field
    const kind = fields.find(({ path }) => path === field)?.kind
    if (kind !== 'list' && kind !== 'texts') taken.add(field)
  }
  return mapping
}

function plainWord(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/^custom\./, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
}
