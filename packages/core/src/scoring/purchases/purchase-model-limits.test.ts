import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { oneCustomer } from '../reference-data/cdnow.fixture.js'
import type { CustomerSummary } from '../summary/customer-summary.js'
import {
  bgNbdExpectedPurchases,
  bgNbdExpectedPurchasesNewCustomer,
  bgNbdLogLikelihood,
  bgNbdProbabilityAlive,
  fitBgNbd,
} from './bg-nbd.js'
import {
  fitMbgNbd,
  mbgNbdExpectedPurchases,
  mbgNbdExpectedPurchasesNewCustomer,
  mbgNbdLogLikelihood,
  mbgNbdProbabilityAlive,
} from './mbg-nbd.js'

const MODELS = [
  {
    name: 'BG/NBD',
    fit: fitBgNbd,
    logLikelihood: bgNbdLogLikelihood,
    alive: bgNbdProbabilityAlive,
    expected: bgNbdExpectedPurchases,
    newcomer: (params: Parameters<typeof bgNbdExpectedPurchases>[0], t: number) =>
      bgNbdExpectedPurchasesNewCustomer(params, t),
  },
  {
    name: 'MBG/NBD',
    fit: fitMbgNbd,
    logLikelihood: mbgNbdLogLikelihood,
    alive: mbgNbdProbabilityAlive,
    expected: mbgNbdExpectedPurchases,
    newcomer: (params: Parameters<typeof bgNbdExpectedPurchases>[0], t: number) =>
      mbgNbdExpectedPurchasesNewCustomer(params, t),
  },
]

function customers(n: number, of: (row: number) => [x: number, recency: number, age: number]): CustomerSummary {
  const rows = Array.from({ length: n }, (_, row) => of(row))
  return {
    frequency: Float64Array.from(rows, ([x]) => x),
    recency: Float64Array.from(rows, ([, recency]) => recency),
    age: Float64Array.from(rows, ([, , age]) => age),
  }
}

/** Purchases of everybody spread to the end: nobody has left. */
const faithful = customers(300, (row) => [1 + (row % 6), 29.3 + (row % 8) / 16, 30])

describe.each(MODELS)('$name where the data have no interior maximum', ({ fit, alive, expected, newcomer }) => {
  it('says so of customers who all stay, and predicts by the model without dropout', () => {
    const found = fit(faithful)
    expect(found.status).toBe('boundary')
    expect(found.limit).toBe('no_dropout')
    expect(found.warnings[0]).toMatch(/nobody leaving/)
    expect(found.standardErrors).toBeUndefined()
    for (const chance of alive(found.params, faithful)) expect(chance).toBeGreaterThan(0.999)
    // NBD: with a common rate, 30 more weeks bring what 30 weeks brought: 3.5 purchases a head.
    const mean = expected(found.params, faithful, 30).reduce((sum, value) => sum + value, 0) / 300
    expect(mean).toBeCloseTo(3.5, 2)
  })

  it('expects nothing of a base that has never bought twice', () => {
    const found = fit(customers(50, (row) => [0, 0, 10 + row]))
    expect(found).toMatchObject({
      status: 'boundary',
      limit: 'no_repeat_purchases',
      logLikelihood: expect.closeTo(0, 5),
    })
    expect(newcomer(found.params, 52)).toBeLessThan(1e-6)
  })

  it('fails with a reason where nobody was observed', () => {
    expect(fit(customers(3, () => [0, 0, 0]))).toMatchObject({ status: 'failed', limit: 'no_observation_time' })
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
    const found = fit(summary)
    for (const value of Object.values(found.params)) expect(value).toBeGreaterThan(0)
    for (const value of Object.values(found.params)) expect(value).toBeLessThan(Infinity)
    expect(Number.isFinite(found.logLikelihood)).toBe(true)
    for (const value of alive(found.params, summary)) expect(value >= 0 && value <= 1).toBe(true)
    for (const value of expected(found.params, summary, 30)) expect(value >= 0 && value < Infinity).toBe(true)
  })

  it('refuses an empty base by name', () => {
    expect(() => fit(customers(0, () => [0, 0, 0]))).toThrow(/frequency: there is no customer/)
  })
})

