import type { FittedPurchaseModel } from '../fitted-purchase-model.js'
import { requireParameters } from '../named-parameters.js'
import { GAUSS_16 } from '../numerics/gauss-legendre.js'
import {
  BETA_GEOMETRIC_NAMES,
  type BetaGeometricParams,
  type ChancesAtFirst,
} from '../purchases/beta-geometric-params.js'
import { PARETO_NBD_NAMES, type ParetoNbdParams } from '../purchases/pareto-nbd-params.js'
import { checkHorizon } from '../purchases/purchase-prediction.js'

/**
 * P(X(t) = n), the chance that a new customer makes n repeat purchases in the first `t` after the first purchase, for n
 * from 0 to `largest` (at most 10,000); `t` in the time unit of the parameters. BG/NBD: Fader, Hardie & Lee (2005),
 * equation 8; MBG/NBD the same with one more chance to leave; Pareto/NBD as the integral over the time of dropout.
 * Absolute error about 1e-12. Throws TypeError for an unknown model or impossible parameters.
 */
export function purchaseCountDistribution(fit: FittedPurchaseModel, t: number, largest: number): Float64Array {
  checkHorizon(t)
  if (!(Number.isInteger(largest) && largest >= 0 && largest <= 10_000)) {
    throw new TypeError('largest must be a whole number from 0 to 10000')
  }
  switch (fit.model) {
    case 'bg_nbd':
      return betaGeometricCounts(fit.params, t, largest, 0)
    case 'mbg_nbd':
      return betaGeometricCounts(fit.params, t, largest, 1)
    case 'pareto_nbd':
      return paretoCounts(fit.params, t, largest)
    default:
      throw new TypeError("model must be 'bg_nbd', 'mbg_nbd' or 'pareto_nbd'")
  }
}

/** Counts of a customer who never leaves: negative binomial, in logarithms against underflow of the first term. */
function fillUndyingCounts(target: Float64Array, r: number, alpha: number, t: number): void {
  const logMiss = -r * Math.log1p(t / alpha)
  const logShare = Math.log(t) - Math.log(alpha + t)
  let log = logMiss
  for (let n = 0; n < target.length; n++) {
    target[n] = Math.exp(log)
    log += Math.log((r + n) / (n + 1)) + logShare
  }
}

function betaGeometricCounts(
  params: BetaGeometricParams,
  t: number,
  largest: number,
  first: ChancesAtFirst,
): Float64Array {
  requireParameters(BETA_GEOMETRIC_NAMES, params)
  const { r, alpha, a, b } = params
  const counts = new Float64Array(largest + 1)
  fillUndyingCounts(counts, r, alpha, t)
  let survived = 1
  let atLeast = 1
  for (let n = 0; n <= largest; n++) {
    const exactly = counts[n]!
    const chances = n + first
    let leaves = 0
    if (chances > 0) {
      leaves = (survived * a) / (a + b + (chances - 1))
      survived *= (b + (chances - 1)) / (a + b + (chances - 1))
    }
    counts[n] = survived * exactly + leaves * Math.max(atLeast, 0)
    atLeast -= exactly
  }
  return counts
}

function paretoCounts(params: ParetoNbdParams, t: number, largest: number): Float64Array {
  requireParameters(PARETO_NBD_NAMES, params)
  const { r, alpha, s, beta } = params
  const counts = new Float64Array(largest + 1)
  fillUndyingCounts(counts, r, alpha, t)
  const stays = Math.exp(-s * Math.log1p(t / beta))
  for (let n = 0; n <= largest; n++) counts[n]! *= stays
  // Time is stretched by the faster of the two processes: u = scale (e^v - 1) is smooth from the first purchase on.
  const scale = Math.min(alpha / (r + 1), beta / (s + 1))
  const length = Math.log1p(t / scale)
  const panels = Math.ceil(length) * 2
  const step = length / panels
  const { positions, weights } = GAUSS_16
  const undying = new Float64Array(largest + 1)
  for (let panel = 0; panel < panels; panel++) {
    for (let i = 0; i < positions.length; i++) {
      const v = (panel + positions[i]!) * step
      const u = scale * Math.expm1(v)
      const leaves = (weights[i]! * step * (scale + u) * s * Math.exp(-s * Math.log1p(u / beta))) / (beta + u)
      fillUndyingCounts(undying, r, alpha, u)
      for (let n = 0; n <= largest; n++) counts[n]! += leaves * undying[n]!
    }
  }
  return counts
}
