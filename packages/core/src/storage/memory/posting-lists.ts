import type { Row } from '../row.js'

/** A row that shares terms with a search. */
export interface PostingHit {
  readonly row: Row
  readonly overlap: number
}

/**
 * Which rows hold which term. Each state of a row gets the next number; lists of numbers only grow, numbers of rows that left are
 * skipped, and when they are the majority the lists are made anew.
 */
export class PostingLists {
  readonly #termsOf: (row: Row) => readonly string[]
  #rows: (Row | undefined)[] = []
  #numbers = new Map<string, number>()
  #lists = new Map<string, number[]>()

  constructor(termsOf: (row: Row) => readonly string[]) {
    this.#termsOf = termsOf
  }

  /** A copy that changes apart from this one. */
  clone(): PostingLists {
    const copy = new PostingLists(this.#termsOf)
    for (const row of this.#rows) if (row) copy.#add(row)
    return copy
  }

  /** Brings the lists from the old state of a row to the new one; `undefined` where there is none. */
  change(before: Row | undefined, after: Row | undefined): void {
    const number = before && this.#numbers.get(before.id)
    if (before && number !== undefined) {
      if (after && sameTerms(this.#termsOf(before), this.#termsOf(after))) {
        this.#rows[number] = after
        return
      }
      this.#rows[number] = undefined
      this.#numbers.delete(before.id)
    }
    if (after) this.#add(after)
    if (this.#rows.length > 2 * this.#numbers.size + 1_000) this.#rebuild()
  }

  /** Rows that hold at least one of the terms, each once. */
  rowsWithAny(terms: readonly string[]): Row[] {
    return this.hits(terms, 1).map(({ row }) => row)
  }

  /** Upper bound of the number of rows that hold one of the terms. */
  countAtMost(terms: readonly string[]): number {
    return terms.reduce((sum, term) => sum + (this.#lists.get(term)?.length ?? 0), 0)
  }

  /** Rows that hold at least `atLeast` of the terms, which must differ, in no particular order. */
  hits(terms: readonly string[], atLeast: number): PostingHit[] {
    const counts = new Uint16Array(this.#rows.length)
    const reached: number[] = []
    for (const term of terms) {
      for (const number of this.#lists.get(term) ?? []) {
        const count = counts[number]! + 1
        counts[number] = count
        if (count === atLeast) reached.push(number)
      }
    }
    return reached.flatMap((number) => {
      const row = this.#rows[number]
      return row ? [{ row, overlap: counts[number]! }] : []
    })
  }

  #add(row: Row): void {
    const terms = new Set(this.#termsOf(row))
    if (terms.size === 0) return
    const number = this.#rows.push(row) - 1
    this.#numbers.set(row.id, number)
    for (const term of terms) {
      const list = this.#lists.get(term)
      if (list) list.push(number)
      else this.#lists.set(term, [number])
    }
  }

  #rebuild(): void {
    const rows = this.#rows
    this.#rows = []
    this.#numbers = new Map()
    this.#lists = new Map()
    for (const row of rows) if (row) this.#add(row)
  }
}

function sameTerms(left: readonly string[], right: readonly string[]): boolean {
  return left === right || (left.length === right.length && left.every((term, index) => term === right[index]))
}
