/** A stretch of the keys of one index, as texts. */
export interface TextRange {
  readonly lower: string
  readonly lowerOpen: boolean
  readonly upper: string
  readonly upperOpen: boolean
}

/** Whether a range can hold no key; IndexedDB refuses to make such a one. */
export function isEmpty({ lower, lowerOpen, upper, upperOpen }: TextRange): boolean {
  return lower > upper || (lower === upper && (lowerOpen || upperOpen))
}

/** The part of a range strictly behind a key, in the direction of reading. */
export function behind(range: TextRange, key: string, backward: boolean): TextRange {
  if (backward) return key <= range.upper ? { ...range, upper: key, upperOpen: true } : range
  return key >= range.lower ? { ...range, lower: key, lowerOpen: true } : range
}
