import { quantileOfSorted } from '../numerics/quantile.js'

/**
 * The values that cut a column into `bins` parts of equal size: bins - 1 type-7 quantiles, ascending; zeros for an empty
 * column. Only the neighbours of the cuts are put in order, which takes a fraction of a sort.
 */
export function quantileCuts(values: Float64Array, bins: number): Float64Array {
  const cuts = new Float64Array(bins - 1)
  if (values.length === 0) return cuts
  const sorted = values.slice()
  let from = 0
  for (let cut = 1; cut < bins; cut++) {
    const place = Math.floor(((sorted.length - 1) * cut) / bins)
    for (const rank of [place, Math.min(place + 1, sorted.length - 1)]) {
      select(sorted, rank, from)
      from = rank
    }
  }
  return cuts.map((_, i) => quantileOfSorted(sorted, (i + 1) / bins))
}

/** Each round halves the search on average; a column of 2^30 values takes about 60. */
const MOST_ROUNDS = 100

/**
 * Puts the value of a rank in its place, smaller ones before and larger ones after it (Hoare's quickselect, 1961);
 * everything before `low` is in place already. Equal values are swapped too, so that ties split evenly; an order that
 * defeats the pivots ends in an ordinary sort.
 */
function select(values: Float64Array, rank: number, low: number): void {
  let high = values.length - 1
  for (let rounds = 0; low < high; rounds++) {
    if (rounds === MOST_ROUNDS) {
      values.subarray(low, high + 1).sort()
      return
    }
    const pivot = values[(low + high) >> 1]!
    let left = low - 1
    let right = high + 1
    for (;;) {
      do left++
      while (values[left]! < pivot)
      do right--
      while (values[right]! > pivot)
      if (left >= right) break
      const value = values[left]!
      values[left] = values[right]!
      values[right] = value
    }
    if (rank <= right) high = right
    else low = right + 1
  }
}
