import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { oneCustomer } from '../reference-data/cdnow.fixture.js'
import type { CustomerSummary } from '../summary/customer-summary.js'
import {
  fitParetoNbd,
  paretoNbdDiscountedResidual,
  paretoNbdExpectedPurchases,
  paretoNbdExpectedPurchasesNewCustomer,
  paretoNbdLogLikelihood,
  paretoNbdProbabilityAlive,
} from './pareto-nbd.js'

function customers(n: number, of: (row: number) => [x: number, recency: number, age: number]): CustomerSummary {
  const rows = Array.from({ length: n }, (_, row) => of(row))
  return {
    frequency: Float64Array.from(rows, ([x]) => x),
    recency: Float64Array.from(rows, ([, recency]) => recency),
    age: Float64Array.from(rows, ([, , age]) => age),
  }
}

function expectFinite(found: ReturnType<typeof fitParetoNbd>, summary: CustomerSummary): void {
  expect(['converged', 'boundary', 'failed']).toContain(found.status)
  expect(found.limit === undefined).toBe(found.status === 'converged')
  for (const value of [...Object.values(found.params), ...Object.values(found.standardErrors ?? {})]) {
    expect(value > 0 && value < Infinity).toBe(true)
  }
  expect(Number.isFinite(found.logLikelihood)).toBe(true)
  for (const value of paretoNbdProbabilityAlive(found.params, summary)) expect(value >= 0 && value <= 1).toBe(true)
  for (const value of paretoNbdExpectedPurchases(found.params, summary, 30)) {
    expect(value >= 0 && value < Infinity).toBe(true)
  }
}

describe('Pareto/NBD where the data have no interior maximum', () => {
  it('says so of customers who all stay, and predicts by the model without dropout', () => {
    const faithful = customers(300, (row) => [1 + (row % 6), 29.3 + (row % 8) / 16, 30])
    const found = fitParetoNbd(faithful)
    expect(found).toMatchObject({ status: 'boundary', limit: 'no_dropout' })
    expect(found.warnings[0]).toMatch(/nobody leaving/)
    expect(found.standardErrors).toBeUndefined()
    for (const chance of paretoNbdProbabilityAlive(found.params, faithful)) expect(chance).toBeGreaterThan(0.999)
    // NBD: with a common rate, 30 more weeks bring what 30 weeks brought: 3.5 purchases a head.
    const mean = paretoNbdExpectedPurchases(found.params, faithful, 30).reduce((sum, value) => sum + value, 0) / 300
    expect(mean).toBeCloseTo(3.5, 2)
  })

  it('expects nothing of a base that has never bought twice', () => {
    const found = fitParetoNbd(customers(50, (row) => [0, 0, 10 + row]))
    expect(found).toMatchObject({
      status: 'boundary',
      limit: 'no_repeat_purchases',
      logLikelihood: expect.closeTo(0, 5),
    })
    expect(paretoNbdExpectedPurchasesNewCustomer(found.params, 52)).toBeLessThan(1e-6)
  })

  it('fails with a reason where nobody was observed', () => {
    expect(fitParetoNbd(customers(3, () => [0, 0, 0]))).toMatchObject({
      status: 'failed',
      limit: 'no_observation_time',
    })
  })

  it.each([
    ['one customer', oneCustomer(5, 20, 30)],
    [
      'one giant customer among many',
      customers(200, (row) => (row === 0 ? [100_000, 29, 30] : [row % 3, row % 3, 30])),
    ],
    ['purchases only at the start', customers(100, (row) => [1 + (row % 3), 0.1, 30])],
    ['last purchase on the last day', customers(100, (row) => [1 + (row % 4), 30, 30])],
    ['equal customers', customers(100, () => [3, 15, 30])],
  ])('gives finite parameters and predictions for %s', (_, summary) => {
    expectFinite(fitParetoNbd(summary), summary)
  })

  it('refuses an empty base and a discount rate of 0 by name', () => {
    expect(() => fitParetoNbd(customers(0, () => [0, 0, 0]))).toThrow(/frequency: there is no customer/)
    const params = { r: 1, alpha: 1, s: 1, beta: 1 }
    expect(() => paretoNbdDiscountedResidual(params, oneCustomer(1, 1, 2), 0)).toThrow(/continuousDiscountRate/)
    expect(() => paretoNbdProbabilityAlive({ ...params, s: -1 }, oneCustomer(1, 1, 2))).toThrow(/Parameter s/)
  })
})

const positive = (from: number, to: number) =>
  fc.double({ min: Math.log(from), max: Math.log(to), noNaN: true }).map(Math.exp)

describe('Pareto/NBD for every parameter and customer', () => {
  it('keeps P(alive) in 0..1, expectations finite, growing with the horizon and never above the purchases without dropout', () => {
    const anyParams = fc.record({
      r: positive(1e-5, 1e6),
      alpha: positive(1e-6, 1e9),
      s: positive(1e-4, 1e6),
      beta: positive(1e-9, 1e12),
    })
    const anyCustomer = fc
      .tuple(
        fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 100_000 })),
        fc.double({ min: 0, max: 1, noNaN: true }),
        positive(1e-6, 1e6),
      )
      .map(([x, share, age]) => oneCustomer(x, x === 0 ? 0 : share * age, age))
    fc.assert(
      fc.property(anyParams, anyCustomer, positive(1e-6, 1e7), (params, customer, horizon) => {
        const chance = paretoNbdProbabilityAlive(params, customer)[0]!
        expect(chance >= 0 && chance <= 1).toBe(true)
        expect(Number.isFinite(paretoNbdLogLikelihood(params, customer))).toBe(true)
        const soon = paretoNbdExpectedPurchases(params, customer, horizon)[0]!
        const later = paretoNbdExpectedPurchases(params, customer, horizon * 2)[0]!
        const undying = (chance * (params.r + customer.frequency[0]!) * horizon) / (params.alpha + customer.age[0]!)
        expect(soon >= 0 && later < Infinity).toBe(true)
        expect(later).toBeGreaterThanOrEqual(soon * (1 - 1e-9))
        expect(soon).toBeLessThanOrEqual(undying * (1 + 1e-9))
        expect(paretoNbdExpectedPurchases(params, customer, 0)[0]).toBe(0)
        const residual = paretoNbdDiscountedResidual(params, customer, 1 / horizon)[0]!
        // Discounting at 1/horizon keeps more than e^-1 of what comes before the horizon, and loses what comes late.
        expect(residual >= soon * Math.exp(-1) * (1 - 1e-9) && residual <= undying * (1 + 1e-9)).toBe(true)
      }),
      { numRuns: 300, seed: 20_250_601 },
    )
  }, 60_000)

  it('ends every fit of a small base with a status and finite numbers', () => {
    const base = fc.array(
      fc
        .tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 60 }))
        .map(([x, t, more]): [number, number, number] => [x, x === 0 ? 0 : t, (x === 0 ? 0 : t) + more]),
      { minLength: 1, maxLength: 25 },
    )
    fc.assert(
      fc.property(base, (rows) => {
        const summary = customers(rows.length, (row) => rows[row]!)
        expectFinite(fitParetoNbd(summary), summary)
      }),
      { numRuns: 60, seed: 7 },
    )
  }, 60_000)
})
