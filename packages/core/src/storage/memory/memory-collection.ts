import { invalidField } from '../../kernel/crm-error.js'
import type { EntityDef, IndexDef } from '../entity-def.js'
import type { Path, Row } from '../row.js'
import { uniqueConflict } from '../storage-errors.js'
import { OrderedIndex } from './ordered-index.js'
import { PostingLists } from './posting-lists.js'
import { handedOutRow, nestedPaths, storedRow } from './stored-row.js'

/** All rows of one entity of one tenant, with their indexes. Changes are visible at once; batches and rights live above. */
export class MemoryCollection {
  readonly def: EntityDef
  readonly #rows = new Map<string, Row>()
  readonly #nested: readonly Path[]
  /** All rows by id, then the declared indexes of kind `order`. */
  readonly ordered: readonly OrderedIndex[]
  /** Declared indexes of kind `member` and `terms`, by path. */
  readonly postings: ReadonlyMap<Path, PostingLists>
  /** Paths of the declared indexes of kind `terms`: thousands of rows hold the same few words there. */
  readonly #termPaths: readonly Path[]
  /** Counts the changes, so that a transaction can tell whether somebody else made one. */
  revision = 0

  constructor(def: EntityDef, copyFrom?: MemoryCollection) {
    this.def = def
    this.#nested = nestedPaths(def)
    this.#termPaths = def.indexes.flatMap(({ kind, on }) => (kind === 'terms' ? on : []))
    if (copyFrom) {
      this.#rows = new Map(copyFrom.#rows)
      this.ordered = copyFrom.ordered.map((index) => index.clone(def))
      this.postings = new Map(Array.from(copyFrom.postings, ([path, lists]) => [path, lists.clone()]))
      return
    }
    const byId: IndexDef = { name: 'id', on: ['id'] }
    const ordered = def.indexes.filter((index) => (index.kind ?? 'order') === 'order')
    const listed = def.indexes.filter((index) => index.kind === 'member' || index.kind === 'terms')
    this.ordered = [byId, ...ordered].map((index) => new OrderedIndex(def, index))
    this.postings = new Map(listed.map((index) => postingsOf(def, index)))
  }

  /** A collection that holds the given rows. Throws `conflict` when a unique index does not hold. */
  static of(def: EntityDef, rows: Iterable<Row>): MemoryCollection {
    const collection = new MemoryCollection(def)
    for (const row of rows) {
      const restored = storedRow(def, row, row.version)
      const rival = collection.rivalIndex(restored)
      if (rival) throw uniqueConflict(def.name, rival.name, undefined, row.id)
      collection.change(row.id, restored)
    }
    return collection
  }

  get size(): number {
    return this.#rows.size
  }

  /** The rows by id; every row is in it, whatever its state. */
  get byId(): OrderedIndex {
    return this.ordered[0]!
  }

  get(id: string): Row | undefined {
    return this.#rows.get(id)
  }

  /** A copy of a row for a caller. */
  handOut(row: Row): Row {
    return handedOutRow(row, this.#nested)
  }

  rows(): IterableIterator<Row> {
    return this.#rows.values()
  }

  /** The unique index in which another row holds the values of this one. */
  rivalIndex(row: Row): IndexDef | undefined {
    return this.ordered.find((index) => index.rival(row))?.def
  }

  /** Puts a row in place of the one with its id, or takes it out when there is no new state. Returns the old state. */
  change(id: string, after: Row | undefined): Row | undefined {
    const before = this.#rows.get(id)
    if (after) {
      for (const path of this.#termPaths) this.#shareTerms(after, path)
      this.#rows.set(id, after)
    } else this.#rows.delete(id)
    for (const index of this.ordered) index.change(before, after)
    for (const lists of this.postings.values()) lists.change(before, after)
    this.revision++
    return before
  }

  /** Puts the texts that other rows hold already in place of equal ones, which are freed. */
  #shareTerms(row: Row, path: Path): void {
    const terms = row[path]
    if (Array.isArray(terms)) row[path] = this.postings.get(path)?.shared(terms as readonly string[])
  }
}

function postingsOf(def: EntityDef, { name, on }: IndexDef): [Path, PostingLists] {
  const [path] = on
  if (path === undefined || on.length > 1 || def.fields[path]?.type !== 'text[]') {
    throw invalidField(name, `an index for members or terms is on one text[] field of ${def.name}`)
  }
  return [path, new PostingLists(path)]
}
