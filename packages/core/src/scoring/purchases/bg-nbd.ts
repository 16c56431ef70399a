import type { FitOptions, ModelFit } from '../model-fit.js'
import { type CustomerSummary, checkCustomerSummary } from '../summary/customer-summary.js'
import { createBetaGeometricLikelihood } from './beta-geometric-likelihood.js'
import { type BetaGeometricParams, checkBetaGeometricParams } from './beta-geometric-params.js'
import {
  betaGeometricExpectedPurchases,
  betaGeometricExpectedPurchasesNewCustomer,
  betaGeometricProbabilityAlive,
} from './beta-geometric-prediction.js'
import { fitBetaGeometric } from './fit-beta-geometric.js'
import { groupPurchaseHistories } from './purchase-histories.js'

export type BgNbdFit = ModelFit<'bg_nbd', BetaGeometricParams>

/**
 * Fits the BG/NBD model by maximum likelihood (Fader, Hardie & Lee 2005, Marketing Science 24(2), 275-284).
 * A customer may leave only after a repeat purchase: one-time buyers count as alive for ever; use MBG/NBD for churn.
 * Identical histories are grouped, so a million customers cost little more than their distinct histories.
 *
 * Never throws for data without an interior maximum: `status` is then `boundary` and predictions are those of the
 * limit model. Throws ScoringInputError for a row that no customer can have, TypeError for a bad start.
 */
export function fitBgNbd(summary: CustomerSummary, options?: FitOptions<BetaGeometricParams>): BgNbdFit {
  return { model: 'bg_nbd', ...fitBetaGeometric(summary, 'afterRepeatPurchase', options) }
}

/** Total log-likelihood of the customers, natural logarithm, in the time unit of the summary. */
export function bgNbdLogLikelihood(params: BetaGeometricParams, summary: CustomerSummary): number {
  checkBetaGeometricParams(params)
  checkCustomerSummary(summary)
  const likelihood = createBetaGeometricLikelihood(groupPurchaseHistories(summary), 'afterRepeatPurchase')
  return likelihood.evaluate(params, new Float64Array(4), new Float64Array(16))
}

/** P(the customer has not left by T), one value from 0 to 1 per row. Always 1 without a repeat purchase. */
export function bgNbdProbabilityAlive(params: BetaGeometricParams, summary: CustomerSummary): Float64Array {
  return betaGeometricProbabilityAlive(params, summary, 'afterRepeatPurchase')
}

/**
 * Expected purchases of each customer in (T, T + horizon], given the past. `horizon` is a time from 0 in the unit of
 * the summary. Relative error below 1e-9 throughout, finite for every valid input.
 */
export function bgNbdExpectedPurchases(
  params: BetaGeometricParams,
  summary: CustomerSummary,
  horizon: number,
): Float64Array {
  return betaGeometricExpectedPurchases(params, summary, horizon, 'afterRepeatPurchase')
}

/** Expected repeat purchases of a new customer in the first `t` after the first purchase: a number or a column. */
export function bgNbdExpectedPurchasesNewCustomer(params: BetaGeometricParams, t: number): number
export function bgNbdExpectedPurchasesNewCustomer(params: BetaGeometricParams, t: Float64Array): Float64Array
export function bgNbdExpectedPurchasesNewCustomer(
  params: BetaGeometricParams,
  t: number | Float64Array,
): number | Float64Array {
  return betaGeometricExpectedPurchasesNewCustomer(params, t, 'afterRepeatPurchase')
}
