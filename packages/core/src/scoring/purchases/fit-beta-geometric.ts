import { type LikelihoodMaximum, maximizeLikelihood, searchMaximum } from '../maximum-likelihood.js'
import type { FitOptions, FitStatus } from '../model-fit.js'
import type { Maximum } from '../numerics/newton-maximizer.js'
import { type CustomerSummary, checkCustomerSummary } from '../summary/customer-summary.js'
import { createObjective, fromCoordinates, toCoordinates } from './beta-geometric-coordinates.js'
import { type BetaGeometricLikelihood, createBetaGeometricLikelihood } from './beta-geometric-likelihood.js'
import { BETA_GEOMETRIC_LIMITS } from './beta-geometric-limits.js'
import { type BetaGeometricParams, checkBetaGeometricParams, type DropoutRule } from './beta-geometric-params.js'
import { groupPurchaseHistories, type PurchaseHistories } from './purchase-histories.js'
import { thinHistories } from './thin-histories.js'

const DEFAULT_ITERATIONS = 200
/** Above so many distinct histories the likelihood has one hill, and a fit of a thinned base finds its foot. */
const MANY_HISTORIES = 20_000
const FEW_PURCHASES = 10

/** Maximum likelihood by damped Newton steps from several starts, with the exact Hessian for standard errors. */
export function fitBetaGeometric(
  summary: CustomerSummary,
  rule: DropoutRule,
  options: FitOptions<BetaGeometricParams> = {},
): LikelihoodMaximum<BetaGeometricParams> {
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
  const rough = options.start ? undefined : roughMaximum(histories, rule, maxIterations)
  const fit = maximizeLikelihood(
    {
      objective: createObjective(likelihood, histories),
      guess: options.start ? toCoordinates(options.start) : rough?.point,
      starts: startingPoints(histories),
      limits: BETA_GEOMETRIC_LIMITS,
      names: ['r', 'alpha', 'a', 'b'],
      paramsAt: fromCoordinates,
      fillLogHessian: (params, hessian) => likelihood.evaluate(params, new Float64Array(4), hessian),
    },
    maxIterations,
  )
  fit.iterations += rough?.iterations ?? 0
  if (histories.purchases < FEW_PURCHASES) {
    fit.warnings.push(
      `Only ${histories.purchases} repeat purchases in all: the parameters are little more than a guess.`,
    )
  }
  return fit
}

/** The maximum of a thinned base, where there are so many histories that it shows the way. */
function roughMaximum(histories: PurchaseHistories, rule: DropoutRule, maxIterations: number): Maximum | undefined {
  if (histories.weight.length <= MANY_HISTORIES) return undefined
  const thinned = thinHistories(histories, Math.ceil(histories.weight.length / (MANY_HISTORIES / 4)))
  const objective = createObjective(createBetaGeometricLikelihood(thinned, rule), thinned)
  return searchMaximum({ objective, starts: startingPoints(thinned) }, maxIterations)
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

function withoutEvidence(
  likelihood: BetaGeometricLikelihood,
  alpha: number,
  status: FitStatus,
  limit: string,
  warnings: string[],
): LikelihoodMaximum<BetaGeometricParams> {
  const params = { r: 1, alpha, a: 1, b: 1 }
  const logLikelihood = likelihood.evaluate(params, new Float64Array(4), new Float64Array(16))
  return { params, status, limit, logLikelihood, iterations: 0, warnings }
}
