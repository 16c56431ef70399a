import { addInNewVariables, type Derivatives } from '../numerics/derivatives.js'
import { risingFactorials } from '../numerics/rising-factorial.js'
import type { BetaGeometricParams, ChancesAtFirst } from './beta-geometric-params.js'
import type { PurchaseHistories } from './purchase-histories.js'
import { mirrored, purchasesWhileStaying } from './purchase-likelihood.js'

/**
 * BG/NBD: Fader, Hardie & Lee (2005), equation 6; MBG/NBD: Batislam et al. (2007), which counts one more chance to
 * leave. On top of the NBD a history adds ln (b)_k - ln (a+b)_k + ln(1 + e^d), the log odds of having left being
 *   d = ln a - ln(b+k-1) + (r+x) (ln(1+T/alpha) - ln(1+t_x/alpha)),
 * where k = x for BG/NBD, without the last term at x = 0, and k = x + 1 for MBG/NBD.
 *
 * Returns the total log-likelihood in natural time units with its derivatives with respect to (ln r, ln alpha, ln a,
 * ln b). Special functions and logarithms of times are taken once per distinct x and time.
 */
export function betaGeometricLikelihood(
  histories: PurchaseHistories,
  first: ChancesAtFirst,
  { r, alpha, a, b }: BetaGeometricParams,
): Derivatives {
  const { counts, rowsOfCount, customersOfCount, weight } = histories
  const { values: recencies, index: recencyIndex } = histories.recency
  const { values: ages, index: ageIndex } = histories.age
  const total = purchasesWhileStaying(histories, r, alpha)
  const { gradient, hessian } = total
  const ofB = risingFactorials(b, counts, first)
  const ofSum = risingFactorials(a + b, counts, first)
  const logRecency = recencies.map((t) => Math.log1p(t / alpha))
  const ofRecency = recencies.map((t) => alpha / (alpha + t))
  const logAge = ages.map((T) => Math.log1p(T / alpha))
  const ofAge = ages.map((T) => alpha / (alpha + T))

  rowsOfCount.forEach((rows, i) => {
    const customers = customersOfCount[i]!
    const slopeOfA = -customers * a * ofSum.first[i]!
    const slopeOfB = customers * b * (ofB.first[i]! - ofSum.first[i]!)
    const bend = customers * ofSum.second[i]!
    total.value += customers * (ofB.log[i]! - ofSum.log[i]!)
    gradient[2]! += slopeOfA
    gradient[3]! += slopeOfB
    hessian[10]! += slopeOfA - a * a * bend
    hessian[14]! -= a * b * bend
    hessian[15]! += slopeOfB + b * b * (customers * ofB.second[i]! - bend)

    const shape = r + counts[i]!
    const chances = counts[i]! + first
    if (chances === 0) return
    const base = Math.log(a) - Math.log(b + (chances - 1))
    let value = 0
    let left = 0
    let leftSilence = 0
    let leftShift = 0
    let leftBend = 0
    let spread = 0
    let spreadSilence = 0
    let spreadShift = 0
    let silence2 = 0
    let silenceShift = 0
    let shift2 = 0
    for (const row of rows) {
      const silence = logAge[ageIndex[row]!]! - logRecency[recencyIndex[row]!]!
      const ageShare = ofAge[ageIndex[row]!]!
      const recencyShare = ofRecency[recencyIndex[row]!]!
      const shift = ageShare - recencyShare
      const logOdds = base + shape * silence
      const e = Math.exp(-Math.abs(logOdds))
      const w = weight[row]!
      const p = (w * (logOdds > 0 ? 1 : e)) / (1 + e)
      const v = (w * e) / ((1 + e) * (1 + e))
      value += w * (Math.max(logOdds, 0) + Math.log1p(e))
      left += p
      leftSilence += p * silence
      leftShift += p * shift
      leftBend += p * shift * (1 - ageShare - recencyShare)
      spread += v
      spreadSilence += v * silence
      spreadShift += v * shift
      silence2 += v * silence * silence
      silenceShift += v * silence * shift
      shift2 += v * shift * shift
    }
    // The log odds are linear in silence, shift and 1, and these weights are what the parameters give them.
    const slopeB = -b / (b + (chances - 1))
    addInNewVariables(
      total,
      {
        value,
        gradient: Float64Array.of(leftSilence, leftShift, left),
        hessian: Float64Array.of(
          silence2,
          silenceShift,
          spreadSilence,
          silenceShift,
          shift2,
          spreadShift,
          spreadSilence,
          spreadShift,
          spread,
        ),
      },
      Float64Array.of(r, 0, 0, 0, 0, shape, 0, 0, 0, 0, 1, slopeB),
    )
    hessian[0]! += r * leftSilence
    hessian[4]! += r * leftShift
    hessian[5]! += shape * leftBend
    hessian[15]! += slopeB * (1 + slopeB) * left
  })
  return mirrored(total)
}
