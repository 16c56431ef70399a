import type { Row, Scalar } from '../row.js'

/** The values of all terms of an index, `undefined` where missing. Never changed once made. */
export type IndexKey = readonly (Scalar | undefined)[]

/** A place between two entries: in front of entry `offset` of block `block`. */
export interface Position {
  readonly block: number
  readonly offset: number
}

interface Block {
  readonly keys: IndexKey[]
  readonly rows: Row[]
}

/** A block splits in two when it grows beyond this, so that an insert never moves more. */
const fullBlock = 512

/**
 * Rows sorted by a key, in a list of small blocks: an insert costs two binary searches and a move within one block, at any
 * size. Keys and rows lie in parallel arrays, so that a scan touches the rows alone. Keys must differ.
 */
export class SortedIndex {
  readonly #compare: (left: IndexKey, right: IndexKey) => number
  #blocks: Block[]

  constructor(compare: (left: IndexKey, right: IndexKey) => number, blocks: Block[] = []) {
    this.#compare = compare
    this.#blocks = blocks
  }

  /** A copy that changes apart from this one. Keys and rows are shared. */
  clone(): SortedIndex {
    return new SortedIndex(
      this.#compare,
      this.#blocks.map(({ keys, rows }) => ({ keys: keys.slice(), rows: rows.slice() })),
    )
  }

  insert(key: IndexKey, row: Row): void {
    const last = this.#blocks.length - 1
    const lastBlock = this.#blocks[last]
    if (!lastBlock) {
      this.#blocks.push({ keys: [key], rows: [row] })
    } else if (this.#compare(lastBlock.keys.at(-1)!, key) < 0) {
      // Rows often come in ascending order: full blocks are left behind full.
      if (lastBlock.keys.length < fullBlock) {
        lastBlock.keys.push(key)
        lastBlock.rows.push(row)
      } else this.#blocks.push({ keys: [key], rows: [row] })
    } else {
      const { block, offset } = this.seek((other) => this.#compare(other, key) < 0)
      const { keys, rows } = this.#blocks[block]!
      keys.splice(offset, 0, key)
      rows.splice(offset, 0, row)
      if (keys.length > fullBlock) this.#halve(block)
    }
  }

  /** Takes out the entry with this key, if there is one. */
  remove(key: IndexKey): void {
    const { block: blockIndex, offset } = this.seek((other) => this.#compare(other, key) < 0)
    const block = this.#blocks[blockIndex]
    const held = block?.keys[offset]
    if (!block || !held || this.#compare(held, key) !== 0) return
    block.keys.splice(offset, 1)
    block.rows.splice(offset, 1)
    if (block.keys.length === 0) this.#blocks.splice(blockIndex, 1)
  }

  /** Puts a new row in the place of the one with this key. */
  replace(key: IndexKey, row: Row): void {
    const { block, offset } = this.seek((other) => this.#compare(other, key) < 0)
    const rows = this.#blocks[block]?.rows
    if (rows && offset < rows.length) rows[offset] = row
  }

  /** The place in front of the first key that is not `before`. The keys that are `before` must all come first. */
  seek(before: (key: IndexKey) => boolean): Position {
    let low = 0
    let high = this.#blocks.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (before(this.#blocks[middle]!.keys.at(-1)!)) low = middle + 1
      else high = middle
    }
    const block = this.#blocks[low]
    if (!block) return { block: low, offset: 0 }
    let first = 0
    let last = block.keys.length - 1
    while (first < last) {
      const middle = (first + last) >>> 1
      if (before(block.keys[middle]!)) first = middle + 1
      else last = middle
    }
    return { block: low, offset: first }
  }

  /** The place in front of the first entry. */
  get start(): Position {
    return { block: 0, offset: 0 }
  }

  /** The place behind the last entry. */
  get end(): Position {
    return { block: this.#blocks.length, offset: 0 }
  }

  /** Number of entries between two places. */
  count(from: Position, to: Position): number {
    if (!isInFront(from, to)) return 0
    let count = to.offset - from.offset
    for (let block = from.block; block < to.block; block++) count += this.#blocks[block]!.rows.length
    return count
  }

  /** The row behind a place. */
  rowAt(position: Position): Row | undefined {
    return this.#blocks[position.block]?.rows[position.offset]
  }

  /** Shows the rows between two places in order until `visit` returns `false`; whether it came to the end. */
  forward(from: Position, to: Position, visit: (row: Row) => boolean): boolean {
    for (let block = from.block; block <= to.block && block < this.#blocks.length; block++) {
      const { rows } = this.#blocks[block]!
      const end = block === to.block ? to.offset : rows.length
      for (let offset = block === from.block ? from.offset : 0; offset < end; offset++) {
        if (!visit(rows[offset]!)) return block === to.block ? offset + 1 === end : this.#isEnd(block, offset + 1, to)
      }
    }
    return true
  }

  /** Shows all rows between two places, in order. */
  each(from: Position, to: Position, visit: (row: Row) => void): void {
    for (let block = from.block; block <= to.block && block < this.#blocks.length; block++) {
      const { rows } = this.#blocks[block]!
      const end = block === to.block ? to.offset : rows.length
      for (let offset = block === from.block ? from.offset : 0; offset < end; offset++) visit(rows[offset]!)
    }
  }

  /** Like {@link forward}, from the last row to the first. */
  backward(from: Position, to: Position, visit: (row: Row) => boolean): boolean {
    for (let block = Math.min(to.block, this.#blocks.length - 1); block >= from.block; block--) {
      const { rows } = this.#blocks[block]!
      const end = block === from.block ? from.offset : 0
      for (let offset = (block === to.block ? to.offset : rows.length) - 1; offset >= end; offset--) {
        if (!visit(rows[offset]!)) return block === from.block && offset === end
      }
    }
    return true
  }

  #isEnd(block: number, offset: number, to: Position): boolean {
    if (offset < this.#blocks[block]!.rows.length) return false
    return to.block === block + 1 && to.offset === 0
  }

  #halve(block: number): void {
    const { keys, rows } = this.#blocks[block]!
    const middle = keys.length >>> 1
    this.#blocks.splice(block + 1, 0, { keys: keys.splice(middle), rows: rows.splice(middle) })
  }
}

/** Whether one place lies in front of another. */
export function isInFront(left: Position, right: Position): boolean {
  return left.block < right.block || (left.block === right.block && left.offset < right.offset)
}
