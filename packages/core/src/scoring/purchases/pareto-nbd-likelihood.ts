import type { Derivatives } from '../numerics/derivatives.js'
import { createParetoDropoutIntegral } from './pareto-dropout-integral.js'
import type { ParetoNbdParams } from './pareto-nbd-params.js'
import type { PurchaseHistories } from './purchase-histories.js'
import { mirrored, purchasesWhileStaying } from './purchase-likelihood.js'

/**
 * Pareto/NBD (Schmittlein, Morrison & Colombo 1987; Fader & Hardie 2005, note 009). On top of the NBD a history adds
 *   -s ln(1+T/beta) + ln(1 + J),
 * J being the odds of having left, an integral over the time of dropout. As a mixture over every such time, the
 * gradient of ln J is the mean of the gradients of the parts, and its Hessian the mean of their Hessians plus the
 * covariance of their gradients. Parts are taken relative to "still here", so that nothing large is subtracted.
 *
 * Returns the total log-likelihood in natural time units with its derivatives with respect to (ln r, ln alpha, ln s,
 * ln beta).
 */
export function paretoNbdLikelihood(histories: PurchaseHistories, params: ParetoNbdParams): Derivatives {
  const { r, alpha, s, beta } = params
  const { counts, rowsOfCount, recency, age, weight, customersOfAge } = histories
  const total = purchasesWhileStaying(histories, r, alpha)
  const { gradient, hessian } = total
  age.values.forEach((T, i) => {
    const leaving = customersOfAge[i]! * s
    const log = Math.log1p(T / beta)
    const spent = T / (beta + T)
    total.value -= leaving * log
    gradient[2]! -= leaving * log
    gradient[3]! += leaving * spent
    hessian[10]! -= leaving * log
    hessian[14]! += leaving * spent
    hessian[15]! -= (leaving * spent * beta) / (beta + T)
  })

  const integral = createParetoDropoutIntegral()
  const { share, elapsed, logAlpha, logBeta } = integral
  const slopes = new Float64Array(4)
  const moments = new Float64Array(16)
  const addHistory = (x: number, row: number): void => {
    const t = recency.values[recency.index[row]!]!
    const T = age.values[age.index[row]!]!
    const logOdds = integral.evaluate(params, x, t, T)
    if (logOdds === -Infinity) return
    const silence = T - t
    const alphaSilence = Math.log1p(silence / (alpha + t))
    const betaSilence = Math.log1p(silence / (beta + t))
    const alphaAge = alpha / (alpha + T)
    const betaAge = beta / (beta + T)
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
      const alphaPart = alpha / (alpha + t + elapsed[node]!)
      const betaPart = beta / (beta + t + elapsed[node]!)
      const alphaShift = (since * alphaPart) / (alpha + T)
      const betaShift = (since * betaPart) / (beta + T)
      const sBeta = s * betaShift
      const d0 = r * (alphaSilence - logAlpha[node]!)
      const d1 = (r + x) * alphaShift
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
    slopes[0] = g0
    slopes[1] = g1
    slopes[2] = g2
    slopes[3] = g3
    moments[0] = m00
    moments[4] = m10
    moments[5] = m11
    moments[8] = m20
    moments[9] = m21
    moments[10] = m22
    moments[12] = m30
    moments[13] = m31
    moments[14] = m32
    moments[15] = m33
    const odds = Math.exp(-Math.abs(logOdds))
    const left = (logOdds > 0 ? 1 : odds) / (1 + odds)
    const w = weight[row]!
    total.value += w * (Math.max(logOdds, 0) + Math.log1p(odds))
    for (let i = 0; i < 4; i++) {
      gradient[i]! += w * left * slopes[i]!
      for (let j = 0; j <= i; j++)
        hessian[4 * i + j]! += w * left * (moments[4 * i + j]! - left * slopes[i]! * slopes[j]!)
    }
  }
  rowsOfCount.forEach((rows, i) => {
    for (const row of rows) addHistory(counts[i]!, row)
  })
  return mirrored(total)
}
