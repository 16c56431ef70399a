import type { ColumnScales } from '../number-matrix.js'
import { factorCholesky, solveCholesky } from '../numerics/cholesky.js'

/** Rows to fit: column j of the model is (x - mean) / deviation, or 0 where the deviation is 0. */
export interface LogisticDesign {
  x: Float64Array
  p: number
  y: ArrayLike<number>
  weight: Float64Array | undefined
  scales: ColumnScales
}

export interface LogisticMaximum {
  outcome: 'converged' | 'separable' | 'collinear_columns'
  /** Intercept first, then one per standardised column. */
  beta: Float64Array
  /** Cholesky factor of the negative Hessian, (p + 1) x (p + 1). */
  factor: Float64Array
  logLikelihood: number
  iterations: number
}

const MOST_ITERATIONS = 60
/** The maximum is reached when no row's log-odds moves by more than this: separated rows move by about 1 for ever. */
const STILL = 1e-9
/** Share of a column's curvature that must be its own, not that of other columns. */
const OWN_CURVATURE = 1e-10

/** Maximises the log-likelihood less ridge/2 times the squared coefficients (not the intercept) by Newton steps. */
export function maximizeLogistic(design: LogisticDesign, ridge: number, intercept: number): LogisticMaximum {
  const q = design.p + 1
  const beta = new Float64Array(q)
  beta[0] = intercept
  const step = new Float64Array(q)
  const gradient = new Float64Array(q)
  const factor = new Float64Array(q * q)
  const curvature = new Float64Array(q)
  const logOdds = new Float64Array(design.x.length / design.p)
  let best = -Infinity
  let logLikelihood = 0
  for (let iterations = 0; ; iterations++) {
    const pass = accumulate(design, beta, logOdds, gradient, factor)
    logLikelihood = pass.logLikelihood
    let objective = logLikelihood
    for (let j = 1; j < q; j++) {
      objective -= (ridge / 2) * beta[j]! ** 2
      gradient[j]! -= ridge * beta[j]!
      // A column without variation gets curvature of its own, which keeps its coefficient at 0.
      factor[j * q + j]! += design.scales.deviations[j - 1]! > 0 ? ridge : 1
    }
    const result = (outcome: LogisticMaximum['outcome']): LogisticMaximum => ({
      outcome,
      beta,
      factor,
      logLikelihood,
      iterations,
    })
    if (objective < best - 1e-9 * (1 + Math.abs(best)) && iterations < MOST_ITERATIONS) {
      for (let j = 0; j < q; j++) {
        step[j]! /= 2
        beta[j]! -= step[j]!
      }
      continue
    }
    best = objective
    for (let j = 0; j < q; j++) curvature[j] = factor[j * q + j]!
    if (!factorCholesky(factor, q) || curvature.some((c, j) => factor[j * q + j]! ** 2 < OWN_CURVATURE * c)) {
      return result(iterations === 0 ? 'collinear_columns' : 'separable')
    }
    if (iterations > 0 && pass.largestMove <= STILL * (1 + pass.largestLogOdds)) return result('converged')
    if (iterations >= MOST_ITERATIONS) return result('separable')
    step.set(gradient)
    solveCholesky(factor, q, step)
    for (let j = 0; j < q; j++) beta[j]! += step[j]!
  }
}

interface Pass {
  logLikelihood: number
  largestMove: number
  largestLogOdds: number
}

/** One pass over the rows: log-likelihood, gradient and negative Hessian (lower triangle) at beta. */
function accumulate(
  { x, p, y, weight, scales: { means, deviations } }: LogisticDesign,
  beta: Float64Array,
  logOdds: Float64Array,
  gradient: Float64Array,
  hessian: Float64Array,
): Pass {
  const q = p + 1
  const z = new Float64Array(q)
  z[0] = 1
  gradient.fill(0)
  hessian.fill(0)
  let logLikelihood = 0
  let largestMove = 0
  let largestLogOdds = 0
  for (let row = 0; row < logOdds.length; row++) {
    const w = weight ? weight[row]! : 1
    let eta = beta[0]!
    for (let j = 0; j < p; j++) {
      z[j + 1] = deviations[j]! > 0 ? (x[row * p + j]! - means[j]!) / deviations[j]! : 0
      eta += beta[j + 1]! * z[j + 1]!
    }
    largestMove = Math.max(largestMove, Math.abs(eta - logOdds[row]!))
    largestLogOdds = Math.max(largestLogOdds, Math.abs(eta))
    logOdds[row] = eta
    const odds = Math.exp(-Math.abs(eta))
    const probability = eta >= 0 ? 1 / (1 + odds) : odds / (1 + odds)
    logLikelihood += w * (y[row]! * eta - Math.max(eta, 0) - Math.log1p(odds))
    const residual = w * (y[row]! - probability)
    const information = (w * odds) / (1 + odds) ** 2
    for (let i = 0; i < q; i++) {
      gradient[i]! += residual * z[i]!
      const scaled = information * z[i]!
      for (let j = 0; j <= i; j++) hessian[i * q + j]! += scaled * z[j]!
    }
  }
  return { logLikelihood, largestMove, largestLogOdds }
}
