import type { FitOptions, ModelFit } from '../model-fit.js'
import type { CustomerSummary } from '../summary/customer-summary.js'
import { betaGeometricModel } from './beta-geometric-model.js'
import type { BetaGeometricParams } from './beta-geometric-params.js'
import { betaGeometricPrediction } from './beta-geometric-prediction.js'
import { fitPurchaseModel, purchaseLogLikelihood } from './fit-purchase-model.js'
import { expectedOfNewCustomer, expectedPurchasesOf } from './purchase-prediction.js'

export type MbgNbdFit = ModelFit<'mbg_nbd', BetaGeometricParams>

export const MBG_NBD_MODEL = /* @__PURE__ */ betaGeometricModel('mbg_nbd', 1)
export const MBG_NBD_PREDICTION = /* @__PURE__ */ betaGeometricPrediction(1)

/**
 * Fits the MBG/NBD model by maximum likelihood (Batislam, Denizel & Filiztekin 2007, Int. J. of Research in Marketing 24(3), 201-209).
 * A customer may leave after every purchase, the first one included: the model to use for churn.
 * Identical histories are grouped, so a million customers cost little more than their distinct histories.
 *
 * Never throws for data without an interior maximum: `status` is then `boundary` and predictions are those of the
 * limit model. Throws ScoringInputError for a row that no customer can have, TypeError for a bad start.
 */
export function fitMbgNbd(summary: CustomerSummary, options?: FitOptions<BetaGeometricParams>): MbgNbdFit {
  return fitPurchaseModel(MBG_NBD_MODEL, summary, options)
}

/** Total log-likelihood of the customers, natural logarithm, in the time unit of the summary. */
export function mbgNbdLogLikelihood(params: BetaGeometricParams, summary: CustomerSummary): number {
  return purchaseLogLikelihood(MBG_NBD_MODEL, params, summary)
}

/** P(the customer has not left by T), one value from 0 to 1 per row. Below 1 for everybody. */
export function mbgNbdProbabilityAlive(params: BetaGeometricParams, summary: CustomerSummary): Float64Array {
  return MBG_NBD_PREDICTION.probabilityAlive(params, summary)
}

/**
 * Expected purchases of each customer in (T, T + horizon], given the past. `horizon` is a time from 0 in the unit of
 * the summary. Relative error below 1e-9 throughout, finite for every valid input.
 */
export function mbgNbdExpectedPurchases(
  params: BetaGeometricParams,
  summary: CustomerSummary,
  horizon: number,
): Float64Array {
  return expectedPurchasesOf(MBG_NBD_PREDICTION, params, summary, horizon)
}

/** Expected repeat purchases of a new customer in the first `t` after the first purchase: a number or a column. */
export function mbgNbdExpectedPurchasesNewCustomer(params: BetaGeometricParams, t: number): number
export function mbgNbdExpectedPurchasesNewCustomer(params: BetaGeometricParams, t: Float64Array): Float64Array
export function mbgNbdExpectedPurchasesNewCustomer(
  params: BetaGeometricParams,
  t: number | Float64Array,
): number | Float64Array {
  return expectedOfNewCustomer(MBG_NBD_PREDICTION, params, t)
}
