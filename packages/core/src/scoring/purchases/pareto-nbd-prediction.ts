import { requireParameters } from '../named-parameters.js'
import { GAUSS_16 } from '../numerics/gauss-legendre.js'
import { groupRows } from '../numerics/row-groups.js'
import { checkCustomerSummary } from '../summary/customer-summary.js'
import { createParetoDropoutIntegral } from './pareto-dropout-integral.js'
import { PARETO_NBD_NAMES, type ParetoNbdParams } from './pareto-nbd-params.js'
import { checkHorizon, type PurchasePrediction } from './purchase-prediction.js'

/** Predictions of Pareto/NBD. */
export const PARETO_NBD_PREDICTION: PurchasePrediction<ParetoNbdParams> = {
  probabilityAlive(params, summary) {
    requireParameters(PARETO_NBD_NAMES, params)
    checkCustomerSummary(summary)
    const { frequency, recency, age } = summary
    const { groupOfRow, firstRow } = groupRows([frequency, recency, age])
    const integral = createParetoDropoutIntegral()
    const alive = Float64Array.from(
      firstRow,
      (row) => 1 / (1 + Math.exp(integral.evaluate(params, frequency[row]!, recency[row]!, age[row]!))),
    )
    return Float64Array.from(groupOfRow, (group) => alive[group]!)
  },
  /** Note 009, equation 38. */
  expectedWhileAlive({ r, alpha, s, beta }, x, age) {
    const pace = ((r + x) / (alpha + age)) * (beta + age)
    return (horizon) => {
      const growth = Math.log1p(horizon / (beta + age))
      return pace * (s === 1 ? growth : Math.expm1((1 - s) * growth) / (1 - s))
    }
  },
  checkHorizon,
}

const INVISIBLE_FALL = 45

/**
 * Purchases that a living customer is expected to make for ever, discounted at the continuous `rate` per unit of time:
 *   (r+x)/(alpha+T) * integral over t of e^(-rate t) ((beta+T)/(beta+T+t))^s
 * (Fader, Hardie & Lee 2005, JMR 42(4), whose Tricomi function is this integral), in v = ln(1 + t/(beta+T)).
 */
export function paretoDiscountedBeforeDropout(
  { r, alpha, s, beta }: ParetoNbdParams,
  x: number,
  age: number,
  rate: number,
): number {
  const scaledRate = rate * (beta + age)
  const logIntegrand = (v: number): number => (1 - s) * v - scaledRate * Math.expm1(v)
  const length = sightOf(1 - s, scaledRate)
  const panels = Math.ceil(Math.max(length / 2, INVISIBLE_FALL / 9))
  const step = length / panels
  const { positions, weights } = GAUSS_16
  let sum = 0
  for (let panel = 0; panel < panels; panel++) {
    for (let i = 0; i < positions.length; i++) {
      sum += weights[i]! * Math.exp(logIntegrand((panel + positions[i]!) * step))
    }
  }
  return ((r + x) / (alpha + age)) * (beta + age) * step * sum
}

/** Where power v - pace (e^v - 1), concave and 0 at v = 0, has fallen out of sight. */
function sightOf(power: number, pace: number): number {
  let v = Math.log1p((INVISIBLE_FALL + 800 * Math.max(power, 0)) / pace)
  for (let i = 0; i < 60; i++) {
    const excess = power * v - pace * Math.expm1(v) + INVISIBLE_FALL
    if (excess >= -1) return v
    v -= excess / (power - pace * Math.exp(v))
  }
  return v
}
