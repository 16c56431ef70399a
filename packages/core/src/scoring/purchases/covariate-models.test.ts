import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../numerics/seeded-random.js'
import { cdnowSample, relativeError } from '../reference-data/cdnow.fixture.js'
import { ScoringInputError } from '../scoring-input-error.js'
import type { CustomerSummary } from '../summary/customer-summary.js'
import { bgNbdExpectedPurchases, bgNbdLogLikelihood, bgNbdProbabilityAlive, fitBgNbd } from './bg-nbd.js'
import {
  expectedPurchasesWithCovariates,
  fitBgNbdWithCovariates,
  fitParetoNbdWithCovariates,
  probabilityAliveWithCovariates,
} from './covariate-models.js'
import type { CustomerCovariates } from './customer-covariates.js'
import {
  fitParetoNbd,
  paretoNbdExpectedPurchases,
  paretoNbdLogLikelihood,
  paretoNbdProbabilityAlive,
} from './pareto-nbd.js'

const sample = cdnowSample()
/** Every fifth customer of CDNOW, with what the first half of them bought first as a made-up class. */
const few = rowsOf(
  sample,
  Array.from({ length: 471 }, (_, i) => 5 * i),
)
const dummy = Float64Array.from(few.frequency, (_, row) => Number(row % 3 === 0 || few.age[row]! > 35))
const both: CustomerCovariates = { purchase: { x: dummy, columns: ['club'] }, dropout: { x: dummy, columns: ['club'] } }
const members = rowsOf(
  few,
  Array.from(dummy.keys()).filter((row) => dummy[row] === 1),
)
const others = rowsOf(
  few,
  Array.from(dummy.keys()).filter((row) => dummy[row] === 0),
)

function rowsOf({ frequency, recency, age }: CustomerSummary, rows: number[]): CustomerSummary {
  const pick = (column: Float64Array) => Float64Array.from(rows, (row) => column[row]!)
  return { frequency: pick(frequency), recency: pick(recency), age: pick(age) }
}

/** Nelder & Mead (1965), which knows nothing of derivatives, restarted until it stands still. */
function climbWithoutDerivatives(
  value: (point: number[]) => number,
  start: number[],
): { point: number[]; value: number } {
  let best = { point: start, value: value(start) }
  for (let round = 0; round < 12; round++) {
    const before = best.value
    const simplex = [best, ...start.map((_, i) => at(best.point.map((v, j) => (i === j ? v + 0.3 / (round + 1) : v))))]
    for (let step = 0; step < 250; step++) {
      simplex.sort((one, other) => other.value - one.value)
      const worst = simplex[simplex.length - 1]!
      const rest = simplex.slice(0, -1)
      const centre = start.map((_, i) => rest.reduce((sum, { point }) => sum + point[i]!, 0) / rest.length)
      const towards = (factor: number) => at(centre.map((c, i) => c + factor * (c - worst.point[i]!)))
      const reflected = towards(1)
      let next = reflected
      if (reflected.value > simplex[0]!.value) {
        const expanded = towards(2)
        if (expanded.value > reflected.value) next = expanded
      } else if (reflected.value <= rest[rest.length - 1]!.value)
        next = towards(reflected.value > worst.value ? 0.5 : -0.5)
      if (next.value > worst.value) simplex[simplex.length - 1] = next
      else
        for (const [i, corner] of simplex.entries())
          simplex[i] = at(corner.point.map((v, j) => (v + simplex[0]!.point[j]!) / 2))
    }
    best = simplex.reduce((one, other) => (other.value > one.value ? other : one))
    if (best.value - before < 1e-9 && round > 2) break
  }
  return best
  function at(point: number[]) {
    return { point, value: value(point) }
  }
}

