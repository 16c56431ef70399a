import type { FitOptions, ModelFit } from '../model-fit.js'
import type { CustomerSummary } from '../summary/customer-summary.js'
import { bgBbLikelihood } from './bg-bb-likelihood.js'
import { BG_BB_NAMES, type BgBbParams } from './bg-bb-params.js'
import { BG_BB_PREDICTION } from './bg-bb-prediction.js'
import { fitPurchaseModel, type PurchaseModel, purchaseLogLikelihood } from './fit-purchase-model.js'
import { checkOpportunities } from './opportunity-summary.js'
import { CHANCE_LIMITS, DROPOUT_LIMITS } from './purchase-limits.js'
import { expectedPurchasesOf } from './purchase-prediction.js'

export type BgBbFit = ModelFit<'bg_bb', BgBbParams>

const MODEL: PurchaseModel<'bg_bb', (typeof BG_BB_NAMES)[number]> = {
  model: 'bg_bb',
  names: BG_BB_NAMES,
  mixings: ['beta', 'beta'],
  limits: [DROPOUT_LIMITS, CHANCE_LIMITS],
  check: checkOpportunities,
  likelihood: bgBbLikelihood,
  sampleSize: 5000,
  starts: [
    [0, 0.7, -1.5, 1],
    [-1, 1.5, -3, 2],
    [1, 0, 0, 0],
  ],
}

/**
 * Fits the BG/BB model by maximum likelihood (Fader, Hardie & Shang 2010, Marketing Science 29(6), 1086-1108), for
 * purchases that can only happen at known opportunities: yearly donations, issues of a magazine, events. In the summary
 * `frequency` counts the opportunities taken, `recency` is the number of the last one taken, `age` their number; the
 * purchase by which the customer was won is not one of them. The search runs on the recency-frequency matrix.
 *
 * Never throws for data without an interior maximum: `status` is then `boundary` and predictions are those of the
 * limit model. Throws ScoringInputError for a row that no customer can have, TypeError for a bad start.
 */
export function fitBgBb(summary: CustomerSummary, options?: FitOptions<BgBbParams>): BgBbFit {
  return fitPurchaseModel(MODEL, summary, options)
}

/** Total log-likelihood of the customers, natural logarithm. */
export function bgBbLogLikelihood(params: BgBbParams, summary: CustomerSummary): number {
  return purchaseLogLikelihood(MODEL, params, summary)
}

/**
 * P(the customer is there at opportunity n + 1, the next one), one value from 0 to 1 per row. Other packages report the
 * chance of having been there at opportunity n, which is 1 for everybody who took it; divide by (delta + n) / (gamma +
 * delta + n) for that.
 */
export function bgBbProbabilityAlive(params: BgBbParams, summary: CustomerSummary): Float64Array {
  return BG_BB_PREDICTION.probabilityAlive(params, summary)
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
  return expectedPurchasesOf(BG_BB_PREDICTION, params, summary, opportunities)
}
