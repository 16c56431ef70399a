import type { SessionContext } from '../../entity/session-context.js'
import { invalidField } from '../../kernel/crm-error.js'
import type { TableCell } from './cell-text.js'
import type { CsvExportOptions } from './export-options.js'
import { exportTable, planExport } from './export-records.js'
import { guardFormula } from './formula-guard.js'

const byteOrderMark = '\ufeff'
const delimiters: readonly string[] = [',', ';', '\t', '|']

/** An export as CSV, a line a piece. */
export async function* csvText(
  context: SessionContext,
  options: CsvExportOptions,
): AsyncGenerator<string, void, undefined> {
  const { delimiter = ',', audience = 'people', headers } = options
  if (!delimiters.includes(delimiter)) throw invalidField('delimiter', 'must be a comma, a semicolon, a tab or |')
  const table = exportTable(await planExport(context, options), headers)
  const line = (cells: readonly TableCell[]): string =>
    `${cells.map((cell) => csvCell(cell, delimiter, audience)).join(delimiter)}\r\n`
  yield (audience === 'people' ? byteOrderMark : '') + line(table.header)
  for await (const cells of table.rows()) yield line(cells)
}

function csvCell(cell: TableCell, delimiter: string, audience: 'people' | 'machines'): string {
  if (cell === undefined) return ''
  if (typeof cell !== 'string') return String(cell)
  const text = audience === 'people' ? guardFormula(cell) : cell
  const quoted = text.includes(delimiter) || /["'\r\n]|^\s|\s$/.test(text)
  return quoted ? `"${text.replaceAll('"', '""')}"` : text
}
