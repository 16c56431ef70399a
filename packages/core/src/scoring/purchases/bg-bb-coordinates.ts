import { changeVariables } from '../numerics/change-of-variables.js'
import type { SmoothObjective } from '../numerics/newton-maximizer.js'
import type { BgBbLikelihood } from './bg-bb-likelihood.js'
import type { BgBbParams } from './bg-bb-params.js'

/**
 * The search runs over (ln alpha/beta, ln(alpha+beta), ln gamma/delta, ln(gamma+delta)): mean chance to buy and how
 * alike customers are in it, mean chance to leave and how alike they are in that.
 */
const LARGEST_LOG_ODDS = 16
const SMALLEST_SHAPE = 1e-4
const LARGEST_SHAPE = 1e6

export function toBgBbCoordinates({ alpha, beta, gamma, delta }: BgBbParams): Float64Array {
  return Float64Array.of(
    Math.log(alpha) - Math.log(beta),
    Math.log(alpha + beta),
    Math.log(gamma) - Math.log(delta),
    Math.log(gamma + delta),
  )
}

export function fromBgBbCoordinates(point: Float64Array): BgBbParams {
  const buying = Math.exp(point[1]!)
  const leaving = Math.exp(point[3]!)
  return {
    alpha: buying / (1 + Math.exp(-point[0]!)),
    beta: buying / (1 + Math.exp(point[0]!)),
    gamma: leaving / (1 + Math.exp(-point[2]!)),
    delta: leaving / (1 + Math.exp(point[2]!)),
  }
}

/** The likelihood as a function of the coordinates. */
export function createBgBbObjective(likelihood: BgBbLikelihood): SmoothObjective {
  const logGradient = new Float64Array(4)
  const logHessian = new Float64Array(16)
  const jacobian = new Float64Array(16)
  const bound = (side: number, shape: number) =>
    Float64Array.of(side * LARGEST_LOG_ODDS, Math.log(shape), side * LARGEST_LOG_ODDS, Math.log(shape))
  return {
    lower: bound(-1, SMALLEST_SHAPE),
    upper: bound(1, LARGEST_SHAPE),
    evaluate(point, gradient, hessian) {
      const value = likelihood.evaluate(fromBgBbCoordinates(point), logGradient, logHessian)
      const buy = 1 / (1 + Math.exp(-point[0]!))
      const skip = 1 / (1 + Math.exp(point[0]!))
      const leave = 1 / (1 + Math.exp(-point[2]!))
      const stay = 1 / (1 + Math.exp(point[2]!))
      // Rows: ln alpha, ln beta, ln gamma, ln delta; columns: the four coordinates.
      jacobian.set([skip, 1, 0, 0, -buy, 1, 0, 0, 0, 0, stay, 1, 0, 0, -leave, 1])
      changeVariables(jacobian, logGradient, logHessian, gradient, hessian)
      hessian[0]! -= buy * skip * (logGradient[0]! + logGradient[1]!)
      hessian[10]! -= leave * stay * (logGradient[2]! + logGradient[3]!)
      return value
    },
  }
}
