import type { LimitModel } from '../limit-model.js'
import { maximizeLikelihood } from '../maximum-likelihood.js'
import type { FitOptions, ModelFit } from '../model-fit.js'
import { digamma } from '../numerics/gamma-functions.js'
import type { SmoothObjective } from '../numerics/newton-maximizer.js'
import { type CustomerSummary, checkCustomerSummary, requireMonetaryValue } from '../summary/customer-summary.js'
import { evaluateGammaGamma } from './gamma-gamma-likelihood.js'
import { checkGammaGammaParams, type GammaGammaParams } from './gamma-gamma-params.js'
import { collectRepeatSpend, type RepeatSpend } from './repeat-spend.js'
import { spendFrequencyCorrelation } from './spend-frequency-correlation.js'

export type GammaGammaFit = ModelFit<'gamma_gamma', GammaGammaParams>

const DEFAULT_ITERATIONS = 200
const NOTICEABLE_CORRELATION = 0.3
/** A spend of practically nothing, for a base that shows none. */
const NO_SPEND: GammaGammaParams = { p: 1, q: 2, v: 1e-9 }

const LIMITS: readonly LimitModel[] = [
  {
    coordinate: 1,
    side: 'upper',
    limit: 'homogeneous_spend',
    meaning: 'Customers do not differ visibly in what they spend: the model expects the common mean of everybody.',
  },
  {
    coordinate: 0,
    side: 'upper',
    limit: 'constant_spend',
    meaning: 'Each customer spends about the same every time: the model expects the past mean of the customer.',
  },
  {
    coordinate: 1,
    side: 'lower',
    limit: 'extreme_spend_differences',
    meaning: 'Spends differ so widely that the customer base has no typical value.',
  },
  {
    coordinate: 0,
    side: 'lower',
    limit: 'extreme_spend_variation',
    meaning: 'The spends of one customer vary so widely that past purchases say little of the next.',
  },
]

/**
 * Fits the Gamma-Gamma model of spend per purchase by maximum likelihood (Fader & Hardie 2013, note 025; Colombo &
 * Jiang 1999) to the customers with x > 0 and a positive mean spend. The model assumes that spend and frequency are
 * independent; a correlation beyond 0.3 is a warning.
 *
 * Throws ScoringInputError for a missing, negative or non-finite spend, TypeError for a bad start. Data without an
 * interior maximum (equal spends, say) give `boundary` and the predictions of the limit model.
 */
export function fitGammaGamma(summary: CustomerSummary, options: FitOptions<GammaGammaParams> = {}): GammaGammaFit {
  checkCustomerSummary(summary)
  const monetaryValue = requireMonetaryValue(summary)
  if (options.start) checkGammaGammaParams(options.start)
  const spend = collectRepeatSpend(summary, monetaryValue)
  if (spend.customers === 0) return withoutSpend()

  const level = Math.log(spend.meanSpend)
  const starts: Float64Array[] = [
    Float64Array.of(Math.log(4), Math.log(3), level),
    Float64Array.of(0, Math.log(20), level),
  ]
  const fit: GammaGammaFit = {
    model: 'gamma_gamma',
    ...maximizeLikelihood(
      {
        objective: createObjective(spend),
        guess: options.start ? toCoordinates(options.start) : starts[0],
        starts,
        limits: LIMITS,
        names: ['p', 'q', 'v'],
        paramsAt: fromCoordinates,
        fillLogHessian: (params, hessian) => evaluateGammaGamma(spend, params, new Float64Array(3), hessian),
      },
      options.maxIterations ?? DEFAULT_ITERATIONS,
    ),
  }
  addDataWarnings(fit, spend, summary)
  return fit
}

/** Total log-likelihood of the mean repeat spends, natural logarithm; customers without repeat spend add nothing. */
export function gammaGammaLogLikelihood(params: GammaGammaParams, summary: CustomerSummary): number {
  checkGammaGammaParams(params)
  checkCustomerSummary(summary)
  const spend = collectRepeatSpend(summary, requireMonetaryValue(summary))
  return evaluateGammaGamma(spend, params, new Float64Array(3), new Float64Array(9))
}

