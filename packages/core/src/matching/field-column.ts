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
  readonly #counts: Readonly<Record<'key' | 'looseKey', Uint32Array>>
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
    this.#counts = { key: countsOf(values, perValue, 'key'), looseKey: countsOf(values, perValue, 'looseKey') }
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

  /** Records that share the value of a record, itself included, by one of its keys. */
  count(record: number, by: 'key' | 'looseKey'): number {
    return this.#counts[by][this.valueIds[record]!]!
  }
}

/** For each value, how many records have one with the same key. */
function countsOf(values: readonly ReadValue[], perValue: readonly number[], by: 'key' | 'looseKey'): Uint32Array {
  const perKey = new Map<string, number>()
  values.forEach((value, place) => {
    perKey.set(value[by], (perKey.get(value[by]) ?? 0) + perValue[place]!)
  })
  return Uint32Array.from(values, (value) => perKey.get(value[by])!)
}
