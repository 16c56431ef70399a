import { requireWeights } from '../customer-weights.js'
import { requireNumbers } from '../number-column.js'
import { columnScales, requireMatrix } from '../number-matrix.js'
import { solveCholesky } from '../numerics/cholesky.js'
import { requireRow } from '../option-bounds.js'
import { strongestFirst } from '../reason-order.js'
import type { ScoreReason } from '../score-reason.js'
import { ScoringInputError } from '../scoring-input-error.js'
import { type LogisticMaximum, maximizeLogistic } from './logistic-newton.js'

export interface LogisticInput {
  /** Row-major: the value of column j in row i is x[i * columns.length + j]. */
  x: Float64Array
  columns: readonly string[]
  /** 1 where the lead was won, 0 where it was not. */
  y: ArrayLike<number>
  /** Lambda of the penalty lambda/2 times the squared coefficients of standardised columns; default 0. */
  ridge?: number
  /** How many leads a row stands for; 1 where left out. */
  weight?: Float64Array
}

/** A fit that survives JSON. */
export interface LogisticFit {
  model: 'logistic_regression'
  /** `boundary`: there is no finite maximum; the coefficients are those of the penalty in `ridge`. */
  status: 'converged' | 'boundary' | 'failed'
  limit?: 'one_outcome' | 'separable' | 'collinear_columns'
  columns: string[]
  /** Log-odds where all columns are 0, and per unit of a column. */
  intercept: number
  coefficients: number[]
  /** Log-odds where all columns are at their mean, and per standard deviation. */
  standardized: { intercept: number; coefficients: number[]; means: number[]; deviations: number[] }
  /** In units of the columns; only where nothing was penalised and the fit converged. */
  standardErrors?: { intercept: number; coefficients: number[] }
  ridge: number
  /** Sum over leads, without the penalty. */
  logLikelihood: number
  iterations: number
  warnings: string[]
}

/** Penalty that takes over where the data have no maximum of their own. */
const FALLBACK_RIDGE = 1
/** Leads of the rarer outcome per column below which coefficients are unreliable (Peduzzi et al. 1996). */
const OUTCOMES_PER_COLUMN = 10

const LIMIT_WARNINGS = {
  one_outcome: 'All leads had the same outcome: there is no difference to learn from, everybody scores alike.',
  separable: 'The columns separate won from lost leads perfectly, so a penalty of 1 keeps the coefficients finite.',
  collinear_columns: 'Some columns follow from others, so a penalty of 1 shares the effect between them.',
}

/**
 * Logistic regression with a free intercept, optionally with a ridge penalty on standardised columns (le Cessie & van
 * Houwelingen 1992; lambda = 1/C where software speaks of C), by Newton steps. Where separation or collinear columns
 * leave no finite maximum, the fit with a penalty of 1 takes its place, and `status`, `limit` and `warnings` say so. A
 * column that does not vary gets the coefficient 0. Throws {@link ScoringInputError} naming row and column.
 */
export function fitLogisticRegression({ x, columns, y, ridge = 0, weight }: LogisticInput): LogisticFit {
  const p = columns.length
  const n = requireMatrix(x, columns)
  if (!(ridge >= 0 && ridge < Infinity)) throw new TypeError('ridge must be a finite number from 0')
  const { won, lost } = countOutcomes(y, n, weight)
  const scales = columnScales(x, p, weight)
  const design = { x, p, y, weight, scales }

  // Half a lead of each kind more keeps a sample of one outcome finite.
  const oneOutcome = won === 0 || lost === 0
  const start = oneOutcome ? Math.log((won + 0.5) / (lost + 0.5)) : Math.log(won / lost)
  let maximum: LogisticMaximum | undefined
  let limit: LogisticFit['limit']
  let penalty = ridge
  if (oneOutcome) limit = 'one_outcome'
  else {
    maximum = maximizeLogistic(design, ridge, start)
    if (maximum.outcome !== 'converged') {
      if (ridge === 0) limit = maximum.outcome
      penalty = Math.max(ridge, FALLBACK_RIDGE)
      maximum = maximizeLogistic(design, penalty, start)
    }
  }

  const beta = maximum?.beta ?? Float64Array.of(start, ...columns.map(() => 0))
  const deviations = Array.from(scales.deviations)
  const coefficients = deviations.map((deviation, j) => (deviation > 0 ? beta[j + 1]! / deviation : 0))
  const fit: LogisticFit = {
    model: 'logistic_regression',
    status: maximum && maximum.outcome !== 'converged' ? 'failed' : limit ? 'boundary' : 'converged',
    ...(limit && { limit }),
    columns: [...columns],
    intercept: coefficients.reduce((sum, coefficient, j) => sum - coefficient * scales.means[j]!, beta[0]!),
    coefficients,
    standardized: {
      intercept: beta[0]!,
      coefficients: Array.from(beta.subarray(1)),
      means: Array.from(scales.means),
      deviations,
    },
    ridge: penalty,
    logLikelihood: maximum?.logLikelihood ?? won * start - (won + lost) * Math.log1p(Math.exp(start)),
    iterations: maximum?.iterations ?? 0,
    warnings: limit ? [LIMIT_WARNINGS[limit]] : [],
  }
  if (maximum && fit.status === 'converged' && penalty === 0) {
    fit.standardErrors = standardErrors(maximum.factor, fit.standardized)
  }
  deviations.forEach((deviation, j) => {
    if (deviation === 0) fit.warnings.push(`${columns[j]} is the same for all leads and says nothing.`)
  })
  if (!oneOutcome && Math.min(won, lost) < OUTCOMES_PER_COLUMN * p) {
    fit.warnings.push(
      `There are ${Math.min(won, lost)} leads of the rarer outcome for ${p} columns: fewer than 10 per column make ` +
        'coefficients unreliable. Give a ridge, fewer columns, or use a rule score.',
    )
  }
  return fit
}

