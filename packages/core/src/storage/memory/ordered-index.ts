import { compileTermOrder } from '../compare-rows.js'
import { type EntityDef, type IndexDef, type OrderTerm, parseOrderTerm, resolvePath } from '../entity-def.js'
import type { Path, Row, Scalar } from '../row.js'
import { type IndexKey, SortedIndex } from './sorted-index.js'

/** One term of an ordered index, ready to compare. */
export interface IndexTerm {
  readonly path: Path
  readonly descending: boolean
  readonly required: boolean
  readonly compare: (left: Scalar | undefined, right: Scalar | undefined) => number
}

/** A declared index of kind `order` over the rows of one collection, the id appended to its terms. */
export class OrderedIndex {
  readonly def: IndexDef
  readonly terms: readonly IndexTerm[]
  readonly sorted: SortedIndex

  constructor(entity: EntityDef, def: IndexDef, sorted?: SortedIndex) {
    this.def = def
    this.terms = withId(def.on).map((term) => termOf(entity, term))
    this.sorted = sorted ?? new SortedIndex((left, right) => this.compareKeys(left, right, this.terms.length))
  }

  /** A copy that changes apart from this one. */
  clone(entity: EntityDef): OrderedIndex {
    return new OrderedIndex(entity, this.def, this.sorted.clone())
  }

  /** Whether a row belongs into the index. */
  holds(row: Row): boolean {
    return !this.def.live || row.deletedAt === undefined
  }

  keyOf(row: Row): IndexKey {
    return this.terms.map(({ path }) => row[path] as Scalar | undefined)
  }

  /** Compares the first `length` terms of two keys. */
  compareKeys(left: IndexKey, right: IndexKey, length: number): number {
    for (let index = 0; index < length; index++) {
      const order = this.terms[index]!.compare(left[index], right[index])
      if (order !== 0) return order
    }
    return 0
  }

  /** Brings the index from the old state of a row to the new one; `undefined` where there is none. */
  change(before: Row | undefined, after: Row | undefined): void {
    const oldKey = before && this.holds(before) ? this.keyOf(before) : undefined
    const newKey = after && this.holds(after) ? this.keyOf(after) : undefined
    if (oldKey && newKey && after && this.compareKeys(oldKey, newKey, this.terms.length) === 0) {
      this.sorted.replace(newKey, after)
      return
    }
    if (oldKey) this.sorted.remove(oldKey)
    if (newKey && after) this.sorted.insert(newKey, after)
  }

  /** Another row with the same values, where the index is unique and the row lacks none of them. */
  rival(row: Row): Row | undefined {
    if (!this.def.unique || !this.holds(row)) return undefined
    const key = this.keyOf(row)
    const length = this.def.on.length
    for (let index = 0; index < length; index++) if (key[index] === undefined) return undefined
    const { sorted } = this
    const start = sorted.seek((other) => this.compareKeys(other, key, length) < 0)
    const end = sorted.seek((other) => this.compareKeys(other, key, length) <= 0)
    let rival: Row | undefined
    sorted.forward(start, end, (other) => {
      if (other.id !== row.id) rival = other
      return rival === undefined
    })
    return rival
  }
}

/** The terms with the id at the end, in the direction of the term before it, as queries have it. */
function withId(on: readonly OrderTerm[]): readonly OrderTerm[] {
  if (on.some((term) => parseOrderTerm(term).path === 'id')) return on
  return [...on, on.at(-1)?.startsWith('-') ? '-id' : 'id']
}

function termOf(entity: EntityDef, term: OrderTerm): IndexTerm {
  const { path, descending } = parseOrderTerm(term)
  const required = resolvePath(entity, path)?.required === true
  return { path, descending, required, compare: compileTermOrder(entity, term) }
}
