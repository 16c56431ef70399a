/**
 * The p-quantile (0 <= p <= 1) of ascending values by linear interpolation between the two neighbours of position
 * (n - 1) p: type 7 of Hyndman & Fan (1996), the default of R and numpy. Throws TypeError for an empty column.
 */
export function quantileOfSorted(sorted: Float64Array, p: number): number {
  if (sorted.length === 0) throw new TypeError('quantileOfSorted needs at least one value')
  if (!(p >= 0 && p <= 1)) throw new TypeError('quantileOfSorted takes p between 0 and 1')
  const position = (sorted.length - 1) * p
  const below = Math.floor(position)
  const low = sorted[below]!
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!
  return low + (high - low) * (position - below)
}
