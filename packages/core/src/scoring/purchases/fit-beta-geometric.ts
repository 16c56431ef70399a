import { limitModelsAt } from '../limit-model.js'
import type { FitOptions, FitStatus } from '../model-fit.js'
import { inverseDiagonalRoots } from '../numerics/cholesky.js'
import { settleFlatDirections } from '../numerics/flat-directions.js'
import { type Maximum, maximizeInBox, type SmoothObjective } from '../numerics/newton-maximizer.js'
import { type CustomerSummary, checkCustomerSummary } from '../summary/customer-summary.js'
import { createObjective, fromCoordinates, toCoordinates } from './beta-geometric-coordinates.js'
import { type BetaGeometricLikelihood, createBetaGeometricLikelihood } from './beta-geometric-likelihood.js'
import { BETA_GEOMETRIC_LIMITS } from './beta-geometric-limits.js'
import { type BetaGeometricParams, checkBetaGeometricParams, type DropoutRule } from './beta-geometric-params.js'
import { groupPurchaseHistories, type PurchaseHistories } from './purchase-histories.js'
import { thinHistories } from './thin-histories.js'

/** A fit without the name of the model. */
export interface BetaGeometricFit {
  params: BetaGeometricParams
  status: FitStatus
  limit?: string
  logLikelihood: number
  iterations: number
  standardErrors?: BetaGeometricParams
  warnings: string[]
}

const DEFAULT_ITERATIONS = 200
/** Above so many distinct histories the likelihood has one hill, and a fit of a thinned base finds its foot. */
const MANY_HISTORIES = 20_000
/** Two searches that end this close in log-likelihood have climbed the same hill. */
const SAME_HILL = 1e-7
const FEW_PURCHASES = 10

/** Maximum likelihood by damped Newton steps from several starts, with the exact Hessian for standard errors. */
export function fitBetaGeometric(
  summary: CustomerSummary,
  rule: DropoutRule,
  options: FitOptions<BetaGeometricParams> = {},
): BetaGeometricFit {
  checkCustomerSummary(summary)
  if (options.start) checkBetaGeometricParams(options.start)
  const histories = groupPurchaseHistories(summary)
  const likelihood = createBetaGeometricLikelihood(histories, rule)
  if (histories.longestAge === 0) {
    return withoutEvidence(likelihood, 1, 'failed', 'no_observation_time', [
      'No customer was observed for any time after the first purchase: there is nothing to learn a rate from.',
    ])
  }
  if (histories.purchases === 0) {
    return withoutEvidence(likelihood, 1e8 * histories.longestAge, 'boundary', 'no_repeat_purchases', [
      'No customer has bought a second time: the expected number of purchases is 0, and nothing is known of dropout.',
    ])
  }

  const maxIterations = options.maxIterations ?? DEFAULT_ITERATIONS
  const objective = createObjective(likelihood, histories)
  const found = searchMaximum(objective, histories, rule, options.start, maxIterations)
  const maximum = settleFlatDirections(objective, found, maxIterations)
  const params = fromCoordinates(maximum.point)
  const fit: BetaGeometricFit = {
    params,
    status: 'converged',
    logLikelihood: maximum.value,
    iterations: maximum.iterations,
    warnings: [],
  }
  const limits = limitModelsAt(objective, maximum.point, BETA_GEOMETRIC_LIMITS)
  if (limits.length > 0) {
    fit.status = 'boundary'
    fit.limit = limits[0]!.limit
    // Without dropout nothing is known of how it would differ between customers.
    const told = fit.limit === 'no_dropout' ? limits.filter(({ coordinate }) => coordinate !== 3) : limits
    for (const { meaning } of told) fit.warnings.push(meaning)
  } else if (!maximum.converged) {
    fit.status = 'failed'
    fit.limit = 'iterations_exhausted'
    fit.warnings.push('The search ended before it reached a maximum: raise maxIterations or give another start.')
  } else {
    addStandardErrors(fit, likelihood)
  }
  if (histories.purchases < FEW_PURCHASES) {
    fit.warnings.push(
      `Only ${histories.purchases} repeat purchases in all: the parameters are little more than a guess.`,
    )
  }
  return fit
}

function searchMaximum(
  objective: SmoothObjective,
  histories: PurchaseHistories,
  rule: DropoutRule,
  start: BetaGeometricParams | undefined,
  maxIterations: number,
): Maximum {
  if (start) {
    const found = maximizeInBox(objective, toCoordinates(start), maxIterations)
    if (isInterior(objective, found)) return found
  } else if (histories.weight.length > MANY_HISTORIES) {
    const thinned = thinHistories(histories, Math.ceil(histories.weight.length / (MANY_HISTORIES / 4)))
    const rough = searchMaximum(
      createObjective(createBetaGeometricLikelihood(thinned, rule), thinned),
      thinned,
      rule,
      undefined,
      maxIterations,
    )
    const found = maximizeInBox(objective, rough.point, maxIterations)
    if (isInterior(objective, found)) return { ...found, iterations: found.iterations + rough.iterations }
  }
  let best: Maximum | undefined
  let iterations = 0
  for (const point of startingPoints(histories)) {
    const found = maximizeInBox(objective, point, maxIterations)
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

function startingPoints(histories: PurchaseHistories): Float64Array[] {
  let exposure = 0
  for (let row = 0; row < histories.weight.length; row++) {
    exposure += histories.weight[row]! * histories.ages[histories.ageIndex[row]!]!
  }
  const logRate = Math.log(histories.purchases / exposure)
  return [
    Float64Array.of(Math.log(0.5), logRate + 0.5, -1, 1),
    Float64Array.of(Math.log(2), logRate, -3, 3),
    Float64Array.of(Math.log(0.15), logRate + 2, 0.5, 0),
  ]
}

function isInterior(objective: SmoothObjective, found: Maximum): boolean {
  return found.converged && found.point.every((v, i) => v > objective.lower[i]! && v < objective.upper[i]!)
}

function addStandardErrors(fit: BetaGeometricFit, likelihood: BetaGeometricLikelihood): void {
  const hessian = new Float64Array(16)
  likelihood.evaluate(fit.params, new Float64Array(4), hessian)
  const relative = inverseDiagonalRoots(
    hessian.map((value) => -value),
    4,
  )
  if (!relative) {
    fit.warnings.push('The likelihood is flat at its maximum: the parameters are not determined one by one.')
    return
  }
  const { r, alpha, a, b } = fit.params
  fit.standardErrors = {
    r: r * relative[0]!,
    alpha: alpha * relative[1]!,
    a: a * relative[2]!,
    b: b * relative[3]!,
  }
  const vague = (['r', 'alpha', 'a', 'b'] as const).filter((_, i) => relative[i]! > 1)
  if (vague.length > 0) {
    fit.warnings.push(
      `The data hardly determine ${vague.join(', ')}: the standard error exceeds the estimate. Predictions hold better than parameters.`,
    )
  }
}

function withoutEvidence(
  likelihood: BetaGeometricLikelihood,
  alpha: number,
  status: FitStatus,
  limit: string,
  warnings: string[],
): BetaGeometricFit {
  const params = { r: 1, alpha, a: 1, b: 1 }
  const logLikelihood = likelihood.evaluate(params, new Float64Array(4), new Float64Array(16))
  return { params, status, limit, logLikelihood, iterations: 0, warnings }
}
