import { changeVariables } from '../numerics/change-of-variables.js'
import type { SmoothObjective } from '../numerics/newton-maximizer.js'
import type { ParetoNbdLikelihood } from './pareto-nbd-likelihood.js'
import type { ParetoNbdParams } from './pareto-nbd-params.js'

/**
 * The search runs over (ln r, ln r/alpha, ln s, ln s/beta): shape and mean of the purchase rates, shape and mean of the
 * dropout rates. Every way in which real data lose their maximum is then an axis, and a bound on it is a limit model.
 */
const LARGEST_SHAPE = 1e6
const SMALLEST_RATE_SHAPE = 1e-5
const SMALLEST_DROPOUT_SHAPE = 1e-4
/** Rows: ln r, ln alpha, ln s, ln beta; columns: the four coordinates. */
const JACOBIAN: Float64Array = /* @__PURE__ */ Float64Array.of(1, 0, 0, 0, 1, -1, 0, 0, 0, 0, 1, 0, 0, 0, 1, -1)

export function toParetoCoordinates({ r, alpha, s, beta }: ParetoNbdParams): Float64Array {
  return Float64Array.of(Math.log(r), Math.log(r) - Math.log(alpha), Math.log(s), Math.log(s) - Math.log(beta))
}

export function fromParetoCoordinates(point: Float64Array): ParetoNbdParams {
  return {
    r: Math.exp(point[0]!),
    alpha: Math.exp(point[0]! - point[1]!),
    s: Math.exp(point[2]!),
    beta: Math.exp(point[2]! - point[3]!),
  }
}

/** The likelihood as a function of the coordinates, inside bounds that fit the time unit of the data. */
export function createParetoObjective(likelihood: ParetoNbdLikelihood, longestAge: number): SmoothObjective {
  const logScale = Math.log(longestAge)
  const logGradient = new Float64Array(4)
  const logHessian = new Float64Array(16)
  return {
    lower: Float64Array.of(
      Math.log(SMALLEST_RATE_SHAPE),
      Math.log(1e-8) - logScale,
      Math.log(SMALLEST_DROPOUT_SHAPE),
      Math.log(1e-8) - logScale,
    ),
    upper: Float64Array.of(
      Math.log(LARGEST_SHAPE),
      Math.log(1e8) - logScale,
      Math.log(LARGEST_SHAPE),
      Math.log(1e8) - logScale,
    ),
    evaluate(point, gradient, hessian) {
      const value = likelihood.evaluate(fromParetoCoordinates(point), logGradient, logHessian)
      changeVariables(JACOBIAN, logGradient, logHessian, gradient, hessian)
      return value
    },
  }
}
