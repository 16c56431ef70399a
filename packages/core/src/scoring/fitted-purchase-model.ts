import type { BetaGeometricParams } from './purchases/beta-geometric-params.js'
import type { BgBbFit } from './purchases/bg-bb.js'
import type { BgBbParams } from './purchases/bg-bb-params.js'
import { BG_BB_PREDICTION } from './purchases/bg-bb-prediction.js'
import { BG_NBD_PREDICTION, type BgNbdFit } from './purchases/bg-nbd.js'
import { MBG_NBD_PREDICTION, type MbgNbdFit } from './purchases/mbg-nbd.js'
import type { ParetoNbdFit } from './purchases/pareto-nbd.js'
import type { ParetoNbdParams } from './purchases/pareto-nbd-params.js'
import { PARETO_NBD_PREDICTION } from './purchases/pareto-nbd-prediction.js'
import { expectedPurchasesOf, type PurchasePrediction } from './purchases/purchase-prediction.js'
import type { CustomerSummary } from './summary/customer-summary.js'

/** A fit of any model that counts purchases. */
export type PurchaseModelFit = BgNbdFit | MbgNbdFit | ParetoNbdFit | BgBbFit

interface ParamsOfModel {
  bg_nbd: BetaGeometricParams
  mbg_nbd: BetaGeometricParams
  pareto_nbd: ParetoNbdParams
  bg_bb: BgBbParams
}

/** What predictions need of a fit, for instance as read back from storage: the name of the model and its parameters. */
export type FittedPurchaseModel<Model extends keyof ParamsOfModel = keyof ParamsOfModel> = {
  [M in Model]: { model: M; params: ParamsOfModel[M] }
}[Model]

const PREDICTIONS: { [Model in keyof ParamsOfModel]: PurchasePrediction<ParamsOfModel[Model]> } = {
  bg_nbd: BG_NBD_PREDICTION,
  mbg_nbd: MBG_NBD_PREDICTION,
  pareto_nbd: PARETO_NBD_PREDICTION,
  bg_bb: BG_BB_PREDICTION,
}

/** The predictions of the model that was fitted; throws TypeError where there is none of its name. */
export function predictionOf<Model extends keyof ParamsOfModel>({
  model,
}: FittedPurchaseModel<Model>): PurchasePrediction<ParamsOfModel[Model]> {
  if (Object.hasOwn(PREDICTIONS, model)) return PREDICTIONS[model]
  throw new TypeError(`model must be one of ${Object.keys(PREDICTIONS).join(', ')}`)
}

/**
 * P(the customer has not left by T) under whichever model was fitted, one value from 0 to 1 per row; of BG/BB, whose
 * summary counts opportunities, P(there at the next opportunity).
 */
export function probabilityAlive(fit: FittedPurchaseModel, summary: CustomerSummary): Float64Array {
  return predictionOf(fit).probabilityAlive(fit.params, summary)
}

/**
 * Expected purchases in (T, T + horizon] under whichever model was fitted; horizon in the unit of the summary, of BG/BB
 * a whole number of opportunities.
 */
export function expectedPurchases(fit: FittedPurchaseModel, summary: CustomerSummary, horizon: number): Float64Array {
  return expectedPurchasesOf(predictionOf(fit), fit.params, summary, horizon)
}
