import { groupRows } from '../numerics/row-groups.js'
import { ScoringInputError } from '../scoring-input-error.js'
import { type CustomerSummary, checkCustomerSummary } from '../summary/customer-summary.js'
import { type BetaGeometricParams, checkBetaGeometricParams, type DropoutRule } from './beta-geometric-params.js'
import { expectedBeforeDropout } from './expected-before-dropout.js'

/** P(still a customer at T), one value per row, from 0 to 1. */
export function betaGeometricProbabilityAlive(
  params: BetaGeometricParams,
  summary: CustomerSummary,
  rule: DropoutRule,
): Float64Array {
  checkBetaGeometricParams(params)
  checkCustomerSummary(summary)
  return probabilityAliveUnchecked(params, summary, rule)
}

/** Expected purchases in (T, T + horizon], one value per row. */
export function betaGeometricExpectedPurchases(
  params: BetaGeometricParams,
  summary: CustomerSummary,
  horizon: number,
  rule: DropoutRule,
): Float64Array {
  checkHorizon(horizon)
  return weightedExpectation(params, summary, rule, (living) => expectedBeforeDropout(living, horizon))
}

/** Expected purchases of somebody who buys for the first time now, the first purchase not counted. */
export function betaGeometricExpectedPurchasesNewCustomer(
  params: BetaGeometricParams,
  t: number | Float64Array,
  rule: DropoutRule,
): number | Float64Array {
  checkBetaGeometricParams(params)
  const alive = rule === 'afterEveryPurchase' ? params.b / (params.a + params.b) : 1
  const newcomer = livingCustomer(params, 0, 0, rule)
  const expected = (horizon: number): number => {
    checkHorizon(horizon)
    return alive * expectedBeforeDropout(newcomer, horizon)
  }
  return typeof t === 'number' ? expected(t) : t.map(expected)
}

/**
 * P(alive) times a quantity that depends only on what is left to know of a living customer: x and T. The quantity is
 * computed once per distinct (x, T), of which a customer base has far fewer than customers.
 */
export function weightedExpectation(
  params: BetaGeometricParams,
  summary: CustomerSummary,
  rule: DropoutRule,
  quantity: (living: ReturnType<typeof livingCustomer>) => number,
): Float64Array {
  const result = betaGeometricProbabilityAlive(params, summary, rule)
  const { frequency, age } = summary
  const { groupOfRow, firstRow } = groupRows([frequency, age])
  const values = new Float64Array(firstRow.length)
  for (let group = 0; group < firstRow.length; group++) {
    const row = firstRow[group]!
    values[group] = quantity(livingCustomer(params, frequency[row]!, age[row]!, rule))
  }
  for (let row = 0; row < result.length; row++) result[row]! *= values[groupOfRow[row]!]!
  return result
}

/** The prior updated by x purchases in T, given that the customer is alive. */
export function livingCustomer(
  params: BetaGeometricParams,
  x: number,
  age: number,
  rule: DropoutRule,
): { shape: number; rate: number; a: number; b: number } {
  const survived = rule === 'afterEveryPurchase' ? x + 1 : x
  return { shape: params.r + x, rate: params.alpha + age, a: params.a, b: params.b + survived }
}

/** Throws {@link ScoringInputError} unless the horizon is a finite time from 0. */
export function checkHorizon(horizon: number): void {
  if (horizon >= 0 && horizon < Infinity) return
  throw new ScoringInputError(
    { column: 'horizon' },
    'the horizon is not a finite time from 0',
    'Give the length of the future in the time unit of the summary',
  )
}

/**
 * Odds of having left, with log1p so that a purchase at the end of observation keeps all digits:
 *   ln odds = ln a - ln(b + k - 1) + (r + x) ln((alpha + T) / (alpha + t_x)).
 */
function probabilityAliveUnchecked(
  { r, alpha, a, b }: BetaGeometricParams,
  { frequency, recency, age }: CustomerSummary,
  rule: DropoutRule,
): Float64Array {
  const first = rule === 'afterEveryPurchase' ? 1 : 0
  const alive = new Float64Array(frequency.length)
  for (let row = 0; row < alive.length; row++) {
    const x = frequency[row]!
    const chances = x + first
    if (chances === 0) {
      alive[row] = 1
      continue
    }
    const silence = Math.log1p((age[row]! - recency[row]!) / (alpha + recency[row]!))
    alive[row] = 1 / (1 + (a / (b + chances - 1)) * Math.exp((r + x) * silence))
  }
  return alive
}
