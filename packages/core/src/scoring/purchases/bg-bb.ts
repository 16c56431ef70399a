import { maximizeLikelihood } from '../maximum-likelihood.js'
import type { FitOptions, ModelFit } from '../model-fit.js'
import { groupRows } from '../numerics/row-groups.js'
import { ScoringInputError } from '../scoring-input-error.js'
import type { CustomerSummary } from '../summary/customer-summary.js'
import { createBgBbObjective, fromBgBbCoordinates, toBgBbCoordinates } from './bg-bb-coordinates.js'
import { createBgBbLikelihood } from './bg-bb-likelihood.js'
import { BG_BB_LIMITS } from './bg-bb-limits.js'
import { type BgBbParams, checkBgBbParams } from './bg-bb-params.js'
import { checkOpportunities, groupOpportunityHistories } from './opportunity-histories.js'

export type BgBbFit = ModelFit<'bg_bb', BgBbParams>

const DEFAULT_ITERATIONS = 200
const FEW_PURCHASES = 10
const MOST_FUTURE_OPPORTUNITIES = 1_000_000

/**
 * Fits the BG/BB model by maximum likelihood (Fader, Hardie & Shang 2010, Marketing Science 29(6), 1086-1108), for
 * purchases that can only happen at known opportunities: yearly donations, issues of a magazine, events. In the summary
 * `frequency` counts the opportunities taken, `recency` is the number of the last one taken, `age` their number; the
 * purchase by which the customer was won is not one of them. The search runs on the recency-frequency matrix.
 *
 * Never throws for data without an interior maximum: `status` is then `boundary` and predictions are those of the
 * limit model. Throws ScoringInputError for a row that no customer can have, TypeError for a bad start.
 */
export function fitBgBb(summary: CustomerSummary, options: FitOptions<BgBbParams> = {}): BgBbFit {
  checkOpportunities(summary)
  if (options.start) checkBgBbParams(options.start)
  const histories = groupOpportunityHistories(summary)
  const likelihood = createBgBbLikelihood(histories)
  const purchases = histories.x.reduce((sum, x, row) => sum + x * histories.weight[row]!, 0)
  const without = (params: BgBbParams, status: 'boundary' | 'failed', limit: string, warning: string): BgBbFit => {
    const logLikelihood = likelihood.evaluate(params, new Float64Array(4), new Float64Array(16))
    return { model: 'bg_bb', params, status, limit, logLikelihood, iterations: 0, warnings: [warning] }
  }
  if (histories.mostOpportunities === 0) {
    return without(
      { alpha: 1, beta: 1, gamma: 1, delta: 1 },
      'failed',
      'no_observation_time',
      'No customer has had an opportunity to buy: there is nothing to learn a chance from.',
    )
  }
  if (purchases === 0) {
    return without(
      { alpha: 1e-8, beta: 1, gamma: 1, delta: 1 },
      'boundary',
      'no_repeat_purchases',
      'No customer has taken an opportunity: the expected number of purchases is 0, and nothing is known of dropout.',
    )
  }
  const starts: Float64Array[] = [
    Float64Array.of(0, 0.7, -1.5, 1),
    Float64Array.of(-1, 1.5, -3, 2),
    Float64Array.of(1, 0, 0, 0),
  ]
  const found = maximizeLikelihood(
    {
      objective: createBgBbObjective(likelihood),
      guess: options.start && toBgBbCoordinates(options.start),
      starts,
      limits: BG_BB_LIMITS,
      names: ['alpha', 'beta', 'gamma', 'delta'],
      paramsAt: fromBgBbCoordinates,
      fillLogHessian: (params, hessian) => likelihood.evaluate(params, new Float64Array(4), hessian),
    },
    options.maxIterations ?? DEFAULT_ITERATIONS,
  )
  if (purchases < FEW_PURCHASES) {
    found.warnings.push(`Only ${purchases} purchases in all: the parameters are little more than a guess.`)
  }
  return { model: 'bg_bb', ...found }
}

/** Total log-likelihood of the customers, natural logarithm. */
export function bgBbLogLikelihood(params: BgBbParams, summary: CustomerSummary): number {
  checkBgBbParams(params)
  checkOpportunities(summary)
  const likelihood = createBgBbLikelihood(groupOpportunityHistories(summary))
  return likelihood.evaluate(params, new Float64Array(4), new Float64Array(16))
}

/**
 * P(the customer is there at opportunity n + 1, the next one), one value from 0 to 1 per row. Other packages report the
 * chance of having been there at opportunity n, which is 1 for everybody who took it; divide by (delta + n) / (gamma +
 * delta + n) for that.
 */
export function bgBbProbabilityAlive(params: BgBbParams, summary: CustomerSummary): Float64Array {
  return weightedByPresence(params, summary, (_, n) => (params.delta + n) / (params.gamma + params.delta + n))
}

/**
 * Expected purchases of each customer at the next `opportunities` opportunities, a whole number from 0 to a million,
 * given the past (Fader, Hardie & Shang 2010, equation 13, as the sum it stands for, so that gamma = 1 is no exception).
 */
export function bgBbExpectedPurchases(
  params: BgBbParams,
  summary: CustomerSummary,
  opportunities: number,
): Float64Array {
  if (!(Number.isInteger(opportunities) && opportunities >= 0 && opportunities <= MOST_FUTURE_OPPORTUNITIES)) {
    throw new ScoringInputError(
      { column: 'horizon' },
      `the number of opportunities is not a whole number from 0 to ${MOST_FUTURE_OPPORTUNITIES}`,
      'Give the number of opportunities ahead',
    )
  }
  const { alpha, beta, gamma, delta } = params
  const livedAhead = new Map<number, number>()
  const opportunitiesLived = (n: number): number => {
    let lived = livedAhead.get(n)
    if (lived === undefined) {
      lived = 0
      let present = 1
      for (let t = n; t < n + opportunities && present > 0; t++) {
        present *= (delta + t) / (gamma + delta + t)
        lived += present
      }
      livedAhead.set(n, lived)
    }
    return lived
  }
  return weightedByPresence(params, summary, (x, n) => ((alpha + x) / (alpha + beta + n)) * opportunitiesLived(n))
}

/** P(there at opportunity n) of each customer times a quantity that depends on x and n; once per distinct history. */
function weightedByPresence(
  params: BgBbParams,
  summary: CustomerSummary,
  quantity: (x: number, n: number) => number,
): Float64Array {
  checkBgBbParams(params)
  checkOpportunities(summary)
  const { frequency, recency, age } = summary
  if (frequency.length === 0) return new Float64Array(0)
  const { groupOfRow } = groupRows([frequency, recency, age])
  const histories = groupOpportunityHistories({ frequency, recency, age })
  const whole = new Float64Array(histories.x.length)
  const present = new Float64Array(histories.x.length)
  createBgBbLikelihood(histories).logLikelihoods(params, whole, present)
  const values = whole.map(
    (log, i) => Math.min(1, Math.exp(present[i]! - log)) * quantity(histories.x[i]!, histories.opportunities[i]!),
  )
  return Float64Array.from(groupOfRow, (group) => values[group]!)
}
