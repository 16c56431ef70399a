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
      const { frequency, recency, age } = summary
      const alive = new Float64Array(frequency.length).fill(1)
      for (let row = 0; row < alive.length; row++) {
        const chances = frequency[row]! + first
        if (chances === 0) continue
        const silence = Math.log1p((age[row]! - recency[row]!) / (alpha + recency[row]!))
        alive[row] = 1 / (1 + (a / (b + (chances - 1))) * Math.exp((r + frequency[row]!) * silence))
      }
      return alive
    },
    expectedWhileAlive({ r, alpha, a, b }, x, age) {
      const living = { shape: r + x, rate: alpha + age, a, b: b + x + first }
      return (horizon) => expectedBeforeDropout(living, horizon)
    },
    checkHorizon,
  }
}
