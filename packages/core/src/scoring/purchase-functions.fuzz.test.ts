import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as scoring from './index.js'

const { ScoringInputError } = scoring

/** Numbers that columns of a CRM should not hold, among those that they do. */
const anyNumber = fc.oneof(
  { weight: 4, arbitrary: fc.nat(12) },
  { weight: 2, arbitrary: fc.double({ min: 0, max: 60, noNaN: true }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(Number.NaN, Infinity, -Infinity, -0, -1, 1e-320, 1e308, 2 ** 53, 2 ** 53 + 2),
  },
)
const fairCustomer = fc
  .tuple(fc.nat(9), fc.nat(30), fc.nat(30), fc.double({ min: 0, max: 1e4, noNaN: true }))
  .map(([x, t, more, m]) => (x === 0 ? [0, 0, more, 0] : [x, Math.max(t, x), Math.max(t, x) + more, m]))
const hostileCustomer = fc.tuple(anyNumber, anyNumber, anyNumber, anyNumber)

/** Columns that are fair, or fair but for a row, a length, or a missing column. */
const anySummary = fc
  .record({
    rows: fc.array(fairCustomer, { minLength: 0, maxLength: 10 }),
    intruder: fc.option(hostileCustomer, { freq: 2 }),
    weights: fc.option(fc.array(anyNumber, { minLength: 1, maxLength: 3 })),
    shorten: fc.constantFrom(0, 0, 0, 1),
    spendless: fc.boolean(),
  })
  .map(({ rows, intruder, weights, shorten, spendless }): scoring.CustomerSummary => {
    const all = intruder ? [...rows, intruder] : rows
    const column = (i: number) => Float64Array.from(all, (row) => row[i]!)
    return {
      frequency: column(0),
      recency: column(1),
      age: column(2).slice(shorten),
      ...(spendless ? {} : { monetaryValue: column(3) }),
      ...(weights ? { weight: Float64Array.from(all, (_, i) => weights[i % weights.length]!) } : {}),
    }
  })
const anyParameter = fc.oneof(
  { weight: 5, arbitrary: fc.double({ min: -12, max: 12, noNaN: true }).map(Math.exp) },
  { weight: 1, arbitrary: anyNumber },
)
const parameters = fc.tuple(anyParameter, anyParameter, anyParameter, anyParameter)
const options = { maxIterations: 40 }

type Work = (
  summary: scoring.CustomerSummary,
  four: [number, number, number, number],
  horizon: number,
  other: number,
) => unknown

const beta = ([r, alpha, a, b]: number[]) => ({ r: r!, alpha: alpha!, a: a!, b: b! })
const pareto = ([r, alpha, s, beta]: number[]) => ({ r: r!, alpha: alpha!, s: s!, beta: beta! })
const donor = ([alpha, beta, gamma, delta]: number[]) => ({ alpha: alpha!, beta: beta!, gamma: gamma!, delta: delta! })
const spend = ([p, q, v]: number[]) => ({ p: p!, q: q!, v: v! })
const fitted = (four: number[], other: number): scoring.FittedPurchaseModel =>
  [
    { model: 'bg_nbd', params: beta(four) } as const,
    { model: 'mbg_nbd', params: beta(four) } as const,
    { model: 'pareto_nbd', params: pareto(four) } as const,
    { model: 'bg_bb', params: donor(four) } as const,
  ][Math.abs(Math.floor(other)) % 4] ?? { model: 'bg_nbd', params: beta(four) }
const covariate = ({ frequency }: scoring.CustomerSummary, other: number) => {
  const columns = { x: frequency.map((_, row) => (row % 3 === 0 ? other : row % 2)), columns: ['z'] }
  return { purchase: columns, dropout: columns }
}

const FUNCTIONS: Record<string, Work> = {
  fitBgNbd: (s) => scoring.fitBgNbd(s, options),
  fitMbgNbd: (s) => scoring.fitMbgNbd(s, options),
  fitParetoNbd: (s) => scoring.fitParetoNbd(s, options),
  fitBgBb: (s) => scoring.fitBgBb(s, options),
  fitGammaGamma: (s) => scoring.fitGammaGamma(s, options),
  'fitBgNbd from a start': (s, p) => scoring.fitBgNbd(s, { ...options, start: beta(p) }),
  fitBgNbdWithCovariates: (s, _, __, z) => scoring.fitBgNbdWithCovariates(s, covariate(s, z), { maxIterations: 15 }),
  fitParetoNbdWithCovariates: (s, _, __, z) =>
    scoring.fitParetoNbdWithCovariates(s, covariate(s, z), { maxIterations: 10 }),
  probabilityAliveWithCovariates: (s, p, c, z) =>
    scoring.probabilityAliveWithCovariates(
      { model: 'bg_nbd', params: beta(p), coefficients: { alpha: { z: c }, a: { z: c }, b: { z: -c } } },
      s,
      covariate(s, z),
    ),
  expectedPurchasesWithCovariates: (s, p, t, z) =>
    scoring.expectedPurchasesWithCovariates(
      { model: 'pareto_nbd', params: pareto(p), coefficients: { alpha: { z: 0.5 }, beta: { z: -2 } } },
      s,
      covariate(s, z),
      t,
    ),
  bgNbdLogLikelihood: (s, p) => scoring.bgNbdLogLikelihood(beta(p), s),
  mbgNbdLogLikelihood: (s, p) => scoring.mbgNbdLogLikelihood(beta(p), s),
  paretoNbdLogLikelihood: (s, p) => scoring.paretoNbdLogLikelihood(pareto(p), s),
  bgBbLogLikelihood: (s, p) => scoring.bgBbLogLikelihood(donor(p), s),
  gammaGammaLogLikelihood: (s, p) => scoring.gammaGammaLogLikelihood(spend(p), s),
  probabilityAlive: (s, p, _, other) => scoring.probabilityAlive(fitted(p, other), s),
  expectedPurchases: (s, p, t, other) => scoring.expectedPurchases(fitted(p, other), s, t),
  bgNbdExpectedPurchasesNewCustomer: (_, p, t) => scoring.bgNbdExpectedPurchasesNewCustomer(beta(p), t),
  paretoNbdExpectedPurchasesNewCustomer: (_, p, t) => scoring.paretoNbdExpectedPurchasesNewCustomer(pareto(p), t),
  paretoNbdDiscountedResidual: (s, p, t) => scoring.paretoNbdDiscountedResidual(pareto(p), s, t),
  gammaGammaExpectedValue: (s, p) => scoring.gammaGammaExpectedValue(spend(p), s),
  customerLifetimeValue: (s, p, t, other) =>
    scoring.customerLifetimeValue({ ...fitted(p, other), spend: spend(p), summary: s, periodLength: t, periods: 3 }),
  spendFrequencyCorrelation: (s) => scoring.spendFrequencyCorrelation(s),
  spendFrequencyRankCorrelation: (s) => scoring.spendFrequencyRankCorrelation(s),
  purchaseCountDistribution: (_, p, t, n) => scoring.purchaseCountDistribution(fitted(p, n), t, n % 50),
  frequencyHistogram: (s, p, _, n) => scoring.frequencyHistogram(fitted(p, n), s, n),
  holdoutByFrequency: (s, p, t, n) =>
    scoring.holdoutByFrequency({
      fit: fitted(p, n),
      summary: s,
      holdout: { frequency: s.frequency.map((x) => x + n), duration: t },
    }),
  trackPurchases: (s, p, t, n) =>
    scoring.trackPurchases({
      fit: fitted(p, n),
      summary: s,
      repeatTimes: s.recency,
      periodLength: t,
      periods: 5,
    }),
  valueTiers: (s, _, share) =>
    scoring.valueTiers(
      { value: s.monetaryValue ?? s.recency, growthPotential: s.recency, costToServe: s.age },
      { mostValuableShare: share },
    ),
}

/** Every number in a result, wherever it stands. */
function numbersIn(result: unknown): number[] {
  if (typeof result === 'number') return [result]
  if (result instanceof Float64Array) return Array.from(result)
  if (typeof result === 'object' && result !== null) return Object.values(result).flatMap(numbersIn)
  return []
}

describe('whatever the columns hold', () => {
  it.each(Object.entries(FUNCTIONS))(
    '%s gives finite numbers, or an error that names the place',
    (_, work) => {
      fc.assert(
        fc.property(anySummary, parameters, anyNumber, anyNumber, (summary, four, horizon, other) => {
          let result: unknown
          try {
            result = work(summary, four, horizon, other)
          } catch (error) {
            expect(error instanceof ScoringInputError || error instanceof TypeError).toBe(true)
            if (error instanceof ScoringInputError) expect(error.message.startsWith(error.column)).toBe(true)
            else expect(String(error)).toMatch(/must|no coefficient/)
            return
          }
          for (const value of numbersIn(result)) expect(Number.isFinite(value)).toBe(true)
        }),
        { numRuns: 60, seed: 20_260_301 },
      )
    },
    60_000,
  )
})
