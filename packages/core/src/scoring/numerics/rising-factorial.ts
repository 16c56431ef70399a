import { digamma, logGamma, trigamma } from './gamma-functions.js'

/** ln (z)_n and its first two derivatives in z, for each n of an ascending list. */
export interface RisingFactorials {
  log: Float64Array
  first: Float64Array
  second: Float64Array
}

/** Beyond this many factors between two neighbours, gamma functions are cheaper than the product. */
const LONGEST_PRODUCT = 64

export function createRisingFactorials(length: number): RisingFactorials {
  return { log: new Float64Array(length), first: new Float64Array(length), second: new Float64Array(length) }
}

/**
 * Fills `target` with ln (z)_n = ln G(z + n) - ln G(z) and its derivatives for the ascending whole numbers
 * `counts[i] + offset`. Each value continues from its neighbour by the missing factors, so it stays exact where z is so
 * large that a difference of two gamma functions would lose every digit.
 */
export function fillRisingFactorials(target: RisingFactorials, z: number, counts: Float64Array, offset: number): void {
  let reached = 0
  let log = 0
  let first = 0
  let second = 0
  for (let i = 0; i < counts.length; i++) {
    const n = counts[i]! + offset
    if (n - reached <= LONGEST_PRODUCT) {
      for (let k = reached; k < n; k++) {
        const factor = z + k
        const inverse = 1 / factor
        log += Math.log(factor)
        first += inverse
        second -= inverse * inverse
      }
    } else {
      log += logGamma(z + n) - logGamma(z + reached)
      first += digamma(z + n) - digamma(z + reached)
      second += trigamma(z + n) - trigamma(z + reached)
    }
    reached = n
    target.log[i] = log
    target.first[i] = first
    target.second[i] = second
  }
}