describe('BG/NBD with static covariates', () => {
  it('is the plain model without any', () => {
    const plain = fitBgNbd(sample)
    const found = fitBgNbdWithCovariates(sample, {})
    expect(found.coefficients).toEqual({})
    expect(found.logLikelihood).toBeCloseTo(plain.logLikelihood, 8)
    for (const name of ['r', 'alpha', 'a', 'b'] as const) {
      expect(relativeError(found.params[name], plain.params[name])).toBeLessThan(1e-6)
      expect(relativeError(found.standardErrors![name], plain.standardErrors![name])).toBeLessThan(1e-5)
    }
  })

  it('of two classes has the maximum of the two constrained likelihoods, found without derivatives', () => {
    const likelihood = ([r = 0, alpha = 0, a = 0, b = 0, ofAlpha = 0, ofA = 0, ofB = 0]: number[]) =>
      bgNbdLogLikelihood({ r: Math.exp(r), alpha: Math.exp(alpha), a: Math.exp(a), b: Math.exp(b) }, others) +
      bgNbdLogLikelihood(
        { r: Math.exp(r), alpha: Math.exp(alpha - ofAlpha), a: Math.exp(a + ofA), b: Math.exp(b + ofB) },
        members,
      )
    const found = fitBgNbdWithCovariates(few, both)
    expect(found.status).toBe('converged')
    const { params, coefficients } = found
    const point = [
      Math.log(params.r),
      Math.log(params.alpha),
      Math.log(params.a),
      Math.log(params.b),
      coefficients.alpha!.club!,
      coefficients.a!.club!,
      coefficients.b!.club!,
    ]
    expect(likelihood(point)).toBeCloseTo(found.logLikelihood, 8)
    point.forEach((_, i) => {
      const moved = (by: number) => likelihood(point.map((v, j) => (i === j ? v + by : v)))
      expect(Math.abs(moved(1e-4) - moved(-1e-4)) / 2e-4).toBeLessThan(1e-3)
    })
    const climbed = climbWithoutDerivatives(likelihood, [-1, 1.5, 0, 0.5, 0, 0, 0])
    expect(climbed.value).toBeLessThanOrEqual(found.logLikelihood + 1e-7)
    expect(climbed.value).toBeGreaterThan(found.logLikelihood - 0.01)
  }, 60_000)

  it('predicts each class with its own parameters', () => {
    const fit = fitBgNbdWithCovariates(few, both)
    const { r, alpha, a, b } = fit.params
    const { alpha: ofAlpha, a: ofA, b: ofB } = fit.coefficients
    const own = {
      r,
      alpha: alpha * Math.exp(-ofAlpha!.club!),
      a: a * Math.exp(ofA!.club!),
      b: b * Math.exp(ofB!.club!),
    }
    const alive = probabilityAliveWithCovariates(fit, few, both)
    const expected = expectedPurchasesWithCovariates(fit, few, both, 39)
    const isMember = (_: number, row: number) => dummy[row] === 1
    const isOther = (_: number, row: number) => dummy[row] === 0
    const close = (actual: Float64Array, wanted: Float64Array) =>
      actual.forEach((value, i) => {
        expect(relativeError(value, wanted[i]!)).toBeLessThan(1e-12)
      })
    close(alive.filter(isMember), bgNbdProbabilityAlive(own, members))
    close(alive.filter(isOther), bgNbdProbabilityAlive(fit.params, others))
    close(expected.filter(isMember), bgNbdExpectedPurchases(own, members, 39))
    close(expected.filter(isOther), bgNbdExpectedPurchases(fit.params, others, 39))
  })

  it('does not depend on where a covariate has its zero, nor on its unit', () => {
    const moved: CustomerCovariates = {
      purchase: { x: dummy.map((z) => 1000 + 50 * z), columns: ['club'] },
      dropout: { x: dummy, columns: ['club'] },
    }
    const found = fitBgNbdWithCovariates(few, moved)
    const fit = fitBgNbdWithCovariates(few, both)
    expect(found.logLikelihood).toBeCloseTo(fit.logLikelihood, 7)
    expect(relativeError(50 * found.coefficients.alpha!.club!, fit.coefficients.alpha!.club!)).toBeLessThan(1e-4)
    expect(relativeError(50 * found.coefficientErrors!.alpha!.club!, fit.coefficientErrors!.alpha!.club!)).toBeLessThan(
      1e-4,
    )
    expect(
      relativeError(
        probabilityAliveWithCovariates(found, few, moved)[7]!,
        probabilityAliveWithCovariates(fit, few, both)[7]!,
      ),
    ).toBeLessThan(1e-5)
  })

  it('recovers what simulated customers were made with, within three standard errors', () => {
    const { summary, covariates } = simulate(6000, 'bg_nbd')
    const found = fitBgNbdWithCovariates(summary, covariates)
    expect(found.status).toBe('converged')
    within(found.params.r, 0.8, found.standardErrors!.r)
    within(found.params.alpha, 6, found.standardErrors!.alpha)
    within(found.coefficients.alpha!.app!, 0.7, found.coefficientErrors!.alpha!.app!)
    within(found.coefficients.alpha!.age!, -0.4, found.coefficientErrors!.alpha!.age!)
    within(found.coefficients.a!.app!, 0.6, found.coefficientErrors!.a!.app!)
    within(found.coefficients.b!.app!, -0.3, found.coefficientErrors!.b!.app!)
    expect(found.coefficientErrors!.alpha!.app!).toBeLessThan(0.1)
  }, 60_000)
})

