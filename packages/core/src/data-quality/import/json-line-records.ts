import type { Cell } from './coerce-cell.js'
import { longestRecord, tooLong } from './delimited-records.js'
import type { TableRow } from './table-row.js'

/** Lines looked at to tell the columns. */
const linesLooked = 100

type Flat = ReadonlyMap<string, Cell>
type ReadLine = { readonly row: number; readonly values: Flat } | { readonly row: number; readonly fault: string }

/**
 * The objects of a text of JSON lines as a table. Its columns are the names that the first 100 lines use, `place.city` for nested
 * ones; an amount of money stays whole. A line that is no object is a row with a fault. Empty lines are left out.
 */
export async function jsonLineRecords(
  pieces: AsyncGenerator<string, void, undefined>,
): Promise<{ readonly columns: readonly string[]; readonly rows: AsyncGenerator<TableRow, void, undefined> }> {
  const lines = readLines(pieces)
  const looked: ReadLine[] = []
  while (looked.length < linesLooked) {
    const next = await lines.next()
    if (next.done) break
    looked.push(next.value)
  }
  const columns = [...new Set(looked.flatMap((line) => ('values' in line ? [...line.values.keys()] : [])))]
  const toRow = (line: ReadLine): TableRow =>
    'fault' in line
      ? { row: line.row, cells: [], fault: line.fault }
      : { row: line.row, cells: columns.map((column) => line.values.get(column)) }
  const rows = (async function* (): AsyncGenerator<TableRow, void, undefined> {
    try {
      for (const line of looked) yield toRow(line)
      for await (const line of lines) yield toRow(line)
    } finally {
      await lines.return(undefined)
    }
  })()
  return { columns, rows }
}

async function* readLines(pieces: AsyncIterable<string>): AsyncGenerator<ReadLine> {
  let row = 0
  for await (const line of textLines(pieces)) {
    row++
    if (line.trim() !== '') yield parsed(row, line)
  }
}

async function* textLines(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let begun: string[] = []
  let length = 0
  let lines = 0
  for await (const piece of pieces) {
    let start = 0
    for (let end = piece.indexOf('\n'); end >= 0; end = piece.indexOf('\n', start)) {
      begun.push(piece.slice(start, end))
      yield begun.join('')
      lines++
      begun = []
      length = 0
      start = end + 1
    }
    begun.push(piece.slice(start))
    length += piece.length - start
    if (length > longestRecord) throw tooLong(lines + 1)
  }
  if (length > 0) yield begun.join('')
}

function parsed(row: number, line: string): ReadLine {
  try {
    const value: unknown = JSON.parse(line)
    if (isObject(value)) return { row, values: new Map(flat('', value)) }
  } catch {
    // Said below.
  }
  return { row, fault: 'is no JSON object: write one object a line' }
}

function* flat(prefix: string, object: Readonly<Record<string, unknown>>): Generator<[string, Cell]> {
  for (const [name, value] of Object.entries(object)) {
    const path = prefix + name
    if (isObject(value) && !('amountMinor' in value && 'currency' in value)) yield* flat(`${path}.`, value)
    else yield [path, value as Cell]
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
