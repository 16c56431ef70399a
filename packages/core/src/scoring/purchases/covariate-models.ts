import type { FitOptions } from '../model-fit.js'
import { logParameters, nameValues, requireParameters } from '../named-parameters.js'
import { type CustomerSummary, checkCustomerSummary } from '../summary/customer-summary.js'
import { BETA_GEOMETRIC_NAMES, type BetaGeometricParams } from './beta-geometric-params.js'
import { BG_NBD_MODEL, BG_NBD_PREDICTION } from './bg-nbd.js'
import { type CustomerCovariates, groupByCovariates, pickCustomers, requireCovariates } from './customer-covariates.js'
import {
  type CovariateCoefficients,
  type CovariateFit,
  covariateEffects,
  type DropoutEffects,
  fitWithCovariates,
  logsOf,
} from './fit-covariates.js'
import { PARETO_NBD_MODEL } from './pareto-nbd.js'
import { PARETO_NBD_NAMES, type ParetoNbdParams } from './pareto-nbd-params.js'
import { PARETO_NBD_PREDICTION } from './pareto-nbd-prediction.js'
import { expectedPurchasesOf, type PurchasePrediction } from './purchase-prediction.js'

export type BgNbdCovariateFit = CovariateFit<'bg_nbd', BetaGeometricParams>
export type ParetoNbdCovariateFit = CovariateFit<'pareto_nbd', ParetoNbdParams>

/** What predictions need of a fit with covariates, for instance as read back from storage. */
export type FittedCovariateModel =
  | Pick<BgNbdCovariateFit, 'model' | 'params' | 'coefficients'>
  | Pick<ParetoNbdCovariateFit, 'model' | 'params' | 'coefficients'>

const BG_NBD_EFFECTS: DropoutEffects = { parameters: [2, 3], sign: 1 }
const PARETO_NBD_EFFECTS: DropoutEffects = { parameters: [3], sign: -1 }

/**
 * BG/NBD with static covariates (Fader & Hardie 2007, note 019): alpha_i = alpha e^(-c z), a_i = a e^(c' z),
 * b_i = b e^(c'' z), with own coefficients for alpha, a and b. Takes time in proportion to the number of distinct rows
 * of covariates, so that classes are cheaper than measurements. Status, limits, warnings and errors as in `fitBgNbd`;
 * besides them `unbounded_effect`, where one value of a covariate settles all. Throws ScoringInputError for a covariate
 * that is not a finite number or the same for everybody.
 */
export function fitBgNbdWithCovariates(
  summary: CustomerSummary,
  covariates: CustomerCovariates,
  options?: Pick<FitOptions<BetaGeometricParams>, 'maxIterations'>,
): BgNbdCovariateFit {
  return fitWithCovariates(BG_NBD_MODEL, BG_NBD_EFFECTS, summary, covariates, options)
}

/**
 * Pareto/NBD with static covariates (Fader & Hardie 2007, note 019): alpha_i = alpha e^(-c z), beta_i = beta e^(-c' z),
 * so that a positive coefficient means more frequent purchases, or earlier dropout. Otherwise as
 * {@link fitBgNbdWithCovariates}.
 */
export function fitParetoNbdWithCovariates(
  summary: CustomerSummary,
  covariates: CustomerCovariates,
  options?: Pick<FitOptions<ParetoNbdParams>, 'maxIterations'>,
): ParetoNbdCovariateFit {
  return fitWithCovariates(PARETO_NBD_MODEL, PARETO_NBD_EFFECTS, summary, covariates, options)
}

/** P(the customer has not left by T) given purchases and covariates, one value from 0 to 1 per row. */
export function probabilityAliveWithCovariates(
  fit: FittedCovariateModel,
  summary: CustomerSummary,
  covariates: CustomerCovariates,
): Float64Array {
  return eachGroup(fit, summary, covariates, {
    bgNbd: (params, customers) => BG_NBD_PREDICTION.probabilityAlive(params, customers),
    paretoNbd: (params, customers) => PARETO_NBD_PREDICTION.probabilityAlive(params, customers),
  })
}

/** Expected purchases of each customer in (T, T + horizon] given purchases and covariates; horizon in the unit of the summary. */
export function expectedPurchasesWithCovariates(
  fit: FittedCovariateModel,
  summary: CustomerSummary,
  covariates: CustomerCovariates,
  horizon: number,
): Float64Array {
  BG_NBD_PREDICTION.checkHorizon(horizon)
  const expected =
    <Params>(prediction: PurchasePrediction<Params>) =>
    (params: Params, customers: CustomerSummary): Float64Array =>
      expectedPurchasesOf(prediction, params, customers, horizon)
  return eachGroup(fit, summary, covariates, {
    bgNbd: expected(BG_NBD_PREDICTION),
    paretoNbd: expected(PARETO_NBD_PREDICTION),
  })
}

interface GroupPredictions {
  bgNbd(params: BetaGeometricParams, customers: CustomerSummary): Float64Array
  paretoNbd(params: ParetoNbdParams, customers: CustomerSummary): Float64Array
}

/** Predicts for all rows, group by group of equal covariates. */
function eachGroup(
  fit: FittedCovariateModel,
  summary: CustomerSummary,
  covariates: CustomerCovariates,
  predict: GroupPredictions,
): Float64Array {
  switch (fit.model) {
    case 'bg_nbd':
      return predictGroups(BETA_GEOMETRIC_NAMES, BG_NBD_EFFECTS, fit, summary, covariates, predict.bgNbd)
    case 'pareto_nbd':
      return predictGroups(PARETO_NBD_NAMES, PARETO_NBD_EFFECTS, fit, summary, covariates, predict.paretoNbd)
    default:
      throw new TypeError("model must be 'bg_nbd' or 'pareto_nbd'")
  }
}

function predictGroups<Name extends string>(
  names: readonly Name[],
  dropoutEffects: DropoutEffects,
  { params, coefficients }: { params: Record<Name, number>; coefficients: CovariateCoefficients },
  summary: CustomerSummary,
  covariates: CustomerCovariates,
  predict: (params: Record<Name, number>, customers: CustomerSummary) => Float64Array,
): Float64Array {
  requireParameters(names, params)
  checkCustomerSummary(summary)
  const n = summary.frequency.length
  for (const columns of [covariates.purchase, covariates.dropout]) if (columns) requireCovariates(columns, n, false)
  const effects = covariateEffects(covariates, dropoutEffects)
  const values = effects.map(({ parameter, covariates: { columns }, column }) => {
    const coefficient = coefficients[names[parameter]!]?.[columns[column]!]
    if (Number.isFinite(coefficient)) return coefficient!
    throw new TypeError(`The fit has no coefficient of ${columns[column]} for ${names[parameter]}`)
  })
  if (effects.length < Object.values(coefficients).flatMap(Object.keys).length) {
    throw new TypeError('covariates must hold every column that the fit has a coefficient of')
  }
  const variables = Float64Array.of(...logParameters(names, params), ...values)
  const result = new Float64Array(n)
  for (const group of groupByCovariates(effects, n)) {
    const own = nameValues(names, logsOf(effects, variables, group.values).map(moderate))
    predict(own, pickCustomers(summary, group.rows)).forEach((value, i) => {
      result[group.rows[i]!] = value
    })
  }
  return result
}

/** A parameter from its logarithm, kept finite for covariates far outside those of the fit. */
function moderate(log: number): number {
  return Math.exp(Math.min(Math.max(log, -30), 30))
}
