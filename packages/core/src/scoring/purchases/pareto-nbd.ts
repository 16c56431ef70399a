import type { FitOptions, ModelFit } from '../model-fit.js'
import { type CustomerSummary, checkCustomerSummary } from '../summary/customer-summary.js'
import { checkHorizon } from './beta-geometric-prediction.js'
import { estimateParetoNbd } from './fit-pareto-nbd.js'
import { createParetoNbdLikelihood } from './pareto-nbd-likelihood.js'
import { checkParetoNbdParams, type ParetoNbdParams } from './pareto-nbd-params.js'
import {
  paretoDiscountedBeforeDropout,
  paretoExpectedBeforeDropout,
  weightedParetoExpectation,
} from './pareto-nbd-prediction.js'
import { groupPurchaseHistories } from './purchase-histories.js'

export type ParetoNbdFit = ModelFit<'pareto_nbd', ParetoNbdParams>

/**
 * Fits the Pareto/NBD model by maximum likelihood (Schmittlein, Morrison & Colombo 1987, Management Science 33(1), 1-24;
 * likelihood as in Fader & Hardie 2005, note 009). A customer may leave at any time, not only after a purchase, so that
 * P(alive) is 1 where the last purchase is on the last day and falls with every day after it.
 *
 * Never throws for data without an interior maximum: `status` is then `boundary` and predictions are those of the
 * limit model. Throws ScoringInputError for a row that no customer can have, TypeError for a bad start.
 */
export function fitParetoNbd(summary: CustomerSummary, options?: FitOptions<ParetoNbdParams>): ParetoNbdFit {
  return { model: 'pareto_nbd', ...estimateParetoNbd(summary, options) }
}

/** Total log-likelihood of the customers, natural logarithm, in the time unit of the summary. */
export function paretoNbdLogLikelihood(params: ParetoNbdParams, summary: CustomerSummary): number {
  checkParetoNbdParams(params)
  checkCustomerSummary(summary)
  const likelihood = createParetoNbdLikelihood(groupPurchaseHistories(summary))
  return likelihood.evaluate(params, new Float64Array(4), new Float64Array(16))
}

/** P(the customer has not left by T), one value from 0 to 1 per row. */
export function paretoNbdProbabilityAlive(params: ParetoNbdParams, summary: CustomerSummary): Float64Array {
  return weightedParetoExpectation(params, summary, () => 1)
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
  checkHorizon(horizon)
  return weightedParetoExpectation(params, summary, (x, age) => paretoExpectedBeforeDropout(params, x, age, horizon))
}

/** Expected repeat purchases of a new customer in the first `t` after the first purchase: a number or a column. */
export function paretoNbdExpectedPurchasesNewCustomer(params: ParetoNbdParams, t: number): number
export function paretoNbdExpectedPurchasesNewCustomer(params: ParetoNbdParams, t: Float64Array): Float64Array
export function paretoNbdExpectedPurchasesNewCustomer(
  params: ParetoNbdParams,
  t: number | Float64Array,
): number | Float64Array {
  checkParetoNbdParams(params)
  const expected = (horizon: number): number => {
    checkHorizon(horizon)
    return paretoExpectedBeforeDropout(params, 0, 0, horizon)
  }
  return typeof t === 'number' ? expected(t) : t.map(expected)
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
  if (!(continuousDiscountRate > 0 && continuousDiscountRate < Infinity)) {
    throw new TypeError('continuousDiscountRate must be a rate above 0, per time unit of the summary')
  }
  return weightedParetoExpectation(params, summary, (x, age) =>
    paretoDiscountedBeforeDropout(params, x, age, continuousDiscountRate),
  )
}
