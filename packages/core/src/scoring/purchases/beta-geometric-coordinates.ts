import { changeVariables } from '../numerics/change-of-variables.js'
import type { SmoothObjective } from '../numerics/newton-maximizer.js'
import type { BetaGeometricLikelihood } from './beta-geometric-likelihood.js'
import type { BetaGeometricParams } from './beta-geometric-params.js'
import type { PurchaseHistories } from './purchase-histories.js'

/**
 * The search runs over (ln r, ln r/alpha, ln a/b, ln(a+b)): shape of the rates, mean rate, mean dropout, certainty of
 * the dropout. Every way in which real data lose their maximum is then an axis, and a bound on it is a limit model.
 */
export const LARGEST_SHAPE = 1e6
export const SMALLEST_RATE_SHAPE = 1e-5
export const SMALLEST_DROPOUT_SHAPE = 1e-4
export const LARGEST_DROPOUT_LOG_ODDS = 16

export function toCoordinates(params: BetaGeometricParams): Float64Array {
  const { r, alpha, a, b } = params
  return Float64Array.of(Math.log(r), Math.log(r) - Math.log(alpha), Math.log(a) - Math.log(b), Math.log(a + b))
}

export function fromCoordinates(point: Float64Array): BetaGeometricParams {
  const r = Math.exp(point[0]!)
  const sum = Math.exp(point[3]!)
  return {
    r,
    alpha: Math.exp(point[0]! - point[1]!),
    a: sum / (1 + Math.exp(-point[2]!)),
    b: sum / (1 + Math.exp(point[2]!)),
  }
}

/** The likelihood as a function of the coordinates, inside bounds that fit the time unit of the data. */
export function createObjective(likelihood: BetaGeometricLikelihood, histories: PurchaseHistories): SmoothObjective {
  const logScale = Math.log(histories.longestAge)
  const logGradient = new Float64Array(4)
  const logHessian = new Float64Array(16)
  const jacobian = new Float64Array(16)
  return {
    lower: Float64Array.of(
      Math.log(SMALLEST_RATE_SHAPE),
      Math.log(1e-8) - logScale,
      -LARGEST_DROPOUT_LOG_ODDS,
      Math.log(SMALLEST_DROPOUT_SHAPE),
    ),
    upper: Float64Array.of(
      Math.log(LARGEST_SHAPE),
      Math.log(1e8) - logScale,
      LARGEST_DROPOUT_LOG_ODDS,
      Math.log(LARGEST_SHAPE),
    ),
    evaluate(point, gradient, hessian) {
      const value = likelihood.evaluate(fromCoordinates(point), logGradient, logHessian)
      const dropout = 1 / (1 + Math.exp(-point[2]!))
      const stay = 1 / (1 + Math.exp(point[2]!))
      // Rows: ln r, ln alpha, ln a, ln b; columns: the four coordinates.
      jacobian.set([1, 0, 0, 0, 1, -1, 0, 0, 0, 0, stay, 1, 0, 0, -dropout, 1])
      changeVariables(jacobian, logGradient, logHessian, gradient, hessian)
      hessian[10]! -= dropout * stay * (logGradient[2]! + logGradient[3]!)
      return value
    },
  }
}
