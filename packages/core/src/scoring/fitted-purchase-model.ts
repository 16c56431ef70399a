import { type BgNbdFit, bgNbdExpectedPurchases, bgNbdProbabilityAlive } from './purchases/bg-nbd.js'
import { type MbgNbdFit, mbgNbdExpectedPurchases, mbgNbdProbabilityAlive } from './purchases/mbg-nbd.js'
import type { CustomerSummary } from './summary/customer-summary.js'

/** A fit of any model that counts purchases. */
export type PurchaseModelFit = BgNbdFit | MbgNbdFit

/** P(the customer has not left by T) under whichever model was fitted, one value from 0 to 1 per row. */
export function probabilityAlive(
  fit: Pick<PurchaseModelFit, 'model' | 'params'>,
  summary: CustomerSummary,
): Float64Array {
  switch (fit.model) {
    case 'bg_nbd':
      return bgNbdProbabilityAlive(fit.params, summary)
    case 'mbg_nbd':
      return mbgNbdProbabilityAlive(fit.params, summary)
    default:
      throw unknownModel(fit.model)
  }
}

/** Expected purchases in (T, T + horizon] under whichever model was fitted; horizon in the unit of the summary. */
export function expectedPurchases(
  fit: Pick<PurchaseModelFit, 'model' | 'params'>,
  summary: CustomerSummary,
  horizon: number,
): Float64Array {
  switch (fit.model) {
    case 'bg_nbd':
      return bgNbdExpectedPurchases(fit.params, summary, horizon)
    case 'mbg_nbd':
      return mbgNbdExpectedPurchases(fit.params, summary, horizon)
    default:
      throw unknownModel(fit.model)
  }
}

function unknownModel(model: never): TypeError {
  return new TypeError(`There is no purchase model named ${String(model)}`)
}
