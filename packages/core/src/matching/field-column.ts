import type { FieldKind, ReadingContext, ReadValue } from './field-kind.js'

/** A level for two values of which one is missing: it says nothing. */
export const missing = -1

const memoLimit = 1_000_000

/** One field of all records: each different value is read once, and values that repeat are compared once. */
export class FieldColumn {
  readonly name: string
  readonly kind: FieldKind
  /** Per record, the place of its value in `values`, or -1. */
  readonly valueIds: Int32Array
  readonly values: readonly ReadValue[]
  /** Records that have a value. */
  readonly filled: number
  readonly #keys: KeyNumbers
  readonly #looseKeys: KeyNumbers
  /** Per value. */
  readonly #sketches: Int32Array
  readonly #memo: Map<number, number> | undefined

  constructor(name: string, kind: FieldKind, raw: readonly (string | undefined)[], context: ReadingContext) {
    this.name = name
    this.kind = kind
    this.valueIds = new Int32Array(raw.length).fill(missing)
    const values: ReadValue[] = []
    const places = new Map<string, number>()
    const perValue: number[] = []
    let filled = 0
    for (let record = 0; record < raw.length; record++) {
      const text = raw[record]
      if (text === undefined) continue
      let place = places.get(text)
      if (place === undefined) {
        const value = kind.read(text, context)
        place = value === undefined ? missing : values.push(value) - 1
        places.set(text, place)
      }
      if (place === missing) continue
      this.valueIds[record] = place
      perValue[place] = (perValue[place] ?? 0) + 1
      filled++
    }
    this.values = values
    this.filled = filled
    this.#keys = keyNumbers(values, perValue, 'key')
    this.#looseKeys = values.every(({ key, looseKey }) => key === looseKey)
      ? this.#keys
      : keyNumbers(values, perValue, 'looseKey')
    this.#sketches = Int32Array.from(values, (value) => kind.sketch(value))
    this.#memo = values.length < filled * 0.8 ? new Map() : undefined
  }

  /** Level at which two records agree, or {@link missing}. */
  level(left: number, right: number): number {
    const a = this.valueIds[left]!
    const b = this.valueIds[right]!
    if (a === missing || b === missing) return missing
    const memo = this.#memo
    if (memo === undefined || a === b) return this.kind.compare(this.values[a]!, this.values[b]!)
    const pair = a < b ? a * this.values.length + b : b * this.values.length + a
    let level = memo.get(pair)
    if (level === undefined) {
      level = this.kind.compare(this.values[a]!, this.values[b]!)
      if (memo.size >= memoLimit) memo.clear()
      memo.set(pair, level)
    }
    return level
  }

  /** The best level at which two records can agree, told at a glance, or {@link missing}. */
  reach(left: number, right: number): number {
    const a = this.valueIds[left]!
    const b = this.valueIds[right]!
    if (a === missing || b === missing) return missing
    if (this.#keys.numbers[a] === this.#keys.numbers[b]) return 0
    const sameLooseKey = this.#looseKeys.numbers[a] === this.#looseKeys.numbers[b]
    return this.kind.reach(this.#sketches[a]!, this.#sketches[b]!, sameLooseKey)
  }

  /** Records that share the value of a record, itself included, by one of its keys. */
  count(record: number, by: 'key' | 'looseKey'): number {
    const { numbers, counts } = by === 'key' ? this.#keys : this.#looseKeys
    return counts[numbers[this.valueIds[record]!]!]!
  }
}

/** Keys as numbers, and how many records have a value with each. */
interface KeyNumbers {
  /** Per value. */
  readonly numbers: Uint32Array
  /** Per number. */
  readonly counts: Uint32Array
}

function keyNumbers(values: readonly ReadValue[], perValue: readonly number[], by: 'key' | 'looseKey'): KeyNumbers {
  const known = new Map<string, number>()
  const numbers = new Uint32Array(values.length)
  const counts = new Uint32Array(values.length)
  for (let place = 0; place < values.length; place++) {
    const key = values[place]![by]
    let number = known.get(key)
    if (number === undefined) {
      number = known.size
      known.set(key, number)
    }
    numbers[place] = number
    counts[number]! += perValue[place]!
  }
  return { numbers, counts: counts.slice(0, known.size) }
}
