import { type FieldColumn, missing } from './field-column.js'
import { joinedHash, textHash } from './text-hash.js'

/** Larger blocks say nothing: half a city, a placeholder. */
const largestBlock = 60
/** Most pairs per record; where there are more, the largest blocks are left out. */
const mostPairs = 30
/** So many are afforded in any case. */
const fewPairs = 1_500_000
/** So few records are all compared with one another. */
const fewRecords = 1_000
/** Most keys over all records; beyond it the least telling pairs of fields are left out. */
const mostKeys = 48_000_000

/**
 * The records that are worth comparing: those that share a telling key of one field, or a coarse key of each of two fields. Keys are
 * 32-bit hashes; a collision costs a comparison and nothing else.
 */
export class CandidateBlocks {
  /** Records, block after block. */
  readonly #members: Uint32Array
  /** Per block, where it starts and ends in the members. */
  readonly #starts: Uint32Array
  /** Blocks of each record, record after record. */
  readonly #blocksOf: Uint32Array
  readonly #firstBlock: Uint32Array
  readonly #records: number

  constructor(columns: readonly FieldColumn[], records: number) {
    const { keys, owners } = keysOf(columns, records)
    const order = radixOrder(keys)
    const members = new Uint32Array(order.length)
    const starts = new Uint32Array((order.length >> 1) + 2)
    let length = 0
    let blocks = 0
    const largest = affordableSize(keys, order, records)
    for (let start = 0; start < order.length; ) {
      const key = keys[order[start]!]!
      let end = start + 1
      while (end < order.length && keys[order[end]!] === key) end++
      if (end - start > 1 && end - start <= largest) {
        for (let place = start; place < end; place++) {
          // The order is stable and keys were made record by record, so owners ascend within a block.
          const owner = owners[order[place]!]!
          if (place === start || owner !== members[length - 1]) members[length++] = owner
        }
        starts[++blocks] = length
      }
      start = end
    }
    this.#members = members.slice(0, length)
    this.#starts = starts.slice(0, blocks + 1)
    this.#records = records
    this.#firstBlock = new Uint32Array(records + 1)
    for (const member of this.#members) this.#firstBlock[member + 1]!++
    for (let record = 0; record < records; record++) this.#firstBlock[record + 1]! += this.#firstBlock[record]!
    const next = this.#firstBlock.slice()
    this.#blocksOf = new Uint32Array(this.#members.length)
    for (let block = 0; block + 1 < this.#starts.length; block++) {
      for (let place = this.#starts[block]!; place < this.#starts[block + 1]!; place++) {
        const member = this.#members[place]!
        this.#blocksOf[next[member]!++] = block
      }
    }
  }

  /** Calls `visit` once for each pair, `left` below `right`; no more often than `most`. */
  forEachPair(visit: (left: number, right: number) => void, most = Number.POSITIVE_INFINITY): void {
    let visited = 0
    if (this.#records <= fewRecords) {
      for (let left = 0; left < this.#records; left++) {
        for (let right = left + 1; right < this.#records; right++) {
          if (visited++ >= most) return
          visit(left, right)
        }
      }
      return
    }
    const seenWith = new Int32Array(this.#records).fill(-1)
    for (let left = 0; left < this.#records; left++) {
      for (let index = this.#firstBlock[left]!; index < this.#firstBlock[left + 1]!; index++) {
        const block = this.#blocksOf[index]!
        for (let place = this.#starts[block + 1]! - 1; place >= this.#starts[block]!; place--) {
          const right = this.#members[place]!
          if (right <= left) break
          if (seenWith[right] === left) continue
          seenWith[right] = left
          if (visited++ >= most) return
          visit(left, right)
        }
      }
    }
  }
}

/** Size of the largest blocks whose pairs, with those of all smaller ones, can be afforded. */
function affordableSize(keys: Uint32Array, order: Uint32Array, records: number): number {
  const pairs = new Float64Array(largestBlock + 1)
  for (let start = 0; start < order.length; ) {
    const key = keys[order[start]!]!
    let end = start + 1
    while (end < order.length && keys[order[end]!] === key) end++
    const size = end - start
    if (size <= largestBlock) pairs[size]! += (size * (size - 1)) / 2
    start = end
  }
  const afforded = Math.max(fewPairs, mostPairs * records)
  let sum = 0
  for (let size = 2; size <= largestBlock; size++) {
    sum += pairs[size]!
    if (sum > afforded) return Math.max(2, size - 1)
  }
  return largestBlock
}

interface Keys {
  readonly keys: Uint32Array
  /** The record each key is of; ascending. */
  readonly owners: Uint32Array
}

function keysOf(columns: readonly FieldColumn[], records: number): Keys {
  const alone = columns.map((column, index) => hashedKeys(column, index + 1, (value) => column.kind.blocks(value)))
  const coarse = columns.map((column, index) => hashedKeys(column, index + 101, (value) => column.kind.coarse(value)))
  const pairs = tellingPairs(columns, coarse, records)
  const length =
    columns.reduce((sum, column, index) => sum + keyCount(column, alone[index]!), 0) +
    pairs.reduce((sum, [first, second]) => sum + jointCount(columns, coarse, first, second), 0)
  const keys = new Uint32Array(length)
  const owners = new Uint32Array(length)
  let place = 0
  for (let record = 0; record < records; record++) {
    for (let index = 0; index < columns.length; index++) {
      const value = columns[index]!.valueIds[record]!
      if (value === missing) continue
      const { starts, hashes } = alone[index]!
      for (let key = starts[value]!; key < starts[value + 1]!; key++) {
        keys[place] = hashes[key]!
        owners[place++] = record
      }
    }
    for (const [first, second] of pairs) {
      const a = columns[first]!.valueIds[record]!
      const b = columns[second]!.valueIds[record]!
      if (a === missing || b === missing) continue
      const [left, right] = [coarse[first]!, coarse[second]!]
      for (let from = left.starts[a]!; from < left.starts[a + 1]!; from++) {
        for (let to = right.starts[b]!; to < right.starts[b + 1]!; to++) {
          keys[place] = joinedHash(left.hashes[from]!, right.hashes[to]!)
          owners[place++] = record
        }
      }
    }
  }
  return { keys, owners }
}

/** Hashes of the keys of each value of a column, value after value. */
interface HashedKeys {
  /** Per value, where its hashes begin; one more for the end. */
  readonly starts: Uint32Array
  readonly hashes: Uint32Array
}

function hashedKeys(
  column: FieldColumn,
  salt: number,
  keysOfValue: (value: FieldColumn['values'][number]) => readonly string[],
): HashedKeys {
  const starts = new Uint32Array(column.values.length + 1)
  let hashes = new Uint32Array(Math.max(16, column.values.length * 2))
  let length = 0
  for (let value = 0; value < column.values.length; value++) {
    for (const key of keysOfValue(column.values[value]!)) {
      if (length === hashes.length) hashes = grown(hashes)
      hashes[length++] = textHash(key, salt)
    }
    starts[value + 1] = length
  }
  return { starts, hashes: hashes.subarray(0, length) }
}

function grown(column: Uint32Array): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(column.length * 2)
  larger.set(column)
  return larger
}

/** Keys of a column over all records. */
function keyCount({ valueIds }: FieldColumn, { starts }: HashedKeys): number {
  let count = 0
  for (const value of valueIds) if (value !== missing) count += starts[value + 1]! - starts[value]!
  return count
}

/** Joint keys of two columns over all records. */
function jointCount(
  columns: readonly FieldColumn[],
  coarse: readonly HashedKeys[],
  first: number,
  second: number,
): number {
  const [a, b] = [columns[first]!.valueIds, columns[second]!.valueIds]
  const [left, right] = [coarse[first]!.starts, coarse[second]!.starts]
  let count = 0
  for (let record = 0; record < a.length; record++) {
    const [from, to] = [a[record]!, b[record]!]
    if (from !== missing && to !== missing) count += (left[from + 1]! - left[from]!) * (right[to + 1]! - right[to]!)
  }
  return count
}

/** Pairs of fields whose coarse keys are joined, the most telling first, as many as fit. */
function tellingPairs(
  columns: readonly FieldColumn[],
  coarse: readonly HashedKeys[],
  records: number,
): (readonly [number, number])[] {
  const spread = columns.map((column, index) => {
    const keys = sortedKeys(column, coarse[index]!)
    let squares = 0
    for (let start = 0; start < keys.length; ) {
      let end = start + 1
      while (end < keys.length && keys[end] === keys[start]) end++
      squares += (end - start) ** 2
      start = end
    }
    return {
      perRecord: keys.length / Math.max(1, records),
      chance: squares / Math.max(1, keys.length * keys.length),
    }
  })
  const all = columns.flatMap((_, first) =>
    columns.flatMap((__, second) => {
      const [a, b] = [spread[first]!, spread[second]!]
      const keys = a.perRecord * b.perRecord * records
      return second > first && keys > 0 ? [{ pair: [first, second] as const, keys, chance: a.chance * b.chance }] : []
    }),
  )
  let total = 0
  return all
    .toSorted((a, b) => a.chance - b.chance)
    .filter(({ keys }) => {
      if (total + keys > mostKeys) return false
      total += keys
      return true
    })
    .map(({ pair }) => pair)
}

/** Keys of a column over all records, equal ones together. */
function sortedKeys(column: FieldColumn, hashed: HashedKeys): Uint32Array {
  const keys = new Uint32Array(keyCount(column, hashed))
  let length = 0
  for (const value of column.valueIds) {
    if (value === missing) continue
    for (let key = hashed.starts[value]!; key < hashed.starts[value + 1]!; key++) keys[length++] = hashed.hashes[key]!
  }
  return keys.sort()
}

/** Places in ascending order of their keys, equal keys in the order given: two passes over 16 bits each. */
function radixOrder(keys: Uint32Array): Uint32Array {
  let from: Uint32Array = Uint32Array.from(keys, (_, place) => place)
  let to: Uint32Array = new Uint32Array(keys.length)
  for (const shift of [0, 16]) {
    const next = new Uint32Array(65_537)
    for (const key of keys) next[((key >>> shift) & 0xffff) + 1]!++
    for (let digit = 0; digit < 65_536; digit++) next[digit + 1]! += next[digit]!
    for (const place of from) to[next[(keys[place]! >>> shift) & 0xffff]!++] = place
    ;[from, to] = [to, from]
  }
  return from
}