const positive = (from: number, to: number) =>
  fc.double({ min: Math.log(from), max: Math.log(to), noNaN: true }).map(Math.exp)
const anyParams = fc.record({
  r: positive(1e-5, 1e6),
  alpha: positive(1e-6, 1e9),
  a: positive(1e-9, 1e6),
  b: positive(1e-9, 1e6),
})
const anyCustomer = fc
  .tuple(
    fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 100_000 })),
    fc.double({ min: 0, max: 1, noNaN: true }),
    positive(1e-6, 1e6),
  )
  .map(([x, share, age]) => oneCustomer(x, x === 0 ? 0 : share * age, age))

describe.each(MODELS)('$name for every parameter and customer', ({ logLikelihood, alive, expected, newcomer }) => {
  it('keeps P(alive) in 0..1, expectations finite, growing with the horizon and never above the purchases without dropout', () => {
    fc.assert(
      fc.property(anyParams, anyCustomer, positive(1e-6, 1e7), (params, customer, horizon) => {
        const chance = alive(params, customer)[0]!
        expect(chance >= 0 && chance <= 1).toBe(true)
        expect(Number.isFinite(logLikelihood(params, customer))).toBe(true)
        const soon = expected(params, customer, horizon)[0]!
        const later = expected(params, customer, horizon * 2)[0]!
        const undying = (chance * (params.r + customer.frequency[0]!) * horizon) / (params.alpha + customer.age[0]!)
        expect(soon >= 0 && later < Infinity).toBe(true)
        expect(later).toBeGreaterThanOrEqual(soon * (1 - 1e-9))
        expect(soon).toBeLessThanOrEqual(undying * (1 + 1e-9))
        expect(expected(params, customer, 0)[0]).toBe(0)
        expect(Number.isFinite(newcomer(params, horizon))).toBe(true)
      }),
      { numRuns: 300, seed: 20_250_601 },
    )
  }, 60_000)
})

describe('a chance to stay of nearly nothing', () => {
  it('keeps its digits: after one purchase the odds of having left are a/b, whatever b', () => {
    const params = { r: 1, alpha: 1, a: 1e-12, b: 3e-12 }
    expect(bgNbdProbabilityAlive(params, oneCustomer(1, 5, 5))[0]).toBeCloseTo(0.75, 12)
    expect(bgNbdProbabilityAlive({ ...params, a: 1e-100, b: 3e-100 }, oneCustomer(1, 5, 5))[0]).toBeCloseTo(0.75, 12)
    expect(mbgNbdProbabilityAlive(params, oneCustomer(0, 0, 0))[0]).toBeCloseTo(0.75, 12)
  })
})

describe.each(MODELS)('$name for every small customer base', ({ fit, alive, expected }) => {
  it('ends with a status and finite numbers', () => {
    const base = fc.array(
      fc
        .tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 60 }))
        .map(([x, t, more]): [number, number, number] => [x, x === 0 ? 0 : t, (x === 0 ? 0 : t) + more]),
      { minLength: 1, maxLength: 25 },
    )
    fc.assert(
      fc.property(base, (rows) => {
        const summary = customers(rows.length, (row) => rows[row]!)
        const found = fit(summary)
        expect(['converged', 'boundary', 'failed']).toContain(found.status)
        expect(found.limit === undefined).toBe(found.status === 'converged')
        for (const value of [...Object.values(found.params), ...Object.values(found.standardErrors ?? {})]) {
          expect(value > 0 && value < Infinity).toBe(true)
        }
        expect(Number.isFinite(found.logLikelihood)).toBe(true)
        for (const value of alive(found.params, summary)) expect(value >= 0 && value <= 1).toBe(true)
        for (const value of expected(found.params, summary, 52)) expect(value >= 0 && value < Infinity).toBe(true)
      }),
      { numRuns: 150, seed: 7 },
    )
  }, 60_000)
})