describe('Pareto/NBD with static covariates', () => {
  it('is the plain model without any', () => {
    const plain = fitParetoNbd(few)
    const found = fitParetoNbdWithCovariates(few, {})
    expect(found.logLikelihood).toBeCloseTo(plain.logLikelihood, 7)
    expect(relativeError(found.params.s, plain.params.s)).toBeLessThan(1e-4)
  })

  it('of two classes stands on the maximum of the two constrained likelihoods, and predicts each by its own', () => {
    const found = fitParetoNbdWithCovariates(few, both)
    const { params, coefficients } = found
    const own = (ofAlpha: number, ofBeta: number) => ({
      ...params,
      alpha: params.alpha * Math.exp(-ofAlpha),
      beta: params.beta * Math.exp(-ofBeta),
    })
    const point = [0, 0, 0, 0, coefficients.alpha!.club!, coefficients.beta!.club!]
    const likelihood = ([r = 0, alpha = 0, s = 0, beta = 0, ofAlpha = 0, ofBeta = 0]: number[]) => {
      const scaled = (moved: typeof params) => ({
        r: moved.r * Math.exp(r),
        alpha: moved.alpha * Math.exp(alpha),
        s: moved.s * Math.exp(s),
        beta: moved.beta * Math.exp(beta),
      })
      return (
        paretoNbdLogLikelihood(scaled(params), others) + paretoNbdLogLikelihood(scaled(own(ofAlpha, ofBeta)), members)
      )
    }
    expect(likelihood(point)).toBeCloseTo(found.logLikelihood, 7)
    point.forEach((_, i) => {
      const moved = (by: number) => likelihood(point.map((v, j) => (i === j ? v + by : v)))
      expect(Math.abs(moved(1e-4) - moved(-1e-4)) / 2e-4).toBeLessThan(2e-3)
      expect(moved(0.05)).toBeLessThan(found.logLikelihood)
      expect(moved(-0.05)).toBeLessThan(found.logLikelihood)
    })
    const mine = own(coefficients.alpha!.club!, coefficients.beta!.club!)
    const isMember = (_: number, row: number) => dummy[row] === 1
    const alive = probabilityAliveWithCovariates(found, few, both).filter(isMember)
    paretoNbdProbabilityAlive(mine, members).forEach((value, i) => {
      expect(alive[i]).toBeCloseTo(value, 10)
    })
    const expected = expectedPurchasesWithCovariates(found, few, both, 20).filter(isMember)
    paretoNbdExpectedPurchases(mine, members, 20).forEach((value, i) => {
      expect(expected[i]).toBeCloseTo(value, 9)
    })
  }, 60_000)

  it('recovers what simulated customers were made with, within three standard errors', () => {
    const { summary, covariates } = simulate(3000, 'pareto_nbd')
    const found = fitParetoNbdWithCovariates(summary, covariates)
    expect(found.status).toBe('converged')
    within(found.coefficients.alpha!.app!, 0.7, found.coefficientErrors!.alpha!.app!)
    within(found.coefficients.alpha!.age!, -0.4, found.coefficientErrors!.alpha!.age!)
    within(found.coefficients.beta!.app!, 0.6, found.coefficientErrors!.beta!.app!)
  }, 60_000)
})

