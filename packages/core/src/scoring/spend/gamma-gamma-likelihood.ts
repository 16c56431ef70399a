import { digamma, logGamma, trigamma } from '../numerics/gamma-functions.js'
import type { GammaGammaParams } from './gamma-gamma-params.js'
import type { RepeatSpend } from './repeat-spend.js'

/**
 * Total log-likelihood of the mean repeat spends (Fader & Hardie 2013, note 025, equation 1a; Colombo & Jiang 1999):
 *   ln G(px+q) - ln G(px) - ln G(q) + q ln v + (px-1) ln m + px ln x - (px+q) ln(v + xm).
 * Writes gradient and row-major Hessian with respect to (ln p, ln q, ln v). Gamma functions are taken once per distinct
 * x; the inner loop is one logarithm and one division.
 */
export function evaluateGammaGamma(
  spend: RepeatSpend,
  { p, q, v }: GammaGammaParams,
  gradient: Float64Array,
  hessian: Float64Array,
): number {
  const { counts, blockStart, customersOfCount, sumLogMean, total, weight, customers } = spend
  const logV = Math.log(v)
  let value = customers * (q * logV - logGamma(q))
  let gP = 0
  let gQ = customers * (logV - digamma(q))
  let gV = (customers * q) / v
  let hPP = 0
  let hPQ = 0
  let hPV = 0
  let hQQ = -customers * trigamma(q)
  let hQV = customers / v
  let hVV = (-customers * q) / (v * v)

  for (let block = 0; block < counts.length; block++) {
    const x = counts[block]!
    const people = customersOfCount[block]!
    const shape = p * x
    let logs = 0
    let inverses = 0
    let squares = 0
    const end = blockStart[block + 1]!
    for (let row = blockStart[block]!; row < end; row++) {
      const w = weight[row]!
      const sum = v + total[row]!
      const inverse = 1 / sum
      logs += w * Math.log(sum)
      inverses += w * inverse
      squares += w * inverse * inverse
    }
    const digammaBoth = digamma(shape + q)
    const trigammaBoth = trigamma(shape + q)
    value += people * (logGamma(shape + q) - logGamma(shape) + shape * Math.log(x))
    value += (shape - 1) * sumLogMean[block]! - (shape + q) * logs
    gP += x * (people * (digammaBoth - digamma(shape) + Math.log(x)) + sumLogMean[block]! - logs)
    gQ += people * digammaBoth - logs
    gV -= (shape + q) * inverses
    hPP += people * x * x * (trigammaBoth - trigamma(shape))
    hPQ += people * x * trigammaBoth
    hPV -= x * inverses
    hQQ += people * trigammaBoth
    hQV -= inverses
    hVV += (shape + q) * squares
  }

  gradient[0] = gP * p
  gradient[1] = gQ * q
  gradient[2] = gV * v
  hessian[0] = hPP * p * p + gradient[0]
  hessian[1] = hessian[3] = hPQ * p * q
  hessian[2] = hessian[6] = hPV * p * v
  hessian[4] = hQQ * q * q + gradient[1]
  hessian[5] = hessian[7] = hQV * q * v
  hessian[8] = hVV * v * v + gradient[2]
  return value
}
