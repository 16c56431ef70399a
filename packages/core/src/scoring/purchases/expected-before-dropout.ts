/**
 * A customer alive now whose purchase rate is Gamma(`shape`, `rate`) and whose chance to leave after each purchase is
 * Beta(`a`, `b`), all given what is known so far.
 */
export interface LivingCustomer {
  shape: number
  rate: number
  a: number
  b: number
}

const SMALLEST_TERM = 1e-17
const LONGEST_SERIES = 4_000
const POINTS = 2_048

/**
 * The purchases that a living customer is expected to make in the next `horizon` before leaving:
 *   E = (C / (a-1)) (1 - q^shape 2F1(shape, b; C; z)),  C = a+b-1, q = rate/(rate+horizon), z = 1-q
 * (Fader, Hardie & Lee 2005, equation 10, without the factor P(alive)), which as it stands is 0/0 at a = 1, divides by
 * 0 at C = 0 and overflows for a large shape. A series of positive terms and, for far horizons, an integral stand for the
 * same number.
 */
export function expectedBeforeDropout(customer: LivingCustomer, horizon: number): number {
  if (horizon === 0) return 0
  const { shape, rate } = customer
  const z = horizon / (rate + horizon)
  if (shape * z + 50 + 12 * Math.sqrt(shape * z) < LONGEST_SERIES * (1 - z)) return mixtureSeries(customer, horizon, z)
  return mixtureIntegral(customer, horizon)
}

/**
 * The number of purchases a customer would make if they never left is negative binomial, and the k-th is made if they
 * survived the k-1 before it, with chance (b)_(k-1)/(a+b)_(k-1): a sum of positive terms for every parameter.
 */
function mixtureSeries({ shape, rate, a, b }: LivingCustomer, horizon: number, z: number): number {
  let logScale = -shape * Math.log1p(horizon / rate)
  let probability = 1
  let made = 0
  let survival = 1
  let sum = 0
  for (let n = 1; n < 4 * LONGEST_SERIES; n++) {
    const ratio = ((shape + (n - 1)) * z) / n
    probability *= ratio
    made += survival
    survival *= (b + (n - 1)) / (a + b + (n - 1))
    const term = probability * made
    sum += term
    const growth = ((shape + n) * z) / n
    if (growth < 1 && term * growth <= SMALLEST_TERM * sum * (1 - growth)) break
    if (sum > 1e200) {
      sum *= 1e-200
      probability *= 1e-200
      logScale += 200 * Math.LN10
    }
  }
  return sum === 0 ? 0 : Math.exp(logScale + Math.log(sum))
}

/**
 * The mean over p ~ Beta(a, b) of (1 - (1 + p horizon/rate)^-shape)/p, by the trapezoidal rule in v after
 * logit p = centre + width sinh v, which turns every tail of the Beta distribution into a double-exponential one.
 */
function mixtureIntegral({ shape, rate, a, b }: LivingCustomer, horizon: number): number {
  const ratio = horizon / rate
  const centre = Math.log(a) - Math.log(b)
  const width = Math.min(2, Math.sqrt(1 / a + 1 / b))
  const peak = a * logLogistic(centre) + b * logLogistic(-centre)
  const from = -Math.asinh((80 / Math.min(a, 1) + Math.abs(centre) + Math.log1p(ratio)) / width)
  const to = Math.asinh((80 / Math.min(b, 1) + Math.abs(centre)) / width)
  let numerator = 0
  let denominator = 0
  const add = (v: number): void => {
    const y = centre + width * Math.sinh(v)
    const logP = logLogistic(y)
    const weight = Math.exp(a * logP + b * logLogistic(-y) - peak) * Math.cosh(v)
    if (weight === 0) return
    const p = Math.exp(logP)
    const purchases = p * ratio < 1e-280 ? shape * ratio : -Math.expm1(-shape * Math.log1p(p * ratio)) / p
    numerator += weight * purchases
    denominator += weight
  }
  for (let i = 0; i <= POINTS; i++) add(from + (i * (to - from)) / POINTS)
  return numerator / denominator
}

/** ln of the logistic function, exact in both tails. */
function logLogistic(y: number): number {
  return y > 0 ? -Math.log1p(Math.exp(-y)) : y - Math.log1p(Math.exp(y))
}
