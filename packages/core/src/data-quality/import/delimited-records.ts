import { CrmError } from '../../kernel/crm-error.js'
import type { DelimitedFormat } from './delimited-format.js'

/** Longest record of a text file, in UTF-16 units. An unclosed quote or a file without line ends must not fill the memory. */
export const longestRecord = 1024 * 1024

/** Most cells of a record. */
export const mostCells = 4_096

/**
 * The records of a delimited text that comes in pieces, cut anywhere. Line ends are LF, CR or CRLF, also mixed; inside quotes they
 * belong to the cell. A doubled quote inside quotes stands for one; a quote in the middle of an unquoted cell is taken as it is.
 * An empty line is a record without cells.
 *
 * Throws `validation_failed` naming the row when a record is longer than {@link longestRecord} or has more than {@link mostCells}
 * cells, or when the text ends inside quotes.
 */
export async function* delimitedRecords(
  pieces: AsyncIterable<string>,
  { delimiter, quote }: DelimitedFormat,
): AsyncGenerator<string[], void, undefined> {
  let cells: string[] = []
  let cell = ''
  let length = 0
  let records = 0
  let state: State = 'start'
  let afterCarriageReturn = false

  for await (const piece of pieces) {
    let index = 0
    while (index < piece.length) {
      if (state === 'quoted') {
        const end = piece.indexOf(quote, index)
        const stop = end < 0 ? piece.length : end
        cell += piece.slice(index, stop)
        length += stop - index
        index = stop + 1
        if (end >= 0) state = 'closed'
        if (length > longestRecord) throw tooLong(records + 1)
        continue
      }
      const char = piece[index] as string
      if (afterCarriageReturn) {
        afterCarriageReturn = false
        if (char === '\n') {
          index++
          continue
        }
      }
      if (char === delimiter) {
        cells.push(cell)
        if (cells.length >= mostCells) throw tooManyCells(records + 1)
        cell = ''
        state = 'start'
        length++
        index++
      } else if (char === '\n' || char === '\r') {
        afterCarriageReturn = char === '\r'
        index++
        records++
        yield cells.length > 0 || cell !== '' || state === 'closed' ? [...cells, cell] : []
        cells = []
        cell = ''
        length = 0
        state = 'start'
      } else if (char === quote && state === 'start') {
        state = 'quoted'
        index++
      } else if (char === quote && state === 'closed') {
        cell += quote
        state = 'quoted'
        index++
      } else {
        const stop = plainEnd(piece, index + 1, delimiter)
        cell += piece.slice(index, stop)
        length += stop - index
        index = stop
        state = 'plain'
      }
      if (length > longestRecord) throw tooLong(records + 1)
    }
  }
  if (state === 'quoted') throw unclosed(records + 1, quote)
  if (cells.length > 0 || cell !== '' || state === 'closed') yield [...cells, cell]
}

/** Where a cell is: not begun, without quotes, inside quotes, or behind the closing one. */
type State = 'start' | 'plain' | 'quoted' | 'closed'

function plainEnd(piece: string, from: number, delimiter: string): number {
  let index = from
  while (index < piece.length) {
    const char = piece[index]
    if (char === delimiter || char === '\n' || char === '\r') break
    index++
  }
  return index
}

/** The error for a record that is longer than may be kept in memory. `row` counts from 1, the header included. */
export function tooLong(row: number): CrmError {
  return unreadable(row, `is longer than ${longestRecord.toLocaleString('en')} characters`, {
    remedy: 'look for a quote that is never closed, or name the delimiter and the quote',
  })
}

function tooManyCells(row: number): CrmError {
  return unreadable(row, `has more than ${mostCells.toLocaleString('en')} cells`, { remedy: 'name the delimiter' })
}

function unclosed(row: number, quote: string): CrmError {
  return unreadable(row, `opens a quote ${quote} that is never closed`, {
    remedy: 'close it, or name another quote',
  })
}

/** The error for a file that cannot be read from one row on. */
export function unreadable(row: number, what: string, details: { readonly remedy: string }): CrmError {
  const path = `file.${row}`
  const message = `row ${row} ${what}: ${details.remedy}`
  return new CrmError('validation_failed', message, {
    field: path,
    reason: 'unreadable_file',
    issues: [{ path, message: `${what}: ${details.remedy}` }],
    ...details,
  })
}