/**
 * Expected spend per purchase of each customer given the past, p (v + x m) / (p x + q - 1), in the currency of the data;
 * for x = 0 the mean of the customer base. Where that mean is infinite (p x + q <= 1) the value is the geometric mean,
 * p (v + x m) exp(-digamma(p x + q)), which is always finite; the fit then carries a warning.
 */
export function gammaGammaExpectedValue(params: GammaGammaParams, summary: CustomerSummary): Float64Array {
  checkGammaGammaParams(params)
  checkCustomerSummary(summary)
  const monetaryValue = requireMonetaryValue(summary)
  const { p, q, v } = params
  return summary.frequency.map((x, row) => {
    const shape = p * x + q
    const scale = p * (v + x * monetaryValue[row]!)
    return shape > 1 ? scale / (shape - 1) : scale * Math.exp(-digamma(shape))
  })
}

/** Coordinates of the search: ln p, ln q and ln(p v / q), the level of spend. */
function fromCoordinates(point: Float64Array): GammaGammaParams {
  return { p: Math.exp(point[0]!), q: Math.exp(point[1]!), v: Math.exp(point[2]! + point[1]! - point[0]!) }
}

function toCoordinates({ p, q, v }: GammaGammaParams): Float64Array {
  return Float64Array.of(Math.log(p), Math.log(q), Math.log(p) + Math.log(v) - Math.log(q))
}

function createObjective(spend: RepeatSpend): SmoothObjective {
  const level = Math.log(spend.meanSpend)
  const g = new Float64Array(3)
  const h = new Float64Array(9)
  return {
    lower: Float64Array.of(Math.log(1e-4), Math.log(1e-2), level - 20),
    upper: Float64Array.of(Math.log(1e5), Math.log(1e5), level + 20),
    evaluate(point, gradient, hessian) {
      const value = evaluateGammaGamma(spend, fromCoordinates(point), g, h)
      const [pp, pq, pv, qq, qv, vv] = [h[0]!, h[1]!, h[2]!, h[4]!, h[5]!, h[8]!]
      gradient[0] = g[0]! - g[2]!
      gradient[1] = g[1]! + g[2]!
      gradient[2] = g[2]!
      hessian[0] = pp - 2 * pv + vv
      hessian[1] = hessian[3] = pq + pv - qv - vv
      hessian[2] = hessian[6] = pv - vv
      hessian[4] = qq + 2 * qv + vv
      hessian[5] = hessian[7] = qv + vv
      hessian[8] = vv
      return value
    },
  }
}

function addDataWarnings(fit: GammaGammaFit, spend: RepeatSpend, summary: CustomerSummary): void {
  if (fit.params.q <= 1) {
    fit.warnings.push(
      'Spends are so unequal that the customer base has no finite mean (q is at most 1): expected spends without a past are geometric means.',
    )
  }
  if (spend.withoutSpend > 0) {
    fit.warnings.push(`Left out of the fit: ${spend.withoutSpend} with repeat purchases but a mean spend of 0.`)
  }
  const correlation = spendFrequencyCorrelation(summary)
  if (correlation !== undefined && Math.abs(correlation) > NOTICEABLE_CORRELATION) {
    fit.warnings.push(
      `Spend and frequency are correlated (${correlation.toFixed(2)}), which the model assumes they are not: expected spends of the most and least frequent buyers are biased.`,
    )
  }
}

function withoutSpend(): GammaGammaFit {
  return {
    model: 'gamma_gamma',
    params: { ...NO_SPEND },
    status: 'failed',
    limit: 'no_repeat_spend',
    logLikelihood: 0,
    iterations: 0,
    warnings: [
      'No customer has a repeat purchase with a spend above 0: expected spends are practically 0, not estimates.',
    ],
  }
}
