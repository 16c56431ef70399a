import type { LimitModel } from '../limit-model.js'
import { maximizeLikelihood, type SearchCoordinates } from '../maximum-likelihood.js'
import type { FitOptions, ModelFit } from '../model-fit.js'
import { logParameters, namedFit, nameValues, requireParameters } from '../named-parameters.js'
import { everyNth } from '../number-column.js'
import { logGamma } from '../numerics/gamma-functions.js'
import { type CustomerSummary, checkCustomerSummary, requireMonetaryValue } from '../summary/customer-summary.js'
import { gammaGammaLikelihood } from './gamma-gamma-likelihood.js'
import { GAMMA_GAMMA_NAMES, type GammaGammaParams } from './gamma-gamma-params.js'
import { collectRepeatSpend, type RepeatSpend } from './repeat-spend.js'
import { spendFrequencyCorrelation, spendFrequencyRankCorrelation } from './spend-frequency-correlation.js'

export type GammaGammaFit = ModelFit<'gamma_gamma', GammaGammaParams>

const NOTICEABLE_CORRELATION = 0.3
/** Ranking takes sorting, and so many customers show a correlation to a hundredth. */
const RANKED_CUSTOMERS = 20_000
/** A spend of practically nothing, for a base that shows none. */
const NO_SPEND: GammaGammaParams = { p: 1, q: 2, v: 1e-9 }

const LIMITS: readonly (readonly LimitModel[])[] = [
  [
    {
      coordinate: 1,
      side: 'upper',
      limit: 'homogeneous_spend',
      meaning: 'Customers do not differ visibly in what they spend: the model expects the common mean of everybody.',
    },
    {
      coordinate: 1,
      side: 'lower',
      limit: 'extreme_spend_differences',
      meaning: 'Spends differ so widely that the customer base has no typical value.',
    },
  ],
  [
    {
      coordinate: 0,
      side: 'upper',
      limit: 'constant_spend',
      meaning: 'Each customer spends about the same every time: the model expects the past mean of the customer.',
    },
    {
      coordinate: 0,
      side: 'lower',
      limit: 'extreme_spend_variation',
      meaning: 'The spends of one customer vary so widely that past purchases say little of the next.',
    },
  ],
]

/**
 * Fits the Gamma-Gamma model of spend per purchase by maximum likelihood (Fader & Hardie 2013, note 025; Colombo &
 * Jiang 1999) to the customers with x > 0 and a positive mean spend. The model assumes that spend and frequency are
 * independent; a correlation beyond 0.3, by Pearson or by Spearman, which no heavy tail hides, is a warning.
 *
 * Throws ScoringInputError for a missing, negative or non-finite spend, TypeError for a bad start. Data without an
 * interior maximum (equal spends, say) give `boundary` and the predictions of the limit model.
 */
export function fitGammaGamma(summary: CustomerSummary, options: FitOptions<GammaGammaParams> = {}): GammaGammaFit {
  checkCustomerSummary(summary)
  const monetaryValue = requireMonetaryValue(summary)
  const { start, maxIterations } = options
  if (start) requireParameters(GAMMA_GAMMA_NAMES, start)
  const spend = collectRepeatSpend(summary, monetaryValue)
  if (spend.customers === 0) return withoutSpend()
  const level = Math.log(spend.meanSpend)
  const starts = [Float64Array.of(Math.log(4), Math.log(3), level), Float64Array.of(0, Math.log(20), level)]
  const coordinates = spendCoordinates(level)
  const found = maximizeLikelihood({
    likelihood: (variables) => gammaGammaLikelihood(spend, nameValues(GAMMA_GAMMA_NAMES, variables.map(Math.exp))),
    coordinates,
    limits: LIMITS,
    guess: start ? coordinates.pointOf(logParameters(GAMMA_GAMMA_NAMES, start)) : starts[0],
    starts,
    maxIterations,
  })
  const fit = namedFit('gamma_gamma', GAMMA_GAMMA_NAMES, found)
  addDataWarnings(fit, spend, summary)
  return fit
}

/** Total log-likelihood of the mean repeat spends, natural logarithm; customers without repeat spend add nothing. */
export function gammaGammaLogLikelihood(params: GammaGammaParams, summary: CustomerSummary): number {
  requireParameters(GAMMA_GAMMA_NAMES, params)
  checkCustomerSummary(summary)
  return gammaGammaLikelihood(collectRepeatSpend(summary, requireMonetaryValue(summary)), params).value
}

/**
 * Expected spend per purchase of each customer given the past, p (v + x m) / (p x + q - 1), in the currency of the data;
 * for x = 0 the mean of the customer base. Where that mean is infinite (p x + q <= 1) the value is the geometric mean,
 * p (v + x m) exp(-digamma(p x + q)), which is always finite; the fit then carries a warning.
 */
export function gammaGammaExpectedValue(params: GammaGammaParams, summary: CustomerSummary): Float64Array {
  requireParameters(GAMMA_GAMMA_NAMES, params)
  checkCustomerSummary(summary)
  const monetaryValue = requireMonetaryValue(summary)
  const { p, q, v } = params
  return summary.frequency.map((x, row) => {
    const shape = p * x + q
    const scale = p * (v + x * monetaryValue[row]!)
    return shape > 1 ? scale / (shape - 1) : scale * Math.exp(-logGamma(shape).first)
  })
}

/** ln p, ln q and ln(p v / q), the level of spend. */
function spendCoordinates(level: number): SearchCoordinates {
  const slopes = Float64Array.of(1, 0, 0, 0, 1, 0, -1, 1, 1)
  return {
    lower: Float64Array.of(Math.log(1e-4), Math.log(1e-2), level - 20),
    upper: Float64Array.of(Math.log(1e5), Math.log(1e5), level + 20),
    variablesAt: ([p = 0, q = 0, spent = 0]) => Float64Array.of(p, q, spent + q - p),
    pointOf: ([p = 0, q = 0, v = 0]) => Float64Array.of(p, q, v + p - q),
    slopesAt: () => slopes,
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
  const { frequency, monetaryValue, weight } = summary
  const stride = Math.ceil(frequency.length / RANKED_CUSTOMERS)
  const ranked = {
    ...summary,
    frequency: everyNth(frequency, stride),
    ...(monetaryValue && { monetaryValue: everyNth(monetaryValue, stride) }),
    ...(weight && { weight: everyNth(weight, stride) }),
  }
  const correlation = largerOf(spendFrequencyCorrelation(summary), spendFrequencyRankCorrelation(ranked))
  if (Math.abs(correlation) > NOTICEABLE_CORRELATION) {
    fit.warnings.push(
      `Spend and frequency are correlated (${correlation.toFixed(2)}), which the model assumes they are not: expected spends of the most and least frequent buyers are biased.`,
    )
  }
}

/** Of two correlations the one farther from 0; one that cannot be computed is none. */
function largerOf(one = 0, other = 0): number {
  return Math.abs(other) > Math.abs(one) ? other : one
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
