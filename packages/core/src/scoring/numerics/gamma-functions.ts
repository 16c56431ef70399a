/** A logarithm that depends on z, with its first two derivatives in z. */
export interface LogExpansion {
  log: number
  first: number
  second: number
}

/** From here on Stirling's series reaches double precision with these Bernoulli numbers. */
export const STIRLING_START = 10
const BERNOULLI = /* @__PURE__ */ [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510]
const HALF_LOG_TWO_PI = 0.9189385332046728

/** ln G(z) without its constant, ln(2 pi)/2, for z from 10 (Abramowitz & Stegun 1964, 6.1.41, 6.3.18, 6.4.12). */
export function stirlingSeries(z: number): LogExpansion {
  const inverse = 1 / z
  const square = inverse * inverse
  let log = 0
  let first = 0
  let second = 0
  for (let k = BERNOULLI.length; k > 0; k--) {
    const number = BERNOULLI[k - 1]!
    log = log * square + number / (2 * k * (2 * k - 1))
    first = first * square + number / (2 * k)
    second = second * square + number
  }
  const logZ = Math.log(z)
  return {
    log: (z - 0.5) * logZ - z + inverse * log,
    first: logZ - inverse / 2 - square * first,
    second: inverse * (1 + inverse / 2 + square * second),
  }
}

/** ln G(z), digamma and trigamma for z > 0: small arguments are moved up by the recurrence G(z + 1) = z G(z). */
export function logGamma(z: number): LogExpansion {
  let product = 1
  let first = 0
  let second = 0
  let shifted = z
  for (; shifted < STIRLING_START; shifted++) {
    product *= shifted
    first += 1 / shifted
    second += 1 / (shifted * shifted)
  }
  const series = stirlingSeries(shifted)
  return {
    log: HALF_LOG_TWO_PI + series.log - Math.log(product),
    first: series.first - first,
    second: series.second + second,
  }
}
