import type { Derivatives } from '../numerics/derivatives.js'
import { logGamma } from '../numerics/gamma-functions.js'
import type { GammaGammaParams } from './gamma-gamma-params.js'
import type { RepeatSpend } from './repeat-spend.js'

/**
 * Total log-likelihood of the mean repeat spends (Fader & Hardie 2013, note 025, equation 1a; Colombo & Jiang 1999):
 *   ln G(px+q) - ln G(px) - ln G(q) + q ln v + (px-1) ln m + px ln x - (px+q) ln(v + xm),
 * with its derivatives with respect to (ln p, ln q, ln v). Gamma functions are taken once per distinct x; the inner
 * loop is one logarithm and one division.
 */
export function gammaGammaLikelihood(spend: RepeatSpend, { p, q, v }: GammaGammaParams): Derivatives {
  const { counts, blockStart, customersOfCount, sumLogMean, total, weight, customers } = spend
  const logV = Math.log(v)
  const ofQ = logGamma(q)
  let value = customers * (q * logV - ofQ.log)
  let gP = 0
  let gQ = customers * (logV - ofQ.first)
  let gV = customers * q
  let hPP = 0
  let hPQ = 0
  let hPV = 0
  let hQQ = -customers * ofQ.second
  let hQV = customers
  let hVV = 0

  for (let block = 0; block < counts.length; block++) {
    const x = counts[block]!
    const people = customersOfCount[block]!
    const shape = p * x
    let logs = 0
    let shares = 0
    let squares = 0
    const end = blockStart[block + 1]!
    for (let row = blockStart[block]!; row < end; row++) {
      const w = weight[row]!
      const sum = v + total[row]!
      const share = v / sum
      logs += w * Math.log(sum)
      shares += w * share
      squares += w * share * share
    }
    const ofBoth = logGamma(shape + q)
    const ofShape = logGamma(shape)
    const logX = Math.log(x)
    value += people * (ofBoth.log - ofShape.log + shape * logX)
    value += (shape - 1) * sumLogMean[block]! - (shape + q) * logs
    gP += x * (people * (ofBoth.first - ofShape.first + logX) + sumLogMean[block]! - logs)
    gQ += people * ofBoth.first - logs
    gV -= (shape + q) * shares
    hPP += people * x * x * (ofBoth.second - ofShape.second)
    hPQ += people * x * ofBoth.second
    hPV -= x * shares
    hQQ += people * ofBoth.second
    hQV -= shares
    hVV += (shape + q) * (squares - shares)
  }
  gP *= p
  gQ *= q
  const pq = hPQ * p * q
  const pv = hPV * p
  const qv = hQV * q
  return {
    value,
    gradient: Float64Array.of(gP, gQ, gV),
    hessian: Float64Array.of(hPP * p * p + gP, pq, pv, pq, hQQ * q * q + gQ, qv, pv, qv, hVV),
  }
}
