import { compareCodePoints } from '../../kernel/text-safety.js'
import { overlapLevels } from '../overlap-levels.js'
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
 * Which rows hold which term. Each state of a row gets the next number; lists of numbers only grow, and numbers of rows that left are
 * skipped. The first numbers ascend with the ids, since rows mostly come in the order of their ids: what is wanted first by id is
 * found first there. When the numbers behind those, or those of rows that left, are the majority, the lists are made anew.
 */
export class PostingLists {
  readonly #path: Path
  #rows: (Row | undefined)[] = []
  #numbers = new Map<string, number>()
  #lists = new Map<string, PostingList>()
  /** How many numbers, from the first on, ascend with the ids. */
  #inOrder = 0
  /** The id of the last of those. */
  #lastInOrder: string | undefined
  /** Overlaps by number, all zero between two searches. */
  #counts = new Uint16Array(0)
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
    if (this.#rows.length > 2 * Math.min(this.#numbers.size, this.#inOrder) + 1_000) this.#rebuild()
  }

  /** The terms as the lists hold them, so that rows share the text of a term. */
  shared(terms: readonly string[]): string[] {
    return terms.map((term) => this.#lists.get(term)?.term ?? term)
  }

  /** Rows that hold at least one of the terms, each once. */
  rowsWithAny(terms: readonly string[]): Row[] {
    return this.#overlapping(terms, 1, (reached) => reached.flatMap((number) => this.#rows[number] ?? []))
  }

  /** Upper bound of the number of rows that hold one of the terms. */
  countAtMost(terms: readonly string[]): number {
    return terms.reduce((sum, term) => sum + (this.#lists.get(term)?.length ?? 0), 0)
  }

  /** The best rows that hold at least `atLeast` of the terms: most overlap first, ties by id in code point order. */
  best(search: PostingSearch): PostingHit[] {
    const { terms, atLeast, limit } = search
    const lists = terms.flatMap((term) => this.#lists.get(term) ?? []).sort((left, right) => left.length - right.length)
    for (const level of overlapLevels(terms.length, atLeast)) {
      if (lists.length < level) continue
      if (level === terms.length && lists[0]!.length < limit && level > atLeast) continue
      const hits =
        level === terms.length ? this.#holdingAll(lists, search) : this.#holdingSome({ ...search, atLeast: level })
      if (hits.length === limit || level === atLeast) return hits
    }
    return []
  }

  /** Rows that are in all lists, the shortest of them first; those behind the numbers in order are all looked at. */
  #holdingAll([shortest, ...others]: readonly PostingList[], { limit, passes }: PostingSearch): PostingHit[] {
    const { numbers, length } = shortest!
    const places = others.map(() => 0)
    const first = new TopRows(this.#byId, limit)
    const unordered = shortest!.placeOf(this.#inOrder, 0)
    for (let index = 0; index < length; index++) {
      if (first.offered === limit && index < unordered) {
        index = unordered - 1
        continue
      }
      const number = numbers[index]!
      const isHeld = others.every((list, at) => {
        places[at] = list.placeOf(number, places[at]!)
        return list.numbers[places[at]!] === number && places[at]! < list.length
      })
      const row = isHeld && this.#rows[number]
      if (row && first.admits(number) && passes(row)) first.offer(number)
    }
    return first.sorted().map((number) => ({ row: this.#rows[number]!, overlap: others.length + 1 }))
  }

  #holdingSome({ terms, atLeast, limit, passes }: PostingSearch): PostingHit[] {
    return this.#overlapping(terms, atLeast, (reached, counts) => {
      const reachedBy = new Uint32Array(terms.length + 1)
      for (const number of reached) reachedBy[counts[number]!]!++
      const hits: PostingHit[] = []
      for (let overlap = terms.length; overlap >= atLeast && hits.length < limit; overlap--) {
        if (reachedBy[overlap] === 0) continue
        const first = new TopRows(this.#byId, limit - hits.length)
        for (const number of reached) {
          if (counts[number] !== overlap) continue
          const row = this.#rows[number]
          if (row && first.admits(number) && passes(row)) first.offer(number)
        }
        for (const number of first.sorted()) hits.push({ row: this.#rows[number]!, overlap })
      }
      return hits
    })
  }

  /**
   * Counts overlaps, the rarest terms first: a row that holds `atLeast` of n terms holds one of any n - atLeast + 1, so only those
   * lists bring up candidates. In the longer lists the candidates are counted, or looked up where the list is much longer. The
   * merge-skip of Li, Lu, Lu: Efficient Merging and Filtering Algorithms for Approximate String Searches (ICDE 2008).
   */
  #overlapping<T>(
    terms: readonly string[],
    atLeast: number,
    use: (reached: readonly number[], counts: Uint16Array) => T,
  ): T {
    if (this.#counts.length < this.#rows.length)
      this.#counts = new Uint16Array(this.#rows.length + (this.#rows.length >> 1))
    const counts = this.#counts
    const lists = terms.flatMap((term) => this.#lists.get(term) ?? []).sort((left, right) => left.length - right.length)
    const bringing = lists.length - atLeast + 1
    const brought: number[] = []
    for (let place = 0; place < bringing; place++) {
      const { numbers, length } = lists[place]!
      for (let index = 0; index < length; index++) {
        const number = numbers[index]!
        if (counts[number]!++ === 0) brought.push(number)
      }
    }
    let candidates = brought
    let sorted: number[] | undefined
    for (let place = Math.max(bringing, 0); place < lists.length && candidates.length > 0; place++) {
      const list = lists[place]!
      if (list.length > lookUpFactor * candidates.length) {
        sorted ??= Array.from(Uint32Array.from(candidates).sort())
        candidates = sorted
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
      if (sorted) sorted = candidates
    }
    try {
      return use(
        candidates.filter((number) => counts[number]! >= atLeast),
        counts,
      )
    } finally {
      for (const number of brought) counts[number] = 0
    }
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
    const isNext = this.#lastInOrder === undefined || this.#compareIds(this.#lastInOrder, row.id) < 0
    if (number === this.#inOrder && isNext) {
      this.#inOrder++
      this.#lastInOrder = row.id
    }
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
      .filter((row) => row !== undefined)
      .sort((left, right) => this.#compareIds(left.id, right.id))
    this.#rows = []
    this.#inOrder = 0
    this.#lastInOrder = undefined
    this.#numbers = new Map()
    this.#lists = new Map()
    for (const row of rows) this.#add(row)
  }

  readonly #byId = (left: number, right: number): number =>
    left < this.#inOrder && right < this.#inOrder
      ? left - right
      : this.#compareIds(this.#rows[left]!.id, this.#rows[right]!.id)

  #compareIds(left: string, right: string): number {
    if (!this.#plainIds) return compareCodePoints(left, right)
    return left < right ? -1 : left > right ? 1 : 0
  }
}

const none: readonly string[] = []

const surrogate = /[\ud800-\udfff]/

function sameTerms(left: readonly string[], right: readonly string[]): boolean {
  return left === right || (left.length === right.length && left.every((term, index) => term === right[index]))
}
