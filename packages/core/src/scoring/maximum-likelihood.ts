import type { LimitModel } from './limit-model.js'
import type { ModelFit } from './model-fit.js'
import { addInNewVariables, type Derivatives, zeroDerivatives } from './numerics/derivatives.js'
import { type Maximum, maximizeInBox, type SmoothObjective } from './numerics/newton-maximizer.js'
import { errorsFromHessian } from './numerics/positive-definite.js'

/** Coordinates of a search in which every way to lose the maximum is an axis, and the variables they stand for. */
export interface SearchCoordinates {
  lower: Float64Array
  upper: Float64Array
  /** The variables of the likelihood at a point, which are logarithms of parameters. */
  variablesAt(point: Float64Array): Float64Array
  /** The point of given variables; it may lie outside the bounds. */
  pointOf(variables: Float64Array): Float64Array
  /** Derivatives of the variables with respect to the coordinates, row by row. */
  slopesAt(point: Float64Array): Float64Array
  /** Adds to the Hessian what comes of variables that bend. */
  addBends?(hessian: Float64Array, point: Float64Array, gradient: Float64Array): void
}

/** A likelihood with all that is needed to find its maximum. */
export interface LikelihoodProblem {
  likelihood(variables: Float64Array): Derivatives
  coordinates: SearchCoordinates
  /** What the bounds stand for; of each group the first that applies is told, as it hides the others. */
  limits: readonly (readonly LimitModel[])[]
  /** A point so good that an interior maximum found from it needs no second opinion. */
  guess?: Float64Array | undefined
  /** Starting points, most promising first. */
  starts: readonly Float64Array[]
  maxIterations?: number | undefined
}

/** The maximum in terms of the variables of the likelihood. */
export interface LikelihoodMaximum
  extends Pick<ModelFit<string, object>, 'status' | 'limit' | 'logLikelihood' | 'iterations' | 'warnings'> {
  point: Float64Array
  variables: Float64Array
  /** Standard errors of the variables; only where status is `converged` and the likelihood is not flat. */
  errors?: Float64Array
}

const DEFAULT_ITERATIONS = 200
/** Two searches that end this close in log-likelihood have climbed the same hill. */
const SAME_HILL = 1e-7
/** A standard error by which a logarithm is known to a factor of seven: the direction is as good as flat. */
const UNDETERMINED_ERROR = 2
const INVISIBLE_LOSS = 1e-6

/**
 * Maximum likelihood: damped Newton steps from the guess, or from one start after the other until two interior searches
 * agree, after which flat directions are followed to their limit model.
 */
export function maximizeLikelihood(problem: LikelihoodProblem): LikelihoodMaximum {
  const { likelihood, coordinates, limits, guess, starts, maxIterations = DEFAULT_ITERATIONS } = problem
  const { lower, upper } = coordinates
  let iterations = 0
  const objective: SmoothObjective = {
    lower,
    upper,
    evaluate(point) {
      const found = likelihood(coordinates.variablesAt(point))
      const changed = zeroDerivatives(point.length)
      addInNewVariables(changed, found, coordinates.slopesAt(point))
      coordinates.addBends?.(changed.hessian, point, found.gradient)
      return changed
    },
  }
  const climb = (from: Float64Array): Maximum => {
    const found = maximizeInBox(objective, from, maxIterations)
    iterations += found.iterations
    return found
  }
  const isInterior = ({ converged, point }: Maximum): boolean =>
    converged && point.every((value, i) => value > lower[i]! && value < upper[i]!)

  let best = climb(guess ?? starts[0]!)
  if (!guess || !isInterior(best)) {
    for (const start of guess ? starts : starts.slice(1)) {
      const found = climb(start)
      const gain = found.value - best.value
      const agree = Math.abs(gain) < SAME_HILL && isInterior(found) && isInterior(best)
      if (gain > SAME_HILL || (gain > -SAME_HILL && found.converged && !best.converged)) best = found
      if (agree) break
    }
  }
  best = settleFlatDirections(objective, best, climb)

  const variables = coordinates.variablesAt(best.point)
  const fit: LikelihoodMaximum = {
    point: best.point,
    variables,
    status: 'converged',
    logLikelihood: best.value,
    iterations,
    warnings: [],
  }
  for (const group of limits) {
    const found = group.find(({ coordinate, side }) => best.point[coordinate] === coordinates[side][coordinate])
    if (!found) continue
    fit.status = 'boundary'
    fit.limit ??= found.limit
    fit.warnings.push(found.meaning)
  }
  if (fit.status === 'boundary') return fit
  if (!best.converged) {
    fit.status = 'failed'
    fit.limit = 'iterations_exhausted'
    fit.warnings.push('The search ended before the maximum: raise maxIterations or give another start.')
    return fit
  }
  const errors = errorsFromHessian(likelihood(variables).hessian, variables.length)
  if (errors) fit.errors = errors
  else fit.warnings.push('The likelihood is flat at its maximum: the data do not determine each parameter.')
  return fit
}

/**
 * Follows every direction in which the objective is flat out to its bound, where that costs nothing: a search stops as
 * soon as steps gain nothing, which on a ridge is anywhere.
 */
function settleFlatDirections(
  objective: SmoothObjective,
  found: Maximum,
  climb: (from: Float64Array) => Maximum,
): Maximum {
  let best = found
  const errors = errorsFromHessian(found.hessian, found.point.length)
  for (let i = 0; i < found.point.length; i++) {
    if (errors && errors[i]! < UNDETERMINED_ERROR) continue
    for (const bound of [objective.lower[i]!, objective.upper[i]!]) {
      if (best.point[i] === bound) continue
      const point = best.point.slice()
      point[i] = bound
      if (!(objective.evaluate(point).value >= best.value - INVISIBLE_LOSS)) continue
      const settled = climb(point)
      if (settled.value >= best.value - INVISIBLE_LOSS && settled.point[i] === bound) best = settled
    }
  }
  return best
}
