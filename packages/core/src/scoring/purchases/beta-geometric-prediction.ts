import { requireParameters } from '../named-parameters.js'
import { type CustomerSummary, checkCustomerSummary } from '../summary/customer-summary.js'
import { BETA_GEOMETRIC_NAMES, type BetaGeometricParams, type ChancesAtFirst } from './beta-geometric-params.js'
import { expectedBeforeDropout } from './expected-before-dropout.js'
import { checkHorizon, type PurchasePrediction } from './purchase-prediction.js'

/** Predictions of BG/NBD or MBG/NBD. */
export function betaGeometricPrediction(first: ChancesAtFirst): PurchasePrediction<BetaGeometricParams> {
  return {
    /**
     * 1/(1 + odds), with log1p so that a purchase at the end of observation keeps all digits:
     *   ln odds = ln a - ln(b + k - 1) + (r + x) ln((alpha + T) / (alpha + t_x)).
     */
    probabilityAlive(params, summary: CustomerSummary) {
      requireParameters(BETA_GEOMETRIC_NAMES, params)
      checkCustomerSummary(summary)
      const { r, alpha, a, b } = params
      const { recency, age } = summary
      return summary.frequency.map((x, row) => {
        if (x + first === 0) return 1
        const silence = Math.log1p((age[row]! - recency[row]!) / (alpha + recency[row]!))
        return 1 / (1 + (a / (b + x + first - 1)) * Math.exp((r + x) * silence))
      })
    },
    expectedWhileAlive({ r, alpha, a, b }, x, age) {
      const living = { shape: r + x, rate: alpha + age, a, b: b + x + first }
      return (horizon) => expectedBeforeDropout(living, horizon)
    },
    checkHorizon,
  }
}
