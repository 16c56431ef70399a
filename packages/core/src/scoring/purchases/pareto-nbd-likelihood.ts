import { createRisingFactorials, fillRisingFactorials } from '../numerics/rising-factorial.js'
import { createParetoDropoutIntegral } from './pareto-dropout-integral.js'
import type { ParetoNbdParams } from './pareto-nbd-params.js'
import type { PurchaseHistories } from './purchase-histories.js'

/** Evaluates the likelihood many times over the same histories without allocating. */
export interface ParetoNbdLikelihood {
  /**
   * The total log-likelihood in natural time units; writes the gradient and the row-major Hessian with respect to
   * (ln r, ln alpha, ln s, ln beta).
   */
  evaluate(params: ParetoNbdParams, gradient: Float64Array, hessian: Float64Array): number
}

/**
 * Pareto/NBD (Schmittlein, Morrison & Colombo 1987; Fader & Hardie 2005, note 009). A history adds
 *   ln (r)_x - x ln alpha - (r+x) ln(1+T/alpha) - s ln(1+T/beta) + ln(1 + J),
 * J being the odds of having left, an integral over the time of dropout. As a mixture over "still here at T" and every
 * such time, its gradient is the mean of the gradients of the parts, and its Hessian the mean of their Hessians plus
 * the covariance of their gradients. Parts are taken relative to "still here", so that nothing large is subtracted.
 */
export function createParetoNbdLikelihood(histories: PurchaseHistories): ParetoNbdLikelihood {
  const { counts, blockStart, customersOfCount, weight, recencyIndex, ageIndex, recencies, ages } = histories
  const ofR = createRisingFactorials(counts.length)
  const integral = createParetoDropoutIntegral()
  const { share, elapsed, logAlpha, logBeta } = integral
  const slope = new Float64Array(4)
  const moment = new Float64Array(16)

  function evaluate(params: ParetoNbdParams, gradient: Float64Array, hessian: Float64Array): number {
    const { r, alpha } = params
    fillRisingFactorials(ofR, r, counts, 0)
    gradient.fill(0)
    hessian.fill(0)
    let value = 0
    for (let block = 0; block < counts.length; block++) {
      const x = counts[block]!
      const people = customersOfCount[block]!
      const k = r + x
      value += people * (ofR.log[block]! - x * Math.log(alpha))
      gradient[0]! += people * r * ofR.first[block]!
      gradient[1]! -= people * x
      hessian[0]! += people * r * (ofR.first[block]! + r * ofR.second[block]!)

      for (let row = blockStart[block]!; row < blockStart[block + 1]!; row++) {
        const w = weight[row]!
        const recency = recencies[recencyIndex[row]!]!
        const age = ages[ageIndex[row]!]!
        value += w * addStillHere(params, k, age, w, gradient, hessian)
        const logOdds = integral.evaluate(params, x, recency, age)
        if (logOdds === -Infinity) continue
        const odds = Math.exp(-Math.abs(logOdds))
        value += w * (Math.max(logOdds, 0) + Math.log1p(odds))
        const left = (logOdds > 0 ? 1 : odds) / (1 + odds)
        if (left === 0) continue
        averageOverDropout(params, k, recency, age)
        for (let i = 0; i < 4; i++) {
          gradient[i]! += w * left * slope[i]!
          for (let j = 0; j <= i; j++) {
            hessian[i * 4 + j]! += w * left * (moment[i * 4 + j]! - left * slope[i]! * slope[j]!)
          }
        }
      }
    }
    for (let i = 0; i < 4; i++) for (let j = 0; j < i; j++) hessian[j * 4 + i] = hessian[i * 4 + j]!
    return value
  }

  /** Means over the times of dropout: `slope` of the gradient, `moment` of the Hessian and the squared gradient. */
  function averageOverDropout({ r, alpha, s, beta }: ParetoNbdParams, k: number, recency: number, age: number): void {
    const silence = age - recency
    const alphaSilence = Math.log1p(silence / (alpha + recency))
    const betaSilence = Math.log1p(silence / (beta + recency))
    const alphaAge = alpha / (alpha + age)
    const betaAge = beta / (beta + age)
    let g0 = 0
    let g1 = 0
    let g2 = 0
    let g3 = 0
    let m00 = 0
    let m10 = 0
    let m11 = 0
    let m20 = 0
    let m21 = 0
    let m22 = 0
    let m30 = 0
    let m31 = 0
    let m32 = 0
    let m33 = 0
    for (let node = 0; node < integral.nodes; node++) {
      const p = share[node]!
      const since = elapsed[node]! - silence
      const alphaPart = alpha / (alpha + recency + elapsed[node]!)
      const betaPart = beta / (beta + recency + elapsed[node]!)
      const alphaShift = (since * alphaPart) / (alpha + age)
      const betaShift = (since * betaPart) / (beta + age)
      const sBeta = s * betaShift
      const d0 = r * (alphaSilence - logAlpha[node]!)
      const d1 = k * alphaShift
      const sLog = s * (betaSilence - logBeta[node]!)
      const d2 = sLog + 1
      const d3 = sBeta - betaPart
      g0 += p * d0
      g1 += p * d1
      g2 += p * d2
      g3 += p * d3
      m00 += p * (d0 * d0 + d0)
      m10 += p * (d1 * d0 + r * alphaShift)
      m11 += p * (d1 * d1 - d1 * (alphaPart + alphaAge - 1))
      m20 += p * d2 * d0
      m21 += p * d2 * d1
      m22 += p * (d2 * d2 + sLog)
      m30 += p * d3 * d0
      m31 += p * d3 * d1
      m32 += p * (d3 * d2 + sBeta)
      m33 += p * (d3 * d3 - sBeta * (betaPart + betaAge - 1) - betaPart * (1 - betaPart))
    }
    slope[0] = g0
    slope[1] = g1
    slope[2] = g2
    slope[3] = g3
    moment[0] = m00
    moment[4] = m10
    moment[5] = m11
    moment[8] = m20
    moment[9] = m21
    moment[10] = m22
    moment[12] = m30
    moment[13] = m31
    moment[14] = m32
    moment[15] = m33
  }
  return { evaluate }
}

/** Log-likelihood of not having left by T, without its terms in x alone; adds its derivatives `w` times. */
function addStillHere(
  { r, alpha, s, beta }: ParetoNbdParams,
  k: number,
  age: number,
  w: number,
  gradient: Float64Array,
  hessian: Float64Array,
): number {
  const logAlpha = Math.log1p(age / alpha)
  const logBeta = Math.log1p(age / beta)
  const alphaPart = alpha / (alpha + age)
  const betaPart = beta / (beta + age)
  const alphaSpent = age / (alpha + age)
  const betaSpent = age / (beta + age)
  gradient[0]! -= w * r * logAlpha
  gradient[1]! += w * k * alphaSpent
  gradient[2]! -= w * s * logBeta
  gradient[3]! += w * s * betaSpent
  hessian[0]! -= w * r * logAlpha
  hessian[4]! += w * r * alphaSpent
  hessian[5]! -= w * k * alphaSpent * alphaPart
  hessian[10]! -= w * s * logBeta
  hessian[14]! += w * s * betaSpent
  hessian[15]! -= w * s * betaSpent * betaPart
  return -k * logAlpha - s * logBeta
}
