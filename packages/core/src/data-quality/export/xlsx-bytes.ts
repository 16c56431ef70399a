import { writeXlsxStream } from 'hucre/xlsx'
import type { SessionContext } from '../../entity/session-context.js'
import { readerPieces } from '../import/import-source.js'
import type { ExportOptions } from './export-options.js'
import { exportTable, planExport } from './export-records.js'

/** An export as an XLSX workbook of one sheet; another sheet follows after 1,048,576 rows. */
export async function* xlsxBytes(
  context: SessionContext,
  options: ExportOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const table = exportTable(await planExport(context, options), options.headers)
  const rows = (async function* () {
    yield [...table.header]
    for await (const cells of table.rows()) yield cells.map((cell) => cell ?? null)
  })()
  yield* readerPieces(writeXlsxStream(rows, { name: options.object.slice(0, 31) }))
}
