import { CrmError, validationError } from '../../kernel/crm-error.js'
import { unguardFormula } from '../export/formula-guard.js'
import { type Cell, isEmptyCell } from './coerce-cell.js'
import { detectDelimitedFormat, namedDelimiter } from './delimited-format.js'
import { delimitedRecords } from './delimited-records.js'
import { filePieces, type ImportFile, peekBytes } from './import-source.js'
import { jsonLineRecords } from './json-line-records.js'
import type { NumberedRecord, TableRow } from './table-row.js'
import {
  type DetectedEncoding,
  decodeText,
  detectEncoding,
  encodingNamed,
  replacementCharacter,
  type TextEncoding,
} from './text-encoding.js'

/** Formats that are read. */
export type ImportFormat = 'csv' | 'xlsx' | 'jsonLines'

/** How a file is to be read; what is left out is detected. */
export interface SourceOptions {
  readonly format?: ImportFormat
  /** `utf-8`, `utf-16le`, `utf-16be`, `windows-1252`, `gb18030`, `big5`, `shift_jis`, or an everyday name of one. */
  readonly encoding?: string
  /** Of a CSV: one character. */
  readonly delimiter?: string
  /** Of a CSV: one character, `"` or `'`. */
  readonly quote?: string
  /** `false` when the first row is data already; columns are then called `Column 1` and so on. */
  readonly header?: boolean
  /** Whether an apostrophe before what a spreadsheet program would run is dropped (default), or part of the text: files for machines. */
  readonly apostrophes?: 'drop' | 'keep'
  /** Of an XLSX: name of the sheet; the first one when left out. */
  readonly sheet?: string
  readonly signal?: AbortSignal
}

/** A file opened for reading. Its rows are read once. */
export interface SourceTable {
  readonly format: ImportFormat
  readonly encoding?: DetectedEncoding
  readonly delimiter?: string
  readonly quote?: string
  /** Names of the columns, each one once: a name that comes again gets ` (2)`. */
  readonly columns: readonly string[]
  readonly rows: AsyncGenerator<TableRow, void, undefined>
}

/**
 * Opens a file: tells format, encoding, delimiter and quote from its first 64 KiB where they are not said, and reads the header.
 * Throws `validation_failed` for an empty file and for one that cannot be read.
 */
export async function openTable(file: ImportFile, options: SourceOptions = {}): Promise<SourceTable> {
  const { sample, whole, pieces } = await peekBytes(filePieces(file, options.signal))
  const format = options.format ?? detectFormat(sample)
  if (format === 'xlsx') {
    const { xlsxRecords } = await import('./xlsx-records.js')
    return tableOf({ format }, xlsxRecords(pieces, options.sheet), options)
  }
  const encoding: DetectedEncoding =
    options.encoding === undefined
      ? detectEncoding(sample)
      : { encoding: encodingNamed(options.encoding), certain: true }
  const text = decodeText(pieces, encoding.encoding)
  const start = new TextDecoder(encoding.encoding).decode(sample, { stream: true })
  if (start.trim() === '') throw emptyFile()
  if (format === 'jsonLines') {
    const { columns, rows } = await jsonLineRecords(text)
    return { format, encoding, columns, rows: readable(rows, encoding.encoding) }
  }
  const detected = detectDelimitedFormat(start, whole)
  const delimiter = oneCharacter('delimiter', options.delimiter) ?? detected.delimiter
  const quote = oneCharacter('quote', options.quote) ?? detected.quote
  const hint = namedDelimiter(start) === undefined ? 0 : 1
  const clean = options.apostrophes === 'keep' ? (cell: string) => cell : unguardFormula
  const records = numbered(delimitedRecords(text, { delimiter, quote }), hint, clean)
  const table = await tableOf({ format, encoding, delimiter, quote }, records, options)
  return { ...table, rows: readable(table.rows, encoding.encoding) }
}

