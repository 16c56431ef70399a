import type { SessionContext } from '../../entity/session-context.js'
import type { CsvExportOptions, ExportOptions } from './export-options.js'

/**
 * Exports of records, as far as the actor may read them: rights, field masks and deletions hold as in every list. All of them come
 * in pieces, in constant memory, and an import reads them back to the same values.
 */
export interface ExportService {
  /** A CSV in pieces of text: RFC 4180, lines end with CRLF. */
  csv(options: CsvExportOptions): AsyncGenerator<string, void, undefined>
  /** Lines of JSON, one record each, nested as the services give them. Related records are lists. */
  jsonLines(options: Omit<ExportOptions, 'headers'>): AsyncGenerator<string, void, undefined>
  /** A workbook in pieces of bytes. Texts are texts there: a spreadsheet program runs none of them. */
  xlsx(options: ExportOptions): AsyncGenerator<Uint8Array, void, undefined>
}

/** Exports of a session. What writes files is loaded when it is first used. */
export function createExportService(context: SessionContext): ExportService {
  return {
    async *csv(options) {
      const { csvText } = await import('./csv-text.js')
      yield* csvText(context, options)
    },
    async *jsonLines(options) {
      const { jsonLineText } = await import('./json-line-text.js')
      yield* jsonLineText(context, options)
    },
    async *xlsx(options) {
      const { xlsxBytes } = await import('./xlsx-bytes.js')
      yield* xlsxBytes(context, options)
    },
  }
}
