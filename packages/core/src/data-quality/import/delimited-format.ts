/** How the cells of a delimited text are told apart. */
export interface DelimitedFormat {
  /** One character, such as `,` `;` a tab or `|`. */
  readonly delimiter: string
  /** The character around cells that hold delimiters or line ends. */
  readonly quote: string
}

const delimiters = [',', ';', '\t', '|'] as const
const quotes = ['"', "'"] as const
const linesLooked = 20

/**
 * Tells delimiter and quote from the beginning of a text: the first line `sep=;` of a spreadsheet program names it; otherwise the
 * pair under which most of the first 20 records have the same number of cells, more than one; of equals the one with more cells. A
 * text of one column is read with commas.
 */
export function detectDelimitedFormat(sample: string, whole: boolean): DelimitedFormat {
  const named = namedDelimiter(sample)
  if (named) return { delimiter: named, quote: '"' }
  let best: DelimitedFormat = { delimiter: ',', quote: '"' }
  let bestScore = 0
  for (const quote of quotes) {
    if (quote === "'" && !/(^|[,;\t|\r\n])'/.test(sample)) continue
    for (const delimiter of delimiters) {
      const score = scoreOf(sample, { delimiter, quote }, whole)
      if (score > bestScore) {
        best = { delimiter, quote }
        bestScore = score
      }
    }
  }
  return best
}

/** The delimiter that a first line `sep=;` names. */
export function namedDelimiter(text: string): string | undefined {
  return /^sep=(.)(\r\n|\r|\n)/.exec(text)?.[1]
}

/** Share of records with the commonest number of cells, plus a little for each cell; 0 for a single column. */
function scoreOf(sample: string, format: DelimitedFormat, whole: boolean): number {
  const counts = cellCounts(sample, format, whole)
  const tally = new Map<number, number>()
  for (const count of counts) tally.set(count, (tally.get(count) ?? 0) + 1)
  const [cells, records] = [...tally].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0] ?? [0, 0]
  if (cells < 2) return 0
  const quoted = sample.split(format.quote).length > 2 ? 0.01 : 0
  return records / counts.length + Math.min(cells, 100) / 1_000 + quoted
}

function cellCounts(sample: string, { delimiter, quote }: DelimitedFormat, whole: boolean): number[] {
  const counts: number[] = []
  let cells = 1
  let inQuotes = false
  let cellStart = true
  let empty = true
  for (let index = 0; index < sample.length && counts.length < linesLooked; index++) {
    const char = sample[index] as string
    if (inQuotes) {
      if (char === quote) {
        if (sample[index + 1] === quote) index++
        else inQuotes = false
      }
      continue
    }
    if (char === '\n' || char === '\r') {
      if (!empty) counts.push(cells)
      cells = 1
      cellStart = true
      empty = true
      continue
    }
    empty = false
    if (char === quote && cellStart) inQuotes = true
    else if (char === delimiter) {
      cells++
      cellStart = true
      continue
    }
    cellStart = false
  }
  if (!empty && !inQuotes && (whole || counts.length === 0) && counts.length < linesLooked) counts.push(cells)
  return counts
}
