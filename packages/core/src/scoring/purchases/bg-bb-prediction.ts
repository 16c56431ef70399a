import { requireParameters } from '../named-parameters.js'
import { groupRows } from '../numerics/row-groups.js'
import { ScoringInputError } from '../scoring-input-error.js'
import { bgBbPresence } from './bg-bb-likelihood.js'
import { BG_BB_NAMES, type BgBbParams } from './bg-bb-params.js'
import { checkOpportunities } from './opportunity-summary.js'
import { groupPurchaseHistories } from './purchase-histories.js'
import type { PurchasePrediction } from './purchase-prediction.js'

const MOST_FUTURE_OPPORTUNITIES = 1_000_000

/** Predictions of BG/BB; alive means there at opportunity n + 1, and a horizon is a number of opportunities. */
export const BG_BB_PREDICTION: PurchasePrediction<BgBbParams> = {
  probabilityAlive(params, summary) {
    requireParameters(BG_BB_NAMES, params)
    checkOpportunities(summary)
    const { frequency, recency, age } = summary
    if (frequency.length === 0) return new Float64Array(0)
    const { gamma, delta } = params
    const presence = bgBbPresence(groupPurchaseHistories({ frequency, recency, age }), params)
    return Float64Array.from(groupRows([frequency, recency, age]).groupOfRow, (group, row) => {
      const n = age[row]!
      return (presence[group]! * (delta + n)) / (gamma + delta + n)
    })
  },
  /** Equation 13 as the sum it stands for, so that gamma = 1 is no exception. */
  expectedWhileAlive({ alpha, beta, gamma, delta }, x, n) {
    return (opportunities) => {
      let present = 1
      let lived = 0
      for (let t = n; t < n + opportunities && present > 0; t++) {
        lived += present
        present *= (delta + t + 1) / (gamma + delta + t + 1)
      }
      return ((alpha + x) / (alpha + beta + n)) * lived
    }
  },
  checkHorizon(opportunities) {
    if (Number.isInteger(opportunities) && opportunities >= 0 && opportunities <= MOST_FUTURE_OPPORTUNITIES) return
    throw new ScoringInputError(
      { column: 'horizon' },
      `the number of opportunities is not a whole number from 0 to ${MOST_FUTURE_OPPORTUNITIES}`,
      'Give the number of opportunities ahead',
    )
  },
}
