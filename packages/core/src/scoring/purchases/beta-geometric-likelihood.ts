import { createRisingFactorials, fillRisingFactorials } from '../numerics/rising-factorial.js'
import type { BetaGeometricParams, DropoutRule } from './beta-geometric-params.js'
import type { PurchaseHistories } from './purchase-histories.js'

/** Evaluates one likelihood many times over the same histories without allocating. */
export interface BetaGeometricLikelihood {
  /**
   * The total log-likelihood in natural time units; writes the gradient and the row-major Hessian with respect to
   * (ln r, ln alpha, ln a, ln b).
   */
  evaluate(params: BetaGeometricParams, gradient: Float64Array, hessian: Float64Array): number
}

/**
 * BG/NBD: Fader, Hardie & Lee (2005), equation 6; MBG/NBD: Batislam et al. (2007), which counts one more chance to
 * leave. A history adds
 *   ln (r)_x + r ln alpha + ln (b)_k - ln (a+b)_k - (r+x) ln(alpha+T) + ln(1 + e^d),
 *   d = ln a - ln(b+k-1) + (r+x) (ln(alpha+T) - ln(alpha+t_x)),
 * where k = x for BG/NBD, without the last term at x = 0, and k = x + 1 for MBG/NBD. 1/(1 + e^d) is P(alive).
 * Only e^d and ln(1 + e^d) are left to the inner loop.
 */
export function createBetaGeometricLikelihood(
  histories: PurchaseHistories,
  rule: DropoutRule,
): BetaGeometricLikelihood {
  const chancesAtFirst = rule === 'afterEveryPurchase' ? 1 : 0
  const { counts, blockStart, customersOfCount, weight, recencyIndex, ageIndex, recencies, ages, customers } = histories
  const logRecency = new Float64Array(recencies.length)
  const inverseRecency = new Float64Array(recencies.length)
  const logAge = new Float64Array(ages.length)
  const inverseAge = new Float64Array(ages.length)
  const ofR = createRisingFactorials(counts.length)
  const ofB = createRisingFactorials(counts.length)
  const ofSum = createRisingFactorials(counts.length)

  function evaluate(params: BetaGeometricParams, gradient: Float64Array, hessian: Float64Array): number {
    const { r, alpha, a, b } = params
    fillShiftedLogs(recencies, alpha, logRecency, inverseRecency)
    fillShiftedLogs(ages, alpha, logAge, inverseAge)
    fillRisingFactorials(ofR, r, counts, 0)
    fillRisingFactorials(ofB, b, counts, chancesAtFirst)
    fillRisingFactorials(ofSum, a + b, counts, chancesAtFirst)

    let value = customers * r * Math.log(alpha)
    let gR = customers * Math.log(alpha)
    let gAlpha = (customers * r) / alpha
    let gA = 0
    let gB = 0
    let hRR = 0
    let hRAlpha = customers / alpha
    let hRA = 0
    let hRB = 0
    let hAlphaAlpha = (-customers * r) / (alpha * alpha)
    let hAlphaA = 0
    let hAlphaB = 0
    let hAA = 0
    let hAB = 0
    let hBB = 0

    for (let block = 0; block < counts.length; block++) {
      const x = counts[block]!
      const people = customersOfCount[block]!
      value += people * (ofR.log[block]! + ofB.log[block]! - ofSum.log[block]!)
      gR += people * ofR.first[block]!
      gA -= people * ofSum.first[block]!
      gB += people * (ofB.first[block]! - ofSum.first[block]!)
      hRR += people * ofR.second[block]!
      hAA -= people * ofSum.second[block]!
      hAB -= people * ofSum.second[block]!
      hBB += people * (ofB.second[block]! - ofSum.second[block]!)

      const u = r + x
      const chances = x + chancesAtFirst
      const canHaveLeft = chances > 0
      const c = b + chances - 1
      const logOdds = canHaveLeft ? Math.log(a) - Math.log(c) : -Infinity
      let sumValue = 0
      let sumLogAge = 0
      let sumInverseAge = 0
      let sumInverseAge2 = 0
      let dead = 0
      let dead1R = 0
      let dead1Alpha = 0
      let dead2Alpha = 0
      let varying = 0
      let varyingR = 0
      let varyingAlpha = 0
      let varyingRR = 0
      let varyingRAlpha = 0
      let varyingAlphaAlpha = 0
      const end = blockStart[block + 1]!
      for (let row = blockStart[block]!; row < end; row++) {
        const w = weight[row]!
        const ageAt = ageIndex[row]!
        const lnAge = logAge[ageAt]!
        const perAge = inverseAge[ageAt]!
        sumLogAge += w * lnAge
        sumInverseAge += w * perAge
        sumInverseAge2 += w * perAge * perAge
        if (!canHaveLeft) continue
        const recencyAt = recencyIndex[row]!
        const perRecency = inverseRecency[recencyAt]!
        const dR = lnAge - logRecency[recencyAt]!
        const dAlpha = perAge - perRecency
        const d = logOdds + u * dR
        const e = Math.exp(d > 0 ? -d : d)
        sumValue += w * ((d > 0 ? d : 0) + Math.log1p(e))
        const p = (w * (d > 0 ? 1 : e)) / (1 + e)
        const v = (w * e) / ((1 + e) * (1 + e))
        dead += p
        dead1R += p * dR
        dead1Alpha += p * dAlpha
        dead2Alpha += p * (perRecency * perRecency - perAge * perAge)
        varying += v
        varyingR += v * dR
        varyingAlpha += v * dAlpha
        varyingRR += v * dR * dR
        varyingRAlpha += v * dR * dAlpha
        varyingAlphaAlpha += v * dAlpha * dAlpha
      }
      value += sumValue - u * sumLogAge
      gR += dead1R - sumLogAge
      gAlpha += u * (dead1Alpha - sumInverseAge)
      hRR += varyingRR
      hRAlpha += u * varyingRAlpha + dead1Alpha - sumInverseAge
      hAlphaAlpha += u * (u * varyingAlphaAlpha + dead2Alpha + sumInverseAge2)
      if (!canHaveLeft) continue
      gA += dead / a
      gB -= dead / c
      hRA += varyingR / a
      hRB -= varyingR / c
      hAlphaA += (u * varyingAlpha) / a
      hAlphaB -= (u * varyingAlpha) / c
      hAA += (varying - dead) / (a * a)
      hAB -= varying / (a * c)
      hBB += (varying + dead) / (c * c)
    }

    gradient[0] = gR * r
    gradient[1] = gAlpha * alpha
    gradient[2] = gA * a
    gradient[3] = gB * b
    hessian[0] = hRR * r * r + gradient[0]
    hessian[1] = hessian[4] = hRAlpha * r * alpha
    hessian[2] = hessian[8] = hRA * r * a
    hessian[3] = hessian[12] = hRB * r * b
    hessian[5] = hAlphaAlpha * alpha * alpha + gradient[1]
    hessian[6] = hessian[9] = hAlphaA * alpha * a
    hessian[7] = hessian[13] = hAlphaB * alpha * b
    hessian[10] = hAA * a * a + gradient[2]
    hessian[11] = hessian[14] = hAB * a * b
    hessian[15] = hBB * b * b + gradient[3]
    return value
  }
  return { evaluate }
}

function fillShiftedLogs(times: Float64Array, alpha: number, logs: Float64Array, inverses: Float64Array): void {
  for (let i = 0; i < times.length; i++) {
    const shifted = alpha + times[i]!
    logs[i] = Math.log(shifted)
    inverses[i] = 1 / shifted
  }
}
