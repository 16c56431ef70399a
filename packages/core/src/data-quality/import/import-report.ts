import type { Path } from '../../storage/row.js'

/** A row that was not imported, and what to do about it. Never the value. */
export interface ImportRowError {
  /** Number of the row, counted from 1 with the header: what a spreadsheet shows beside it. */
  readonly row: number
  readonly column?: string
  readonly field?: Path
  /** Code of the error, such as `validation_failed` or `conflict`. */
  readonly code: string
  /** What is wrong and the remedy. */
  readonly message: string
}

/** What became of a row. `skipped`: the mode leaves it out, a record that exists in `create`, one that does not in `update`. */
export type RowOutcome = 'created' | 'updated' | 'unchanged' | 'skipped' | 'failed'

/** Rows by outcome. */
export type RowCounts = Readonly<Record<RowOutcome, number>>

/** No rows yet. */
export const noRows: RowCounts = { created: 0, updated: 0, unchanged: 0, skipped: 0, failed: 0 }

/** Sum of two counts. */
export function addCounts(left: RowCounts, right: RowCounts): RowCounts {
  const sum = { ...noRows }
  for (const outcome of Object.keys(noRows) as RowOutcome[]) sum[outcome] = left[outcome] + right[outcome]
  return sum
}

/** What an undo left as it is. */
export interface UndoConflict {
  readonly id: string
  /** The field that was changed since the import; missing when the whole record stays. */
  readonly field?: Path
  /**
   * `changed_since`: somebody changed it after the import; `deleted_since`: somebody deleted the record; `erased`: the value from
   * before the import was erased; `refused`: the record cannot be brought back, for the reason in `message`.
   */
  readonly reason: 'changed_since' | 'deleted_since' | 'erased' | 'refused'
  readonly message: string
}
