/** A repeatable source of choices for random tests: the same seed gives the same run on every machine. */
export interface SeededRandom {
  /** A number from 0 (included) to 1 (left out), in steps of 2^-32. */
  fraction(): number
  /** A whole number from `low` to `high`, both included. */
  integer(low: number, high: number): number
  /** True with the given probability, from 0 to 1. */
  chance(probability: number): boolean
  /** One of the items. */
  pick<T>(items: readonly T[]): T
  /** The items in another order. */
  shuffle<T>(items: readonly T[]): T[]
  /** A UUID of version 7's shape in which every bit is random: ids in no order. */
  id(): string
}

/** A stream of choices from a seed and a label; other labels give independent streams. */
export function createSeededRandom(seed: number, label = ''): SeededRandom {
  let state = hash(`${seed}:${label}`)

  // Mulberry32 by Tommy Ettinger (public domain): a Weyl sequence followed by a mixing function, period 2^32.
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  const fraction = (): number => next() / 2 ** 32
  const integer = (low: number, high: number): number => low + Math.floor(fraction() * (high - low + 1))

  return {
    fraction,
    integer,
    chance: (probability) => fraction() < probability,
    pick(items) {
      if (items.length === 0) throw new TypeError('There is nothing to pick from')
      return items[integer(0, items.length - 1)]!
    },
    shuffle(items) {
      const shuffled = [...items]
      for (let last = shuffled.length - 1; last > 0; last--) {
        const other = integer(0, last)
        const held = shuffled[last]!
        shuffled[last] = shuffled[other]!
        shuffled[other] = held
      }
      return shuffled
    },
    id() {
      const hex = Array.from({ length: 4 }, () => next().toString(16).padStart(8, '0')).join('')
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`
    },
  }
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193)
  return value | 0
}
