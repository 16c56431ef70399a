import { compareCodePoints } from '../../kernel/text-safety.js'
import type { Path, Row } from '../row.js'
import { PostingList } from './posting-list.js'
import { TopRows } from './top-rows.js'

/** A row that shares terms with a search. */
export interface PostingHit {
  readonly row: Row
  readonly overlap: number
}

/** What to look for. */
export interface PostingSearch {
  /** All different. */
  readonly terms: readonly string[]
  readonly atLeast: number
  readonly limit: number
  readonly passes: (row: Row) => boolean
}

/** A list this many times longer than there are candidates is looked up for each of them instead of being read. */
const lookUpFactor = 12

/**
 * Which rows hold which term. Each state of a row gets the next number; lists of numbers only grow, numbers of rows that left are
 * skipped, and when they are the majority the lists are made anew.
 */
export class PostingLists {
  readonly #path: Path
  #rows: (Row | undefined)[] = []
  #numbers = new Map<string, number>()
  #lists = new Map<string, PostingList>()
  /** No id holds a character beyond the BMP: then plain comparison, which is faster, gives the order of code points. */
  #plainIds = true

  constructor(path: Path) {
    this.#path = path
  }

  /** A copy that changes apart from this one. */
  clone(): PostingLists {
    const copy = new PostingLists(this.#path)
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

  /** The terms as the lists hold them, so that rows share the text of a term. */
  shared(terms: readonly string[]): string[] {
    return terms.map((term) => this.#lists.get(term)?.term ?? term)
  }

  /** Rows that hold at least one of the terms, each once. */
  rowsWithAny(terms: readonly string[]): Row[] {
    const rows: Row[] = []
    const overlaps = this.#overlaps(terms, 1)
    for (const number of overlaps.reached) {
      const row = this.#rows[number]
      if (row) rows.push(row)
    }
    return rows
  }

  /** Upper bound of the number of rows that hold one of the terms. */
  countAtMost(terms: readonly string[]): number {
    return terms.reduce((sum, term) => sum + (this.#lists.get(term)?.length ?? 0), 0)
  }

  /** The best rows that hold at least `atLeast` of the terms: most overlap first, ties by id in code point order. */
  best(search: PostingSearch): PostingHit[] {
    const { terms, limit } = search
    // Where enough rows hold all terms, nobody need count those that hold some.
    if (this.#rarest(terms) >= limit) {
      const hits = this.#bestOf({ ...search, atLeast: terms.length })
      if (hits.length === limit) return hits
    }
    return this.#bestOf(search)
  }

  /** The number of rows that hold the rarest of the terms, or a little more. */
  #rarest(terms: readonly string[]): number {
    return terms.reduce((least, term) => Math.min(least, this.#lists.get(term)?.length ?? 0), this.#rows.length)
  }

  #bestOf({ terms, atLeast, limit, passes }: PostingSearch): PostingHit[] {
    const { reached, counts } = this.#overlaps(terms, atLeast)
    const reachedBy = new Uint32Array(terms.length + 1)
    for (const number of reached) reachedBy[counts[number]!]!++
    const hits: PostingHit[] = []
    for (let overlap = terms.length; overlap >= atLeast && hits.length < limit; overlap--) {
      if (reachedBy[overlap] === 0) continue
      const first = new TopRows(this.#plainIds ? byPlainId : byId, limit - hits.length)
      for (const number of reached) {
        if (counts[number] !== overlap) continue
        const row = this.#rows[number]
        if (row && first.admits(row) && passes(row)) first.offer(row)
      }
      for (const row of first.sorted()) hits.push({ row, overlap })
    }
    return hits
  }

  /**
   * Counts overlaps, the rarest terms first: a row that holds `atLeast` of n terms holds one of any n - atLeast + 1, so only those
   * lists bring up candidates. In the longer lists the candidates are counted, or looked up where the list is much longer. The
   * merge-skip of Li, Lu, Lu: Efficient Merging and Filtering Algorithms for Approximate String Searches (ICDE 2008).
   */
  #overlaps(terms: readonly string[], atLeast: number): { reached: readonly number[]; counts: Uint16Array } {
    const counts = new Uint16Array(this.#rows.length)
    const lists = terms.flatMap((term) => this.#lists.get(term) ?? []).sort((left, right) => left.length - right.length)
    const bringing = lists.length - atLeast + 1
    let candidates: number[] = []
    for (let place = 0; place < bringing; place++) {
      const { numbers, length } = lists[place]!
      for (let index = 0; index < length; index++) {
        const number = numbers[index]!
        if (counts[number]!++ === 0) candidates.push(number)
      }
    }
    let sorted = false
    for (let place = Math.max(bringing, 0); place < lists.length && candidates.length > 0; place++) {
      const list = lists[place]!
      if (list.length > lookUpFactor * candidates.length) {
        if (!sorted) candidates.sort((left, right) => left - right)
        sorted = true
        let at = 0
        for (const number of candidates) {
          at = list.placeOf(number, at)
          if (at < list.length && list.numbers[at] === number) counts[number]!++
        }
      } else {
        const { numbers, length } = list
        for (let index = 0; index < length; index++) {
          const number = numbers[index]!
          if (counts[number]! > 0) counts[number]!++
        }
      }
      const left = lists.length - place - 1
      candidates = candidates.filter((number) => counts[number]! + left >= atLeast)
    }
    return { reached: candidates.filter((number) => counts[number]! >= atLeast), counts }
  }

  #termsOf(row: Row): readonly string[] {
    return (row[this.#path] as readonly string[] | undefined) ?? none
  }

  #add(row: Row): void {
    const terms = new Set(this.#termsOf(row))
    if (terms.size === 0) return
    const number = this.#rows.push(row) - 1
    this.#numbers.set(row.id, number)
    if (this.#plainIds && surrogate.test(row.id)) this.#plainIds = false
    for (const term of terms) {
      let list = this.#lists.get(term)
      if (!list) {
        list = new PostingList(term)
        this.#lists.set(term, list)
      }
      list.push(number)
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

const none: readonly string[] = []

const surrogate = /[\ud800-\udfff]/

function byPlainId(left: Row, right: Row): number {
  return left.id < right.id ? -1 : left.id > right.id ? 1 : 0
}

function byId(left: Row, right: Row): number {
  return compareCodePoints(left.id, right.id)
}

function sameTerms(left: readonly string[], right: readonly string[]): boolean {
  return left === right || (left.length === right.length && left.every((term, index) => term === right[index]))
}
