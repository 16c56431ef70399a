import type { FitOptions, ModelFit } from '../model-fit.js'
import type { CustomerSummary } from '../summary/customer-summary.js'
import { betaGeometricModel } from './beta-geometric-model.js'
import type { BetaGeometricParams } from './beta-geometric-params.js'
import { betaGeometricPrediction } from './beta-geometric-prediction.js'
import { fitPurchaseModel, purchaseLogLikelihood } from './fit-purchase-model.js'
import { expectedOfNewCustomer, expectedPurchasesOf } from './purchase-prediction.js'

export type BgNbdFit = ModelFit<'bg_nbd', BetaGeometricParams>

export const BG_NBD_MODEL = /* @__PURE__ */ betaGeometricModel('bg_nbd', 0)
export const BG_NBD_PREDICTION = /* @__PURE__ */ betaGeometricPrediction(0)

/**
 * Fits the BG/NBD model by maximum likelihood (Fader, Hardie & Lee 2005, Marketing Science 24(2), 275-284).
 * A customer may leave only after a repeat purchase: one-time buyers count as alive for ever; use MBG/NBD for churn.
 * Identical histories are grouped, so a million customers cost little more than their distinct histories.
 *
 * Never throws for data without an interior maximum: `status` is then `boundary` and predictions are those of the
 * limit model. Throws ScoringInputError for a row that no customer can have, TypeError for a bad start.
 */
export function fitBgNbd(summary: CustomerSummary, options?: FitOptions<BetaGeometricParams>): BgNbdFit {
  return fitPurchaseModel(BG_NBD_MODEL, summary, options)
}

/** Total log-likelihood of the customers, natural logarithm, in the time unit of the summary. */
export function bgNbdLogLikelihood(params: BetaGeometricParams, summary: CustomerSummary): number {
  return purchaseLogLikelihood(BG_NBD_MODEL, params, summary)
}

/** P(the customer has not left by T), one value from 0 to 1 per row. Always 1 without a repeat purchase. */
export function bgNbdProbabilityAlive(params: BetaGeometricParams, summary: CustomerSummary): Float64Array {
  return BG_NBD_PREDICTION.probabilityAlive(params, summary)
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
  return expectedPurchasesOf(BG_NBD_PREDICTION, params, summary, horizon)
}

/** Expected repeat purchases of a new customer in the first `t` after the first purchase: a number or a column. */
export function bgNbdExpectedPurchasesNewCustomer(params: BetaGeometricParams, t: number): number
export function bgNbdExpectedPurchasesNewCustomer(params: BetaGeometricParams, t: Float64Array): Float64Array
export function bgNbdExpectedPurchasesNewCustomer(
  params: BetaGeometricParams,
  t: number | Float64Array,
): number | Float64Array {
  return expectedOfNewCustomer(BG_NBD_PREDICTION, params, t)
}
