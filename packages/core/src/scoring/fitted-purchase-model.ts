import { type BgNbdFit, bgNbdExpectedPurchases, bgNbdProbabilityAlive } from './purchases/bg-nbd.js'
import { type MbgNbdFit, mbgNbdExpectedPurchases, mbgNbdProbabilityAlive } from './purchases/mbg-nbd.js'
import { type ParetoNbdFit, paretoNbdExpectedPurchases, paretoNbdProbabilityAlive } from './purchases/pareto-nbd.js'
import type { CustomerSummary } from './summary/customer-summary.js'

/** A fit of any model that counts purchases. */
export type PurchaseModelFit = BgNbdFit | MbgNbdFit | ParetoNbdFit

/** What predictions need of a fit, for instance as read back from storage: the name of the model and its parameters. */
export type FittedPurchaseModel = PurchaseModelFit extends infer Fit
  ? Fit extends PurchaseModelFit
    ? Pick<Fit, 'model' | 'params'>
    : never
  : never

/** P(the customer has not left by T) under whichever model was fitted, one value from 0 to 1 per row. */
export function probabilityAlive(fit: FittedPurchaseModel, summary: CustomerSummary): Float64Array {
  switch (fit.model) {
    case 'bg_nbd':
      return bgNbdProbabilityAlive(fit.params, summary)
    case 'mbg_nbd':
      return mbgNbdProbabilityAlive(fit.params, summary)
    case 'pareto_nbd':
      return paretoNbdProbabilityAlive(fit.params, summary)
    default:
      throw unknownModel(fit)
  }
}

/** Expected purchases in (T, T + horizon] under whichever model was fitted; horizon in the unit of the summary. */
export function expectedPurchases(fit: FittedPurchaseModel, summary: CustomerSummary, horizon: number): Float64Array {
  switch (fit.model) {
    case 'bg_nbd':
      return bgNbdExpectedPurchases(fit.params, summary, horizon)
    case 'mbg_nbd':
      return mbgNbdExpectedPurchases(fit.params, summary, horizon)
    case 'pareto_nbd':
      return paretoNbdExpectedPurchases(fit.params, summary, horizon)
    default:
      throw unknownModel(fit)
  }
}

function unknownModel(fit: never): TypeError {
  return new TypeError(`There is no purchase model named ${String(Object(fit).model)}`)
}
