import type { ImportSuggestion } from '@rapport/core'

const bytesLooked = 16_384

/**
 * The first values of each column of a text file, read as the server found it is written. A look for people, no import: a workbook
 * gives none, and what is cut off is left out.
 */
export async function sampleCells(
  file: Blob,
  { format, encoding, delimiter, quote, columns }: ImportSuggestion,
  count: number,
): Promise<readonly (readonly string[])[]> {
  const none = columns.map(() => [])
  if (format !== 'csv' || encoding === undefined || delimiter === undefined) return none
  const text = new TextDecoder(encoding.encoding).decode(await file.slice(0, bytesLooked).arrayBuffer())
  const records = recordsOf(text, delimiter, quote ?? '"').slice(1)
  return columns.map((_, index) =>
    records
      .map((cells) => (cells[index] ?? '').trim())
      .filter((cell) => cell !== '')
      .slice(0, count),
  )
}

/** The complete records at the beginning of a text. */
function recordsOf(text: string, delimiter: string, quote: string): string[][] {
  const records: string[][] = []
  let cells: string[] = []
  let cell = ''
  let isQuoted = false
  for (let at = 0; at < text.length; at++) {
    const sign = text.charAt(at)
    if (isQuoted && sign === quote && text.charAt(at + 1) === quote) cell += text.charAt(++at)
    else if (sign === quote && (isQuoted || cell === '')) isQuoted = !isQuoted
    else if (!isQuoted && (sign === delimiter || sign === '\n')) {
      cells.push(cell.replace(/\r$/, ''))
      cell = ''
      if (sign === '\n') {
        records.push(cells)
        cells = []
      }
    } else cell += sign
  }
  return records
}
