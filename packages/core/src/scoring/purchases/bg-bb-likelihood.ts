import { type Derivatives, zeroDerivatives } from '../numerics/derivatives.js'
import { type RisingFactorials, risingFactorials } from '../numerics/rising-factorial.js'
import type { BgBbParams } from './bg-bb-params.js'
import type { PurchaseHistories } from './purchase-histories.js'
import { mirrored } from './purchase-likelihood.js'

/** The parts of one history: lived through t opportunities, for t from t_x to n. */
interface HistoryParts {
  /** Per t: the logarithm of the part, without the common (alpha)_x. */
  logPart: Float64Array
  /** Fills logPart; returns the logarithm of the sum of the parts. */
  fill(x: number, last: number, n: number): number
}

/** Rising factorials up to the largest number of opportunities, and one more. */
interface BgBbTables {
  ofAlpha: RisingFactorials
  ofBeta: RisingFactorials
  ofBuying: RisingFactorials
  ofDelta: RisingFactorials
  ofLeaving: RisingFactorials
}

function fillTables({ alpha, beta, gamma, delta }: BgBbParams, most: number): BgBbTables {
  const counts = Float64Array.from({ length: most + 2 }, (_, n) => n)
  return {
    ofAlpha: risingFactorials(alpha, counts),
    ofBeta: risingFactorials(beta, counts),
    ofBuying: risingFactorials(alpha + beta, counts),
    ofDelta: risingFactorials(delta, counts),
    ofLeaving: risingFactorials(gamma + delta, counts),
  }
}

function createParts({ ofBeta, ofBuying, ofDelta, ofLeaving }: BgBbTables, gamma: number): HistoryParts {
  const logGamma = Math.log(gamma)
  const logPart = ofBeta.log.slice()
  return {
    logPart,
    fill(x, last, n) {
      let largest = -Infinity
      for (let t = last; t <= n; t++) {
        const left = t < n ? 1 : 0
        const part =
          ofBeta.log[t - x]! - ofBuying.log[t]! + ofDelta.log[t]! - ofLeaving.log[t + left]! + left * logGamma
        logPart[t] = part
        if (part > largest) largest = part
      }
      let sum = 0
      for (let t = last; t <= n; t++) sum += Math.exp(logPart[t]! - largest)
      return largest + Math.log(sum)
    },
  }
}

/** P(there at opportunity n) per history, given the purchases. */
export function bgBbPresence(histories: PurchaseHistories, params: BgBbParams): Float64Array {
  const { counts, rowsOfCount, recency, age, weight, longestAge } = histories
  const { logPart, fill } = createParts(fillTables(params, longestAge), params.gamma)
  const presence = weight.slice()
  rowsOfCount.forEach((rows, i) => {
    for (const row of rows) {
      const n = age.values[age.index[row]!]!
      const logSum = fill(counts[i]!, recency.values[recency.index[row]!]!, n)
      presence[row] = Math.min(1, Math.exp(logPart[n]! - logSum))
    }
  })
  return presence
}

/**
 * BG/BB: Fader, Hardie & Shang (2010), Marketing Science 29(6), 1086-1108, equation 5. A history is a mixture over the
 * number of opportunities the customer lived through, from t_x to n:
 *   lived t < n:  (alpha)_x (beta)_(t-x) / (alpha+beta)_t * gamma (delta)_t / (gamma+delta)_(t+1)
 *   lived all n:  (alpha)_x (beta)_(n-x) / (alpha+beta)_n * (delta)_n / (gamma+delta)_n
 * Rising factorials and their derivatives come from tables over 0..n+1, so a term costs additions and one exponential;
 * the Hessian of the mixture is the mean of the Hessians of its parts plus the covariance of their gradients.
 *
 * Returns the total log-likelihood with its derivatives with respect to (ln alpha, ln beta, ln gamma, ln delta).
 */
export function bgBbLikelihood(histories: PurchaseHistories, params: BgBbParams): Derivatives {
  const { alpha, beta, gamma, delta } = params
  const { counts, rowsOfCount, recency, age, weight, longestAge } = histories
  const tables = fillTables(params, longestAge)
  const { ofAlpha, ofBeta, ofBuying, ofDelta, ofLeaving } = tables
  const { logPart, fill } = createParts(tables, gamma)
  const total = zeroDerivatives(4)
  const { gradient, hessian } = total
  const addHistory = (bought: number, row: number): void => {
    const w = weight[row]!
    const last = recency.values[recency.index[row]!]!
    const n = age.values[age.index[row]!]!
    const logSum = fill(bought, last, n)
    total.value += w * (ofAlpha.log[bought]! + logSum)
    let a = 0
    let b = 0
    let c = 0
    let d = 0
    let aa = 0
    let ab = 0
    let ac = 0
    let ad = 0
    let bb = 0
    let bc = 0
    let bd = 0
    let cc = 0
    let cd = 0
    let dd = 0
    for (let t = last; t <= n; t++) {
      const left = t < n ? 1 : 0
      const p = Math.exp(logPart[t]! - logSum)
      const buying = ofBuying.second[t]!
      const leaving = ofLeaving.second[t + left]!
      const dA = alpha * (ofAlpha.first[bought]! - ofBuying.first[t]!)
      const dB = beta * (ofBeta.first[t - bought]! - ofBuying.first[t]!)
      const dC = left - gamma * ofLeaving.first[t + left]!
      const dD = delta * (ofDelta.first[t]! - ofLeaving.first[t + left]!)
      a += p * dA
      b += p * dB
      c += p * dC
      d += p * dD
      aa += p * (dA * dA + dA + alpha * alpha * (ofAlpha.second[bought]! - buying))
      ab += p * (dA * dB - alpha * beta * buying)
      ac += p * dA * dC
      ad += p * dA * dD
      bb += p * (dB * dB + dB + beta * beta * (ofBeta.second[t - bought]! - buying))
      bc += p * dB * dC
      bd += p * dB * dD
      cc += p * (dC * dC + dC - left - gamma * gamma * leaving)
      cd += p * (dC * dD - gamma * delta * leaving)
      dd += p * (dD * dD + dD + delta * delta * (ofDelta.second[t]! - leaving))
    }
    const slopes = [a, b, c, d]
    const moments = [aa, 0, 0, 0, ab, bb, 0, 0, ac, bc, cc, 0, ad, bd, cd, dd]
    slopes.forEach((slope, i) => {
      gradient[i]! += w * slope
      for (let j = 0; j <= i; j++) hessian[4 * i + j]! += w * (moments[4 * i + j]! - slope * slopes[j]!)
    })
  }
  rowsOfCount.forEach((rows, i) => {
    for (const row of rows) addHistory(counts[i]!, row)
  })
  return mirrored(total)
}