describe('covariates that say nothing, or too much', () => {
  it('end with a status and finite predictions', () => {
    const rows = fc.array(
      fc.tuple(fc.nat(8), fc.nat(20), fc.nat(20), fc.constantFrom(0, 1, 2.5), fc.constantFrom(-1e6, 0, 1e-3)),
      { minLength: 4, maxLength: 15 },
    )
    fc.assert(
      fc.property(rows, fc.boolean(), (base, pareto) => {
        const summary: CustomerSummary = {
          frequency: Float64Array.from(base, ([x]) => x),
          recency: Float64Array.from(base, ([x, t]) => (x > 0 ? t : 0)),
          age: Float64Array.from(base, ([x, t, more]) => (x > 0 ? t : 0) + more),
        }
        const covariates: CustomerCovariates = {
          purchase: { x: Float64Array.from(base, ([, , , z]) => z), columns: ['z'] },
          dropout: { x: Float64Array.from(base, ([, , , , z]) => z), columns: ['y'] },
        }
        const varies = (x: Float64Array) => x.some((value) => value !== x[0])
        const fit = pareto ? fitParetoNbdWithCovariates : fitBgNbdWithCovariates
        if (!varies(covariates.purchase!.x) || !varies(covariates.dropout!.x)) {
          expect(() => fit(summary, covariates)).toThrow(ScoringInputError)
          return
        }
        const found = fit(summary, covariates, { maxIterations: 60 })
        expect(found.limit === undefined).toBe(found.status === 'converged')
        expect(Number.isFinite(found.logLikelihood)).toBe(true)
        for (const group of Object.values(found.coefficients))
          for (const value of Object.values(group)) expect(Number.isFinite(value)).toBe(true)
        for (const value of Object.values(found.params)) expect(value > 0 && value < Infinity).toBe(true)
        for (const value of probabilityAliveWithCovariates(found, summary, covariates))
          expect(value >= 0 && value <= 1).toBe(true)
        for (const value of expectedPurchasesWithCovariates(found, summary, covariates, 30))
          expect(value >= 0 && value < Infinity).toBe(true)
      }),
      { numRuns: 25, seed: 5 },
    )
  }, 60_000)

  it('say so where a class never buys again', () => {
    const x = few.frequency.map((purchases) => Number(purchases === 0))
    const found = fitBgNbdWithCovariates(few, { purchase: { x, columns: ['quiet'] } })
    expect(found).toMatchObject({ status: 'boundary', limit: 'unbounded_effect' })
    expect(found.warnings.join()).toContain('The effect of quiet has no end')
    expect(found.coefficientErrors).toBeUndefined()
  })

  it('are refused by column and row', () => {
    const refused = (covariates: CustomerCovariates, message: RegExp) => {
      expect(() => fitBgNbdWithCovariates(few, covariates)).toThrow(message)
      expect(() => fitParetoNbdWithCovariates(few, covariates)).toThrow(message)
    }
    refused(
      { purchase: { x: dummy.map((z, row) => (row === 3 ? Number.NaN : z)), columns: ['club'] } },
      /^club, row 3: /,
    )
    refused(
      { dropout: { x: dummy.slice(1), columns: ['club'] } },
      /^x: the column has 470 rows where frequency has 471/,
    )
    refused({ dropout: { x: dummy.map(() => 7), columns: ['club'] } }, /^club: the covariate is the same for everybody/)
    refused({ dropout: { x: Float64Array.of(...dummy, ...dummy), columns: ['club', 'club'] } }, /different names/)
    const fit = fitBgNbdWithCovariates(few, { purchase: both.purchase! })
    expect(() => probabilityAliveWithCovariates(fit, few, both)).toThrow(/no coefficient of club for a/)
    expect(() => probabilityAliveWithCovariates(fit, few, {})).toThrow(/every column/)
    expect(() => expectedPurchasesWithCovariates(fit, few, { purchase: both.purchase! }, -1)).toThrow(/horizon/)
  })
})

function within(estimate: number, truth: number, error: number): void {
  expect(Math.abs(estimate - truth)).toBeLessThan(3 * error)
}

/** Customers of a class (app or not) and an age group, by the story that the model tells. */
function simulate(
  n: number,
  model: 'bg_nbd' | 'pareto_nbd',
): { summary: CustomerSummary; covariates: CustomerCovariates } {
  const uniform = seededRandom(20_260)
  const exponential = () => -Math.log(1 - uniform())
  /** Marsaglia & Tsang (2000) would need normal draws; Ahrens & Dieter (1974) does not, for shapes up to 1. */
  const gamma = (shape: number): number => {
    if (shape >= 1) return exponential() + (shape > 1 ? gamma(shape - 1) : 0)
    for (;;) {
      const p = (1 + shape / Math.E) * uniform()
      const y = p <= 1 ? p ** (1 / shape) : -Math.log((1 + shape / Math.E - p) / shape)
      if (uniform() < (p <= 1 ? Math.exp(-y) : y ** (shape - 1))) return y
    }
  }
  const frequency = new Float64Array(n)
  const recency = new Float64Array(n)
  const age = new Float64Array(n)
  const x = new Float64Array(2 * n)
  for (let row = 0; row < n; row++) {
    const app = Number(uniform() < 0.4)
    const group = Math.floor(uniform() * 3)
    x.set([app, group], 2 * row)
    age[row] = 30 + Math.floor(uniform() * 40)
    const rate = gamma(0.8) / (6 * Math.exp(-(0.7 * app - 0.4 * group)))
    const toA = gamma(0.9 * Math.exp(0.6 * app))
    const leaving = toA / (toA + gamma(2.5 * Math.exp(-0.3 * app)))
    const end =
      model === 'bg_nbd' ? age[row]! : Math.min(age[row]!, exponential() / (gamma(0.7) / (12 * Math.exp(-0.6 * app))))
    for (let t = exponential() / rate; t < end; t += exponential() / rate) {
      frequency[row]! += 1
      recency[row] = t
      if (model === 'bg_nbd' && uniform() < leaving) break
    }
  }
  const appOnly = Float64Array.from({ length: n }, (_, row) => x[2 * row]!)
  return {
    summary: { frequency, recency, age },
    covariates: { purchase: { x, columns: ['app', 'age'] }, dropout: { x: appOnly, columns: ['app'] } },
  }
}
