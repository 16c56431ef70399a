import { crc32 } from 'node:zlib'
import type { RowChange } from './tenant-rows.js'

/** What one line of a log tells: first whose it is, then one batch a line. */
export type LogEntry = { readonly tenantId: string } | { readonly changes: readonly RowChange[] }

// #region lines
/** An entry as a line: a checksum, a blank, JSON without line ends, a line end. */
export function encodeLine(entry: LogEntry): string {
  const text = JSON.stringify(entry)
  return `${crc32(text).toString(16).padStart(8, '0')} ${text}\n`
}

/** The entries of a log, and how many of its bytes hold them. What a crash left half written at the end is left out. */
export function decodeLog(bytes: Buffer): {
  readonly entries: LogEntry[]
  readonly length: number
  readonly isCorrupt: boolean
} {
  const entries: LogEntry[] = []
  let length = 0
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, length)) {
    const line = bytes.toString('utf8', length, end)
    const text = line.slice(9)
    if (Number.parseInt(line.slice(0, 8), 16) !== crc32(text))
      return { entries, length, isCorrupt: end + 1 < bytes.length }
    entries.push(JSON.parse(text) as LogEntry)
    length = end + 1
  }
  return { entries, length, isCorrupt: false }
}
// #endregion
