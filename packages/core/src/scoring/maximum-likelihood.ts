import { type LimitModel, limitModelsAt } from './limit-model.js'
import type { FitStatus } from './model-fit.js'
import { inverseDiagonalRoots } from './numerics/cholesky.js'
import { settleFlatDirections } from './numerics/flat-directions.js'
import { type Maximum, maximizeInBox, type SmoothObjective } from './numerics/newton-maximizer.js'

/** Where to look for a maximum. */
export interface MaximumSearch {
  objective: SmoothObjective
  /** A point so good that an interior maximum found from it needs no second opinion. */
  guess?: Float64Array | undefined
  /** Starting points, most promising first. */
  starts: readonly Float64Array[]
}

/** A model with all that is needed to fit it: coordinates of the search, and what its bounds stand for. */
export interface LikelihoodProblem<Params extends object> extends MaximumSearch {
  limits: readonly LimitModel[]
  names: readonly (keyof Params & string)[]
  paramsAt(point: Float64Array): Params
  /** Writes the Hessian of the log-likelihood with respect to the logarithms of the parameters. */
  fillLogHessian(params: Params, hessian: Float64Array): void
}

/** A fit without the name of the model. */
export interface LikelihoodMaximum<Params extends object> {
  params: Params
  status: FitStatus
  limit?: string
  logLikelihood: number
  iterations: number
  standardErrors?: Params
  warnings: string[]
}

/** Two searches that end this close in log-likelihood have climbed the same hill. */
const SAME_HILL = 1e-7

/**
 * Maximum likelihood: the search of {@link searchMaximum}, after which flat directions are followed to their limit model
 * and standard errors come from the Hessian.
 */
export function maximizeLikelihood<Params extends object>(
  problem: LikelihoodProblem<Params>,
  maxIterations: number,
): LikelihoodMaximum<Params> {
  const { objective } = problem
  const maximum = settleFlatDirections(objective, searchMaximum(problem, maxIterations), maxIterations)
  const fit: LikelihoodMaximum<Params> = {
    params: problem.paramsAt(maximum.point),
    status: 'converged',
    logLikelihood: maximum.value,
    iterations: maximum.iterations,
    warnings: [],
  }
  const limits = limitModelsAt(objective, maximum.point, problem.limits)
  if (limits.length > 0) {
    fit.status = 'boundary'
    fit.limit = limits[0]!.limit
    const { obscures } = limits[0]!
    for (const { coordinate, meaning } of limits) if (coordinate !== obscures) fit.warnings.push(meaning)
  } else if (!maximum.converged) {
    fit.status = 'failed'
    fit.limit = 'iterations_exhausted'
    fit.warnings.push('The search ended before it reached a maximum: raise maxIterations or give another start.')
  } else {
    addStandardErrors(fit, problem)
  }
  return fit
}

/** Damped Newton steps from the guess, or from one start after the other until two interior searches agree. */
export function searchMaximum({ objective, guess, starts }: MaximumSearch, maxIterations: number): Maximum {
  if (guess) {
    const found = maximizeInBox(objective, guess, maxIterations)
    if (isInterior(objective, found)) return found
  }
  let best: Maximum | undefined
  let iterations = 0
  for (const start of starts) {
    const found = maximizeInBox(objective, start, maxIterations)
    iterations += found.iterations
    if (!best) {
      best = found
      continue
    }
    const gain = found.value - best.value
    const agree = Math.abs(gain) < SAME_HILL && isInterior(objective, found) && isInterior(objective, best)
    if (gain > SAME_HILL || (gain > -SAME_HILL && found.converged && !best.converged)) best = found
    if (agree) break
  }
  if (!best) throw new TypeError('a search needs a starting point')
  return { ...best, iterations }
}

function isInterior(objective: SmoothObjective, found: Maximum): boolean {
  return found.converged && found.point.every((v, i) => v > objective.lower[i]! && v < objective.upper[i]!)
}

function addStandardErrors<Params extends object>(
  fit: LikelihoodMaximum<Params>,
  { names, fillLogHessian }: LikelihoodProblem<Params>,
): void {
  const n = names.length
  const hessian = new Float64Array(n * n)
  fillLogHessian(fit.params, hessian)
  const relative = inverseDiagonalRoots(
    hessian.map((value) => -value),
    n,
  )
  if (!relative) {
    fit.warnings.push('The likelihood is flat at its maximum: the parameters are not determined one by one.')
    return
  }
  const errors = { ...fit.params }
  names.forEach((name, i) => {
    Object.assign(errors, { [name]: Number(fit.params[name]) * relative[i]! })
  })
  fit.standardErrors = errors
  const vague = names.filter((_, i) => relative[i]! > 1)
  if (vague.length > 0) {
    fit.warnings.push(
      `The data hardly determine ${vague.join(', ')}: the standard error exceeds the estimate. Predictions hold better than parameters.`,
    )
  }
}
