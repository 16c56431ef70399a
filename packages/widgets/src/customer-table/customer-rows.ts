import type { CustomerRecord } from '../element/gateway.js'
import type { Localiser } from '../localisation/localiser.js'
import { type ColumnRanks, rankColumn, type SortDirection, sortRows } from './column-ranks.js'
import { type CustomerColumn, cellText, isNumericColumn, sortValue } from './customer-column.js'
import { foldText, matchingRows } from './haystack.js'

/** Which column the table is sorted by. */
export interface TableSort {
  readonly key: string
  readonly direction: SortDirection
}

/** What decides which rows are shown, and in which order. */
export interface RowArrangement {
  readonly columns: readonly CustomerColumn[]
  readonly query: string
  readonly sort: TableSort | undefined
  readonly localiser: Localiser
}

/**
 * The rows of the table in the order shown. Ranks and haystacks are built when first needed and kept until the rows,
 * the columns or the language change; an arrangement is computed again only when one of its parts changed.
 */
export class CustomerRows {
  #records: readonly CustomerRecord[] = []
  #arrangement: RowArrangement | undefined
  #order: Uint32Array = new Uint32Array()
  #ranks = new Map<string, ColumnRanks>()
  #haystacks: readonly string[] | undefined

  /** All records, in the order they came. */
  get records(): readonly CustomerRecord[] {
    return this.#records
  }

  set records(records: readonly CustomerRecord[]) {
    this.#records = records
    this.#forget()
  }

  /** How many rows are shown. */
  get shown(): number {
    return this.#order.length
  }

  /** The record in a row that is shown, counted from 0. */
  at(row: number): CustomerRecord | undefined {
    return this.#records[this.#order[row] ?? -1]
  }

  /** Filters and sorts. */
  arrange(next: RowArrangement): void {
    const last = this.#arrangement
    if (last && last.columns === next.columns && last.localiser === next.localiser) {
      if (last.query === next.query && last.sort === next.sort) return
    } else {
      this.#forget()
    }
    this.#arrangement = next
    const matches = next.query.trim()
      ? matchingRows(this.#haystacksOf(next), next.query)
      : Uint32Array.from(this.#records, (_, row) => row)
    const column = next.columns.find(({ key }) => key === next.sort?.key)
    this.#order = column && next.sort ? sortRows(matches, this.#ranksOf(column, next), next.sort.direction) : matches
  }

  #forget(): void {
    this.#arrangement = undefined
    this.#haystacks = undefined
    this.#ranks = new Map()
  }

  #haystacksOf({ columns, localiser }: RowArrangement): readonly string[] {
    // Quantities are left out: nobody looks for a customer by the look of an amount, and formatting them all is slow.
    const worded = columns.filter((column) => !isNumericColumn(column))
    this.#haystacks ??= this.#records.map((record) =>
      foldText(worded.map((column) => cellText(column, record, localiser)).join('\n')),
    )
    return this.#haystacks
  }

  #ranksOf(column: CustomerColumn, { localiser }: RowArrangement): ColumnRanks {
    let ranks = this.#ranks.get(column.key)
    if (!ranks) {
      const values = this.#records.map((record) => sortValue(column, record, localiser))
      ranks = rankColumn(values, localiser.compare)
      this.#ranks.set(column.key, ranks)
    }
    return ranks
  }
}
