import { STIRLING_START, stirlingSeries } from './gamma-functions.js'

/** ln (z)_n and its first two derivatives in z, for each n of an ascending list. */
export interface RisingFactorials {
  log: Float64Array
  first: Float64Array
  second: Float64Array
}

/** Beyond this many factors between two neighbours, a series is cheaper than the product. */
const LONGEST_PRODUCT = 64

/**
 * ln (z)_n = ln G(z + n) - ln G(z) and its derivatives for the ascending whole numbers n = `counts[i] + offset`. Each
 * value continues from its neighbour by the missing factors, so it stays exact where z is so large that a difference of
 * two gamma functions would lose every digit.
 */
export function risingFactorials(z: number, counts: Float64Array, offset = 0): RisingFactorials {
  const target = { log: counts.slice(), first: counts.slice(), second: counts.slice() }
  let reached = 0
  let log = 0
  let first = 0
  let second = 0
  counts.forEach((count, i) => {
    const n = count + offset
    for (; reached < n && (n - reached <= LONGEST_PRODUCT || z + reached < STIRLING_START); reached++) {
      const factor = z + reached
      log += Math.log(factor)
      first += 1 / factor
      second -= 1 / (factor * factor)
    }
    if (reached < n) {
      const from = stirlingSeries(z + reached)
      const to = stirlingSeries(z + n)
      log += to.log - from.log
      first += to.first - from.first
      second += to.second - from.second
      reached = n
    }
    target.log[i] = log
    target.first[i] = first
    target.second[i] = second
  })
  return target
}
