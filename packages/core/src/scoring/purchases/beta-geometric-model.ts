import { checkCustomerSummary } from '../summary/customer-summary.js'
import { betaGeometricLikelihood } from './beta-geometric-likelihood.js'
import { BETA_GEOMETRIC_NAMES, type ChancesAtFirst } from './beta-geometric-params.js'
import type { PurchaseModel } from './fit-purchase-model.js'
import { DROPOUT_LIMITS, RATE_LIMITS } from './purchase-limits.js'

/** BG/NBD or MBG/NBD as something to fit. */
export function betaGeometricModel<Model extends string>(
  model: Model,
  first: ChancesAtFirst,
): PurchaseModel<Model, (typeof BETA_GEOMETRIC_NAMES)[number]> {
  return {
    model,
    names: BETA_GEOMETRIC_NAMES,
    mixings: ['gamma', 'beta'],
    limits: [DROPOUT_LIMITS, RATE_LIMITS],
    check: checkCustomerSummary,
    likelihood: (histories, params) => betaGeometricLikelihood(histories, first, params),
    sampleSize: 5000,
    starts: [
      [0.5, Math.log(0.5), -1, 1],
      [0, Math.log(2), -3, 3],
      [2, Math.log(0.15), 0.5, 0],
    ],
  }
}
