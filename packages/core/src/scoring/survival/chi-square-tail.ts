/** Probability that a chi-square variable with whole degrees of freedom exceeds x; between 0 and 1. */
export function chiSquareTail(x: number, degreesOfFreedom: number): number {
  if (!(x > 0)) return 1
  const half = x / 2
  const odd = degreesOfFreedom % 2 === 1
  // Q(df + 2) = Q(df) + (x/2)^(df/2) e^(-x/2) / Gamma(df/2 + 1): only positive terms, so nothing cancels.
  let tail = odd ? complementaryError(Math.sqrt(half)) : Math.exp(-half)
  let logTerm = odd ? 0.5 * Math.log(half) - half - Math.log(Math.sqrt(Math.PI) / 2) : Math.log(half) - half
  for (let df = odd ? 1 : 2; df < degreesOfFreedom; df += 2) {
    tail += Math.exp(logTerm)
    logTerm += Math.log(half / (df / 2 + 1))
  }
  return Math.min(1, tail)
}

/** erfc(z) for z >= 0: the Taylor series of erf near 0, a continued fraction (Abramowitz & Stegun 7.1.14) beyond. */
function complementaryError(z: number): number {
  if (z < 2) {
    let term = z
    let sum = z
    for (let n = 1; Math.abs(term) > 1e-17 * sum; n++) {
      term *= (2 * z * z) / (2 * n + 1)
      sum += term
    }
    return 1 - (2 / Math.sqrt(Math.PI)) * Math.exp(-z * z) * sum
  }
  let fraction = z
  for (let n = 60; n > 0; n--) fraction = z + n / 2 / fraction
  return Math.exp(-z * z) / Math.sqrt(Math.PI) / fraction
}