function detectFormat(sample: Uint8Array): ImportFormat {
  if (sample[0] === 0x50 && sample[1] === 0x4b && sample[2] === 0x03) return 'xlsx'
  if (sample[0] === 0xd0 && sample[1] === 0xcf && sample[2] === 0x11) {
    throw new CrmError('unsupported', 'The file is a workbook of Excel 97', {
      field: 'file',
      remedy: 'save it as XLSX or CSV',
    })
  }
  const { encoding } = detectEncoding(sample)
  const text = new TextDecoder(encoding).decode(sample.subarray(0, 1_024), { stream: true }).trimStart()
  return text.startsWith('{') ? 'jsonLines' : 'csv'
}

function oneCharacter(field: string, value: string | undefined): string | undefined {
  if (value !== undefined && (value.length !== 1 || /[\r\n]/.test(value)))
    throw validationError([{ path: field, message: 'must be one character' }])
  return value
}

/** Numbers the records and leaves out those without content. */
async function* numbered(
  records: AsyncIterable<readonly string[]>,
  skipped: number,
  clean: (cell: string) => string,
): AsyncGenerator<NumberedRecord> {
  let row = 0
  for await (const cells of records) {
    row++
    if (row > skipped && !cells.every(isEmptyCell)) yield [row, cells.map(clean)]
  }
}

async function tableOf(
  facts: Pick<SourceTable, 'format' | 'encoding' | 'delimiter' | 'quote'>,
  records: AsyncGenerator<NumberedRecord>,
  { header = true }: SourceOptions,
): Promise<SourceTable> {
  const first = await records.next()
  if (first.done) throw emptyFile()
  const [, cells] = first.value
  const columns = distinctNames(header ? cells : cells.map(() => ''))
  return { ...facts, columns, rows: fitted(header ? [] : [first.value], records, columns.length) }
}

async function* fitted(
  read: readonly NumberedRecord[],
  rest: AsyncGenerator<NumberedRecord>,
  width: number,
): AsyncGenerator<TableRow, void, undefined> {
  const fit = ([row, cells]: NumberedRecord): TableRow =>
    cells.slice(width).every((cell) => cell === undefined || cell === null || cell === '')
      ? { row, cells: cells.slice(0, width) }
      : {
          row,
          cells: [],
          fault: `has ${cells.length} cells where the header has ${width}: look for an unquoted delimiter`,
        }
  try {
    for (const record of read) yield fit(record)
    for await (const record of rest) yield fit(record)
  } finally {
    await rest.return(undefined)
  }
}

/** A row with bytes that mean nothing in the encoding is refused; the others are read. */
async function* readable(
  rows: AsyncGenerator<TableRow, void, undefined>,
  encoding: TextEncoding,
): AsyncGenerator<TableRow, void, undefined> {
  const isBroken = (cell: Cell): boolean => typeof cell === 'string' && cell.includes(replacementCharacter)
  try {
    for await (const row of rows) {
      yield row.cells.some(isBroken)
        ? {
            row: row.row,
            cells: [],
            fault: `holds bytes that are not ${encoding}: save the whole file in one encoding, or name it`,
          }
        : row
    }
  } finally {
    await rows.return()
  }
}

/** Names as they stand in the header, made distinct; a column without a name is called by its place. */
function distinctNames(cells: readonly Cell[]): string[] {
  const names: string[] = []
  for (const [index, cell] of cells.entries()) {
    const base = (cell === null || cell === undefined ? '' : String(cell)).trim() || `Column ${index + 1}`
    let name = base
    for (let count = 2; names.includes(name); count++) name = `${base} (${count})`
    names.push(name)
  }
  return names
}

/** The error for a file without rows. */
export function emptyFile(): CrmError {
  return new CrmError('validation_failed', 'The file is empty', {
    field: 'file',
    reason: 'empty_file',
    issues: [{ path: 'file', message: 'is empty: choose one with a header and rows' }],
    remedy: 'choose a file with a header and rows',
  })
}
