import { type LikelihoodMaximum, maximizeLikelihood, searchMaximum } from '../maximum-likelihood.js'
import type { FitOptions, FitStatus } from '../model-fit.js'
import type { Maximum } from '../numerics/newton-maximizer.js'
import { type CustomerSummary, checkCustomerSummary } from '../summary/customer-summary.js'
import { createParetoObjective, fromParetoCoordinates, toParetoCoordinates } from './pareto-nbd-coordinates.js'
import { createParetoNbdLikelihood, type ParetoNbdLikelihood } from './pareto-nbd-likelihood.js'
import { PARETO_NBD_LIMITS } from './pareto-nbd-limits.js'
import { checkParetoNbdParams, type ParetoNbdParams } from './pareto-nbd-params.js'
import { groupPurchaseHistories, type PurchaseHistories } from './purchase-histories.js'
import { thinHistories } from './thin-histories.js'

const DEFAULT_ITERATIONS = 200
/** Of more distinct histories than this, a sample of so many finds the foot of the hill at a fraction of the cost. */
const SAMPLE_SIZE = 250
const FEW_PURCHASES = 10

/** Maximum likelihood estimation of the Pareto/NBD model, without the name of the model. */
export function estimateParetoNbd(
  summary: CustomerSummary,
  options: FitOptions<ParetoNbdParams> = {},
): LikelihoodMaximum<ParetoNbdParams> {
  checkCustomerSummary(summary)
  if (options.start) checkParetoNbdParams(options.start)
  const histories = groupPurchaseHistories(summary)
  const likelihood = createParetoNbdLikelihood(histories)
  const { longestAge, purchases } = histories
  if (longestAge === 0) {
    return withoutEvidence(likelihood, 1, 'failed', 'no_observation_time', [
      'No customer was observed for any time after the first purchase: there is nothing to learn a rate from.',
    ])
  }
  if (purchases === 0) {
    return withoutEvidence(likelihood, 1e8 * longestAge, 'boundary', 'no_repeat_purchases', [
      'No customer has bought a second time: the expected number of purchases is 0, and nothing is known of dropout.',
    ])
  }
  const maxIterations = options.maxIterations ?? DEFAULT_ITERATIONS
  const rough = options.start ? undefined : roughMaximum(histories, maxIterations)
  const fit = maximizeLikelihood(
    {
      objective: createParetoObjective(likelihood, longestAge),
      guess: options.start ? toParetoCoordinates(options.start) : rough?.point,
      starts: startingPoints(histories),
      limits: PARETO_NBD_LIMITS,
      names: ['r', 'alpha', 's', 'beta'],
      paramsAt: fromParetoCoordinates,
      fillLogHessian: (params, hessian) => likelihood.evaluate(params, new Float64Array(4), hessian),
    },
    maxIterations,
  )
  fit.iterations += rough?.iterations ?? 0
  if (purchases < FEW_PURCHASES) {
    fit.warnings.push(`Only ${purchases} repeat purchases in all: the parameters are little more than a guess.`)
  }
  return fit
}

function roughMaximum(histories: PurchaseHistories, maxIterations: number): Maximum | undefined {
  const stride = Math.floor(histories.weight.length / SAMPLE_SIZE)
  if (stride < 2) return undefined
  const sample = thinHistories(histories, stride)
  if (sample.purchases === 0) return undefined
  const objective = createParetoObjective(createParetoNbdLikelihood(sample), sample.longestAge)
  return searchMaximum({ objective, starts: startingPoints(sample) }, maxIterations)
}

function startingPoints(histories: PurchaseHistories): Float64Array[] {
  let exposure = 0
  for (let row = 0; row < histories.weight.length; row++) {
    exposure += histories.weight[row]! * histories.ages[histories.ageIndex[row]!]!
  }
  const logRate = Math.log(histories.purchases / exposure)
  const logPace = -Math.log(histories.longestAge)
  return [
    Float64Array.of(Math.log(0.6), logRate + 0.5, Math.log(0.6), logPace + 0.5),
    Float64Array.of(Math.log(1.5), logRate, Math.log(2), logPace - 1.5),
    Float64Array.of(Math.log(0.2), logRate + 1.5, Math.log(0.3), logPace + 2),
  ]
}

function withoutEvidence(
  likelihood: ParetoNbdLikelihood,
  alpha: number,
  status: FitStatus,
  limit: string,
  warnings: string[],
): LikelihoodMaximum<ParetoNbdParams> {
  const params = { r: 1, alpha, s: 1, beta: 1 }
  const logLikelihood = likelihood.evaluate(params, new Float64Array(4), new Float64Array(16))
  return { params, status, limit, logLikelihood, iterations: 0, warnings }
}
