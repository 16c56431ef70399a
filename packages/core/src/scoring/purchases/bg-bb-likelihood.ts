import { createRisingFactorials, fillRisingFactorials } from '../numerics/rising-factorial.js'
import type { BgBbParams } from './bg-bb-params.js'
import type { OpportunityHistories } from './opportunity-histories.js'

/** Evaluates the likelihood many times over the same histories without allocating. */
export interface BgBbLikelihood {
  /**
   * The total log-likelihood; writes the gradient and the row-major Hessian with respect to (ln alpha, ln beta,
   * ln gamma, ln delta).
   */
  evaluate(params: BgBbParams, gradient: Float64Array, hessian: Float64Array): number
  /** Log-likelihood of history i, and of its part in which the customer is still there after the last opportunity. */
  logLikelihoods(params: BgBbParams, target: Float64Array, stillThere: Float64Array): void
}

/**
 * BG/BB: Fader, Hardie & Shang (2010), Marketing Science 29(6), 1086-1108, equation 5. A history is a mixture over the
 * number of opportunities the customer lived through, from t_x to n:
 *   lived t < n:  (alpha)_x (beta)_(t-x) / (alpha+beta)_t * gamma (delta)_t / (gamma+delta)_(t+1)
 *   lived all n:  (alpha)_x (beta)_(n-x) / (alpha+beta)_n * (delta)_n / (gamma+delta)_n
 * Rising factorials and their derivatives come from tables over 0..n+1, so a term costs additions and one exponential;
 * the Hessian of the mixture is the mean of the Hessians of its parts plus the covariance of their gradients.
 */
export function createBgBbLikelihood(histories: OpportunityHistories): BgBbLikelihood {
  const { x, last, opportunities, weight, mostOpportunities } = histories
  const counts = Float64Array.from({ length: mostOpportunities + 2 }, (_, n) => n)
  const ofAlpha = createRisingFactorials(counts.length)
  const ofBeta = createRisingFactorials(counts.length)
  const ofBuying = createRisingFactorials(counts.length)
  const ofDelta = createRisingFactorials(counts.length)
  const ofLeaving = createRisingFactorials(counts.length)
  const logPart = new Float64Array(mostOpportunities + 1)

  function fillTables({ alpha, beta, gamma, delta }: BgBbParams): void {
    fillRisingFactorials(ofAlpha, alpha, counts, 0)
    fillRisingFactorials(ofBeta, beta, counts, 0)
    fillRisingFactorials(ofBuying, alpha + beta, counts, 0)
    fillRisingFactorials(ofDelta, delta, counts, 0)
    fillRisingFactorials(ofLeaving, gamma + delta, counts, 0)
  }

  /** Fills logPart[t] for t from t_x to n; returns their log sum, both without the common (alpha)_x. */
  function fillParts(row: number, logGamma: number): number {
    const n = opportunities[row]!
    let largest = -Infinity
    for (let t = last[row]!; t <= n; t++) {
      const left = t < n ? 1 : 0
      const part =
        ofBeta.log[t - x[row]!]! - ofBuying.log[t]! + ofDelta.log[t]! - ofLeaving.log[t + left]! + left * logGamma
      logPart[t] = part
      if (part > largest) largest = part
    }
    let sum = 0
    for (let t = last[row]!; t <= n; t++) sum += Math.exp(logPart[t]! - largest)
    return largest + Math.log(sum)
  }

  function logLikelihoods(params: BgBbParams, target: Float64Array, stillThere: Float64Array): void {
    fillTables(params)
    const logGamma = Math.log(params.gamma)
    for (let row = 0; row < x.length; row++) {
      const common = ofAlpha.log[x[row]!]!
      target[row] = common + fillParts(row, logGamma)
      stillThere[row] = common + logPart[opportunities[row]!]!
    }
  }

  function evaluate(params: BgBbParams, gradient: Float64Array, hessian: Float64Array): number {
    const { alpha, beta, gamma, delta } = params
    fillTables(params)
    const logGamma = Math.log(gamma)
    gradient.fill(0)
    hessian.fill(0)
    let value = 0
    for (let row = 0; row < x.length; row++) {
      const w = weight[row]!
      const bought = x[row]!
      const n = opportunities[row]!
      const logSum = fillParts(row, logGamma)
      value += w * (ofAlpha.log[bought]! + logSum)
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
      for (let t = last[row]!; t <= n; t++) {
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
      gradient[0]! += w * a
      gradient[1]! += w * b
      gradient[2]! += w * c
      gradient[3]! += w * d
      hessian[0]! += w * (aa - a * a)
      hessian[1]! += w * (ab - a * b)
      hessian[2]! += w * (ac - a * c)
      hessian[3]! += w * (ad - a * d)
      hessian[5]! += w * (bb - b * b)
      hessian[6]! += w * (bc - b * c)
      hessian[7]! += w * (bd - b * d)
      hessian[10]! += w * (cc - c * c)
      hessian[11]! += w * (cd - c * d)
      hessian[15]! += w * (dd - d * d)
    }
    for (let i = 0; i < 4; i++) for (let j = 0; j < i; j++) hessian[i * 4 + j] = hessian[j * 4 + i]!
    return value
  }
  return { evaluate, logLikelihoods }
}