/** Probability of being won per row, between 0 and 1. Throws {@link ScoringInputError} naming row and column. */
export function predictLogistic(fit: LogisticFit, x: Float64Array): Float64Array {
  const { coefficients, standardized } = fit
  const n = requireMatrix(x, fit.columns)
  const p = coefficients.length
  const probability = new Float64Array(n)
  for (let row = 0; row < n; row++) {
    let logOdds = standardized.intercept
    for (let j = 0; j < p; j++) logOdds += coefficients[j]! * (x[row * p + j]! - standardized.means[j]!)
    probability[row] = 1 / (1 + Math.exp(-logOdds))
  }
  return probability
}

/**
 * What sets a lead apart from the mean lead, strongest first: `log_odds_above_mean` or `log_odds_below_mean`, with
 * column, value, mean, and the log-odds that the difference is worth. Throws TypeError for a row that is not there.
 */
export function logisticReasons(fit: LogisticFit, x: Float64Array, row: number): ScoreReason[] {
  const p = fit.columns.length
  requireRow(row, Math.floor(x.length / p))
  return strongestFirst(
    'logOdds',
    { above: 'log_odds_above_mean', below: 'log_odds_below_mean' },
    fit.columns.map((column, j) => {
      const value = x[row * p + j]!
      const mean = fit.standardized.means[j]!
      return { column, value, mean, logOdds: fit.coefficients[j]! * (value - mean) }
    }),
  )
}

/** Roots of v' H^-1 v, where v turns standardised coefficients into one in units of the columns. */
function standardErrors(
  factor: Float64Array,
  { means, deviations }: LogisticFit['standardized'],
): NonNullable<LogisticFit['standardErrors']> {
  const q = deviations.length + 1
  const errorOf = (direction: number[]): number => {
    const solved = Float64Array.from(direction)
    solveCholesky(factor, q, solved)
    return Math.sqrt(direction.reduce((sum, value, j) => sum + value * solved[j]!, 0))
  }
  const perUnit = deviations.map((deviation) => (deviation > 0 ? 1 / deviation : 0))
  return {
    intercept: errorOf([1, ...perUnit.map((unit, j) => -unit * means[j]!)]),
    coefficients: perUnit.map((unit, j) => errorOf([0, ...perUnit.map((_, i) => (i === j ? unit : 0))])),
  }
}

function countOutcomes(
  y: ArrayLike<number>,
  n: number,
  weight: Float64Array | undefined,
): { won: number; lost: number } {
  requireNumbers('y', y, n, 'x', 0, 1)
  if (weight) requireWeights(weight, n, 'x')
  let won = 0
  let lost = 0
  for (let row = 0; row < n; row++) {
    const leads = weight ? weight[row]! : 1
    if (y[row] === 1) won += leads
    else if (y[row] === 0) lost += leads
    else {
      throw new ScoringInputError(
        { column: 'y', row },
        'the outcome is neither 0 nor 1',
        'Give 1 for a lead that was won and 0 for one that was not; leave out leads too young to have an outcome',
      )
    }
  }
  return { won, lost }
}
