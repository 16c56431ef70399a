import type { SortValue } from './customer-column.js'

/** The order of a column as numbers: `ranks[i]` is the place of row i among the distinct values. */
export interface ColumnRanks {
  readonly ranks: Uint32Array
  /** How many distinct values there are; this number itself is the rank of a missing value. */
  readonly distinct: number
}

/** The direction of a sort, in the words of `aria-sort`. */
export type SortDirection = 'ascending' | 'descending'

/**
 * Ranks of a column. The collator, which is slow, runs over distinct values only; afterwards sorting compares small
 * integers. Numbers sort before texts should a column mix them.
 */
export function rankColumn(values: readonly SortValue[], compareText: (a: string, b: string) => number): ColumnRanks {
  const distinct = [...new Set(values.filter((value) => value !== undefined))].sort((left, right) => {
    if (typeof left === 'number') return typeof right === 'number' ? left - right : -1
    return typeof right === 'number' ? 1 : compareText(left, right)
  })
  const rankOf = new Map<SortValue, number>()
  let rank = -1
  let previous: SortValue
  for (const value of distinct) {
    const same = typeof value === 'string' && typeof previous === 'string' && compareText(previous, value) === 0
    if (!same) rank++
    rankOf.set(value, rank)
    previous = value
  }
  const missing = rank + 1
  return { ranks: Uint32Array.from(values, (value) => rankOf.get(value) ?? missing), distinct: missing }
}

/**
 * The rows in sorted order, by counting: linear in rows and distinct values. Stable in both directions, and missing
 * values stay last in both.
 */
export function sortRows(rows: Uint32Array, { ranks, distinct }: ColumnRanks, direction: SortDirection): Uint32Array {
  const placeOf = (row: number): number => {
    const rank = ranks[row]!
    return rank === distinct || direction === 'ascending' ? rank : distinct - 1 - rank
  }
  const starts = new Uint32Array(distinct + 2)
  for (const row of rows) starts[placeOf(row) + 1]!++
  for (let place = 1; place < starts.length; place++) starts[place]! += starts[place - 1]!
  const sorted = new Uint32Array(rows.length)
  for (const row of rows) sorted[starts[placeOf(row)]!++] = row
  return sorted
}
