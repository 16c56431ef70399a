import type { Cell } from './coerce-cell.js'

/** A record with its number in the file. */
export type NumberedRecord = readonly [row: number, cells: readonly Cell[]]

/** A row as the file gives it. */
export interface TableRow {
  /** Counted from 1 with the header, as a spreadsheet does. */
  readonly row: number
  readonly cells: readonly Cell[]
  /** Why the row cannot be read; the rows behind it can. */
  readonly fault?: string
}
