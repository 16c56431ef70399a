/** Shares of the terms of a search that most hits hold. */
const shares = [1, 0.8, 0.6]

/**
 * How many terms of a search a storage looks for, one number after the other, from all of them down to `atLeast`: the fewer a row may
 * lack, the fewer rows come into question, and a number at which enough rows are found has the best of them.
 */
export function overlapLevels(termCount: number, atLeast: number): number[] {
  const levels = [...shares.map((share) => Math.ceil(termCount * share)), atLeast]
  return [...new Set(levels)].filter((level) => level >= atLeast)
}
