import { type FieldColumn, missing } from './field-column.js'

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

  /** Calls `visit` once for each pair, `left` below `right`. */
  forEachPair(visit: (left: number, right: number) => void): void {
    if (this.#records <= fewRecords) {
      for (let left = 0; left < this.#records; left++) {
        for (let right = left + 1; right < this.#records; right++) visit(left, right)
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
  const alone = columns.map((column, index) => hashes(column, index + 1, ({ blocks }) => blocks))
  const coarse = columns.map((column, index) => hashes(column, index + 101, ({ coarse: given }) => given))
  const pairs = tellingPairs(columns, coarse, records)
  const buffer = new GrowingKeys()
  for (let record = 0; record < records; record++) {
    columns.forEach((column, index) => {
      const value = column.valueIds[record]!
      if (value === missing) return
      for (const key of alone[index]![value]!) buffer.push(key, record)
    })
    for (const [first, second] of pairs) {
      const a = columns[first]!.valueIds[record]!
      const b = columns[second]!.valueIds[record]!
      if (a === missing || b === missing) continue
      for (const left of coarse[first]![a]!) {
        for (const right of coarse[second]![b]!) buffer.push(mix(left, right), record)
      }
    }
  }
  return buffer.done()
}

/** Pairs of fields whose coarse keys are joined, the most telling first, as many as fit. */
function tellingPairs(
  columns: readonly FieldColumn[],
  coarse: readonly (readonly Uint32Array[])[],
  records: number,
): (readonly [number, number])[] {
  const spread = columns.map((column, index) => {
    const counts = new Map<number, number>()
    let keys = 0
    for (const value of column.valueIds) {
      if (value === missing) continue
      for (const key of coarse[index]![value]!) {
        counts.set(key, (counts.get(key) ?? 0) + 1)
        keys++
      }
    }
    let squares = 0
    for (const count of counts.values()) squares += count * count
    return { perRecord: keys / Math.max(1, records), chance: squares / Math.max(1, keys * keys) }
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

class GrowingKeys {
  #keys = new Uint32Array(1 << 16)
  #owners = new Uint32Array(1 << 16)
  #length = 0

  push(key: number, owner: number): void {
    if (this.#length === this.#keys.length) {
      this.#keys = grown(this.#keys)
      this.#owners = grown(this.#owners)
    }
    this.#keys[this.#length] = key
    this.#owners[this.#length++] = owner
  }

  done(): Keys {
    return { keys: this.#keys.subarray(0, this.#length), owners: this.#owners.subarray(0, this.#length) }
  }
}

function grown(column: Uint32Array): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(column.length * 2)
  larger.set(column)
  return larger
}

/** Hashes of the keys of each value of a column. */
function hashes(
  column: FieldColumn,
  salt: number,
  keysOfValue: (value: FieldColumn['values'][number]) => readonly string[],
): Uint32Array[] {
  return column.values.map((value) => Uint32Array.from(keysOfValue(value), (key) => hash(key, salt)))
}

/** FNV-1a over UTF-16 units. */
function hash(text: string, salt: number): number {
  let state = 0x811c9dc5 ^ Math.imul(salt, 0x9e3779b1)
  for (let index = 0; index < text.length; index++) state = Math.imul(state ^ text.charCodeAt(index), 0x01000193)
  return mix(state >>> 0, salt)
}

/** Joins two hashes; the last steps of MurmurHash3 spread the bits. */
function mix(left: number, right: number): number {
  let state = Math.imul(left, 0x85ebca6b) ^ Math.imul(right + 0x9e3779b9, 0xc2b2ae35)
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b)
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35)
  return (state ^ (state >>> 16)) >>> 0
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
