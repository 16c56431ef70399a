import type { FitOptions, ModelFit } from '../model-fit.js'
import { LARGEST_NUMBER } from '../number-column.js'
import { type CustomerSummary, checkCustomerSummary } from '../summary/customer-summary.js'
import { fitPurchaseModel, type PurchaseModel, purchaseLogLikelihood } from './fit-purchase-model.js'
import { paretoNbdLikelihood } from './pareto-nbd-likelihood.js'
import { PARETO_NBD_NAMES, type ParetoNbdParams } from './pareto-nbd-params.js'
import { PARETO_NBD_PREDICTION, paretoDiscountedBeforeDropout } from './pareto-nbd-prediction.js'
import { DROPOUT_LIMITS, RATE_LIMITS } from './purchase-limits.js'
import { expectedOfNewCustomer, expectedPurchasesOf, weighByAlive } from './purchase-prediction.js'

export type ParetoNbdFit = ModelFit<'pareto_nbd', ParetoNbdParams>

export const PARETO_NBD_MODEL: PurchaseModel<'pareto_nbd', (typeof PARETO_NBD_NAMES)[number]> = {
  model: 'pareto_nbd',
  names: PARETO_NBD_NAMES,
  mixings: ['gamma', 'gamma'],
  limits: [DROPOUT_LIMITS, RATE_LIMITS],
  check: checkCustomerSummary,
  likelihood: paretoNbdLikelihood,
  sampleSize: 500,
  starts: [
    // Offsets from the typical means, in the coordinates of the search.
    [0.5, -0.5, 0.5, -0.5],
    [0, 0.4, -1.5, 0.7],
    [1.5, -1.6, 2, -1.2],
  ],
}

/**
 * Fits the Pareto/NBD model by maximum likelihood (Schmittlein, Morrison & Colombo 1987, Management Science 33(1), 1-24;
 * likelihood as in Fader & Hardie 2005, note 009). A customer may leave at any time, not only after a purchase, so that
 * P(alive) is 1 where the last purchase is on the last day and falls with every day after it.
 *
 * Never throws for data without an interior maximum: `status` is then `boundary` and predictions are those of the
 * limit model. Throws ScoringInputError for a row that no customer can have, TypeError for a bad start.
 */
export function fitParetoNbd(summary: CustomerSummary, options?: FitOptions<ParetoNbdParams>): ParetoNbdFit {
  return fitPurchaseModel(PARETO_NBD_MODEL, summary, options)
}

/** Total log-likelihood of the customers, natural logarithm, in the time unit of the summary. */
export function paretoNbdLogLikelihood(params: ParetoNbdParams, summary: CustomerSummary): number {
  return purchaseLogLikelihood(PARETO_NBD_MODEL, params, summary)
}

/** P(the customer has not left by T), one value from 0 to 1 per row. */
export function paretoNbdProbabilityAlive(params: ParetoNbdParams, summary: CustomerSummary): Float64Array {
  return PARETO_NBD_PREDICTION.probabilityAlive(params, summary)
}

/**
 * Expected purchases of each customer in (T, T + horizon], given the past. `horizon` is a time from 0 in the unit of
 * the summary. Relative error below 1e-9, also at s = 1; finite for every valid input.
 */
export function paretoNbdExpectedPurchases(
  params: ParetoNbdParams,
  summary: CustomerSummary,
  horizon: number,
): Float64Array {
  return expectedPurchasesOf(PARETO_NBD_PREDICTION, params, summary, horizon)
}

/** Expected repeat purchases of a new customer in the first `t` after the first purchase: a number or a column. */
export function paretoNbdExpectedPurchasesNewCustomer(params: ParetoNbdParams, t: number): number
export function paretoNbdExpectedPurchasesNewCustomer(params: ParetoNbdParams, t: Float64Array): Float64Array
export function paretoNbdExpectedPurchasesNewCustomer(
  params: ParetoNbdParams,
  t: number | Float64Array,
): number | Float64Array {
  return expectedOfNewCustomer(PARETO_NBD_PREDICTION, params, t)
}

/**
 * Discounted expected residual transactions (DERT): all purchases each customer is expected to make after T, for ever,
 * each discounted by e^(-rate t). Times expected spend and margin it is the residual lifetime value without an end
 * (Fader, Hardie & Lee 2005, Journal of Marketing Research 42(4), 415-430).
 *
 * `continuousDiscountRate` is per time unit of the summary, above 0: a yearly rate of 15% is ln(1.15)/52 = 0.0027 a week.
 */
export function paretoNbdDiscountedResidual(
  params: ParetoNbdParams,
  summary: CustomerSummary,
  continuousDiscountRate: number,
): Float64Array {
  if (!(continuousDiscountRate >= 1 / LARGEST_NUMBER && continuousDiscountRate <= LARGEST_NUMBER)) {
    throw new TypeError('continuousDiscountRate must be a rate above 0, per time unit of the summary')
  }
  return weighByAlive(PARETO_NBD_PREDICTION, params, summary, (_, x, age) =>
    paretoDiscountedBeforeDropout(params, x, age, continuousDiscountRate),
  )
}
