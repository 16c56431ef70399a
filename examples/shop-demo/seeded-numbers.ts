/** Draws that follow from a seed and a key: the same on every machine, in any order. */
export interface SeededNumbers {
  /** A whole number from 0 to `limit - 1`. */
  below(limit: number): number
  /** One of the list. */
  pick<T>(list: readonly T[]): T
}

/** Numbers for one key, such as the customer that is being invented. mulberry32 over an FNV-1a hash; never for secrets. */
export function seededNumbers(seed: string, key: string | number): SeededNumbers {
  let state = 0x811c9dc5
  for (const character of `${seed}:${key}`) {
    state = Math.imul(state ^ (character.codePointAt(0) as number), 0x01000193)
  }
  const below = (limit: number): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit)
  }
  return { below, pick: <T>(list: readonly T[]) => list[below(list.length)] as T }
}
