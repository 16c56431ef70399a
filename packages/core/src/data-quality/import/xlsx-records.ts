import { streamXlsxRows } from 'hucre/xlsx'
import { CrmError } from '../../kernel/crm-error.js'
import type { Cell } from './coerce-cell.js'
import { joinBytes } from './import-source.js'
import type { NumberedRecord } from './table-row.js'

/** Largest workbook that is read: it is kept in memory, packed, while its rows are read one after the other. */
const mostBytes = 256 * 1024 * 1024

/**
 * The rows of a sheet. A date or time of day becomes text without a zone, since a spreadsheet knows none. Throws
 * `validation_failed` for what is no workbook.
 */
export async function* xlsxRecords(
  pieces: AsyncGenerator<Uint8Array>,
  sheet: string | undefined,
): AsyncGenerator<NumberedRecord> {
  const bytes = await packed(pieces)
  const rows = streamXlsxRows(bytes, sheet === undefined ? {} : { sheet })
  for (;;) {
    const next = await rows.next().catch((error: unknown) => {
      throw noWorkbook(error)
    })
    if (next.done) return
    const { index, values } = next.value
    if (values.some((value) => value !== null && value !== '')) yield [index + 1, values.map(plainCell)]
  }
}

async function packed(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const read: Uint8Array[] = []
  let length = 0
  for await (const piece of pieces) {
    read.push(piece)
    length += piece.length
    if (length > mostBytes) {
      throw new CrmError('validation_failed', 'The workbook is larger than 256 MiB', {
        field: 'file',
        reason: 'unreadable_file',
        remedy: 'save the sheet as CSV',
      })
    }
  }
  return joinBytes(read, length)
}

function plainCell(value: string | number | boolean | Date | null): Cell {
  if (!(value instanceof Date)) return value
  const iso = value.toISOString()
  return iso.endsWith('T00:00:00.000Z') ? iso.slice(0, 10) : iso.slice(0, 19)
}

function noWorkbook(cause: unknown): CrmError {
  const remedy = 'open it in a spreadsheet program and save it again, or check the name of the sheet'
  return new CrmError(
    'validation_failed',
    'The file is no XLSX workbook that can be read, or has no such sheet',
    {
      field: 'file',
      reason: 'unreadable_file',
      issues: [{ path: 'file', message: `cannot be read: ${remedy}` }],
      remedy,
    },
    { cause },
  )
}
