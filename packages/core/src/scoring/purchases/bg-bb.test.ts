import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import values from '../reference-data/bg-bb-values.json' with { type: 'json' }
import { oneCustomer, readReferenceRows, relativeError } from '../reference-data/cdnow.fixture.js'
import type { CustomerSummary } from '../summary/customer-summary.js'
import { bgBbExpectedPurchases, bgBbLogLikelihood, bgBbProbabilityAlive, fitBgBb } from './bg-bb.js'
import { bgBbLikelihood } from './bg-bb-likelihood.js'
import type { BgBbParams } from './bg-bb-params.js'
import { groupPurchaseHistories } from './purchase-histories.js'

const NAMES = ['alpha', 'beta', 'gamma', 'delta'] as const

/** 11,104 people who gave first in 1995, with their gifts in the six years after. */
function donors(): CustomerSummary & { weight: Float64Array } {
  const rows = readReferenceRows('./bg-bb-donors.csv')
  const column = (name: string) => Float64Array.from(rows, (row) => Number(row[name]))
  return { frequency: column('x'), recency: column('t_x'), age: column('n'), weight: column('customers') }
}

const summary = donors()
const sum = (column: Float64Array) => column.reduce((total, value) => total + value, 0)

describe('BG/BB on the donors of Fader, Hardie & Shang (2010)', () => {
  const fit = fitBgBb(summary)

  it('gives the estimates and the log-likelihood printed in table 3', () => {
    expect(fit).toMatchObject({ model: 'bg_bb', status: 'converged', warnings: [] })
    expect(NAMES.map((name) => fit.params[name].toFixed(3))).toEqual(['1.204', '0.750', '0.657', '2.783'])
    expect(fit.logLikelihood.toFixed(1)).toBe('-33225.6')
    for (const name of NAMES) expect(fit.standardErrors![name]).toBeLessThan(fit.params[name] / 3)
  })

  it('gives the chances of being there in 2002 of table 6', () => {
    const alive = bgBbProbabilityAlive(fit.params, summary)
    const at = (x: number, t: number) =>
      alive[summary.frequency.findIndex((value, row) => value === x && summary.recency[row] === t)]!
    expect([at(0, 0), at(2, 4), at(6, 6)].map((value) => value.toFixed(2))).toEqual(['0.11', '0.59', '0.93'])
  })

  it('expects 12,884 gifts in the five years to come, as the spreadsheet of note 010 does', () => {
    const expected = bgBbExpectedPurchases(fit.params, summary, 5)
    expect(Math.abs(sum(expected.map((value, row) => value * summary.weight[row]!)) - 12884.2)).toBeLessThan(0.5)
  })

  it.each([
    { alpha: 10, beta: 0.2, gamma: 3, delta: 1 },
    { alpha: 0.1, beta: 7, gamma: 0.05, delta: 0.3 },
    { alpha: 40, beta: 30, gamma: 2, delta: 90 },
    { alpha: 1, beta: 1, gamma: 1, delta: 1 },
  ])('finds the same optimum from %o', (start) => {
    const found = fitBgBb(summary, { start })
    expect(Math.abs(found.logLikelihood - fit.logLikelihood)).toBeLessThan(1e-6)
    for (const name of NAMES) expect(relativeError(found.params[name], fit.params[name])).toBeLessThan(1e-5)
  })
})

describe('BG/BB against quadrature over the two Beta distributions', () => {
  it.each(
    values.map((row) => [`${row.alpha}/${row.beta}/${row.gamma}/${row.delta}, x ${row.x} of ${row.n}`, row] as const),
  )('%s', (_, row) => {
    const customer = oneCustomer(row.x, row.t_x, row.n)
    const error = Math.abs(bgBbLogLikelihood(row, customer) - Number(row.logLikelihood))
    expect(error).toBeLessThan(1e-9 * Math.max(1, Math.abs(Number(row.logLikelihood))))
    expect(relativeError(bgBbProbabilityAlive(row, customer)[0]!, Number(row.alive))).toBeLessThan(1e-9)
    expect(relativeError(bgBbExpectedPurchases(row, customer, row.ahead)[0]!, Number(row.expected))).toBeLessThan(1e-9)
  })
})

describe('BG/BB derivatives', () => {
  it('are those that differences of the log-likelihood and of the gradient give', () => {
    const histories = groupPurchaseHistories(summary)
    const params: BgBbParams = { alpha: 0.7, beta: 2, gamma: 1.5, delta: 4 }
    const { gradient, hessian } = bgBbLikelihood(histories, params)
    const h = 1e-5
    NAMES.forEach((name, i) => {
      const { value: above, gradient: up } = bgBbLikelihood(histories, {
        ...params,
        [name]: params[name] * Math.exp(h),
      })
      const { value: below, gradient: down } = bgBbLikelihood(histories, {
        ...params,
        [name]: params[name] * Math.exp(-h),
      })
      expect(Math.abs((above - below) / (2 * h) - gradient[i]!)).toBeLessThan(1e-3)
      for (let j = 0; j < 4; j++) {
        expect(Math.abs((up[j]! - down[j]!) / (2 * h) - hessian[i * 4 + j]!)).toBeLessThan(1e-4)
      }
    })
  })
})

describe('BG/BB on simulated customers', () => {
  it('recovers the parameters within three standard errors', () => {
    const truth: BgBbParams = { alpha: 1.5, beta: 3, gamma: 0.8, delta: 5 }
    const found = fitBgBb(simulate(truth, 20_000, 10, 42))
    expect(found.status).toBe('converged')
    for (const name of NAMES) {
      expect(Math.abs(found.params[name] - truth[name])).toBeLessThan(3 * found.standardErrors![name])
    }
  })
})

describe('BG/BB where the data have no interior maximum', () => {
  it('says that nobody leaves', () => {
    const rows = Array.from({ length: 200 }, (_, row) => 1 + (row % 8))
    const found = fitBgBb({
      frequency: Float64Array.from(rows),
      recency: Float64Array.from(rows, () => 8),
      age: Float64Array.from(rows, () => 8),
    })
    expect(found).toMatchObject({ status: 'boundary', limit: 'no_dropout' })
    expect(found.standardErrors).toBeUndefined()
  })

  it('says that there was nothing to learn from', () => {
    const none = { frequency: new Float64Array(3), recency: new Float64Array(3), age: Float64Array.of(4, 4, 4) }
    expect(fitBgBb(none)).toMatchObject({ status: 'boundary', limit: 'no_repeat_purchases' })
    expect(fitBgBb({ ...none, age: new Float64Array(3) })).toMatchObject({
      status: 'failed',
      limit: 'no_observation_time',
    })
    expect(() => fitBgBb({ ...none, weight: new Float64Array(3) })).toThrow(/there is no customer/)
  })

  it('ends with a status and finite numbers for every small base', () => {
    const customer = fc
      .tuple(fc.integer({ min: 0, max: 12 }), fc.nat(12), fc.nat(12))
      .map(([x, skipped, silent]): [number, number, number] =>
        x === 0 ? [0, 0, silent] : [x, x + skipped, x + skipped + silent],
      )
    fc.assert(
      fc.property(fc.array(customer, { minLength: 1, maxLength: 25 }), (rows) => {
        const base = {
          frequency: Float64Array.from(rows, ([x]) => x),
          recency: Float64Array.from(rows, ([, last]) => last),
          age: Float64Array.from(rows, ([, , n]) => n),
        }
        const found = fitBgBb(base)
        expect(found.limit === undefined).toBe(found.status === 'converged')
        for (const value of [...Object.values(found.params), ...Object.values(found.standardErrors ?? {})]) {
          expect(value > 0 && value < Infinity).toBe(true)
        }
        expect(Number.isFinite(found.logLikelihood)).toBe(true)
        for (const value of bgBbProbabilityAlive(found.params, base)) expect(value >= 0 && value <= 1).toBe(true)
        for (const value of bgBbExpectedPurchases(found.params, base, 7)) expect(value >= 0 && value <= 7).toBe(true)
      }),
      { numRuns: 100, seed: 11 },
    )
  }, 60_000)
})

describe('BG/BB input', () => {
  it.each([
    [oneCustomer(2, 2.5, 6), /recency, row 0: the last opportunity/],
    [oneCustomer(2, 3, 6.5), /age, row 0: the number of opportunities/],
    [oneCustomer(4, 3, 6), /frequency, row 0: the purchases do not fit/],
    [oneCustomer(1, 0, 6), /frequency, row 0: the purchases do not fit/],
  ])('names the row that counts no opportunities: %#', (customer, message) => {
    expect(() => fitBgBb(customer)).toThrow(message)
  })

  it('refuses half an opportunity ahead and impossible parameters', () => {
    const params = { alpha: 1, beta: 1, gamma: 1, delta: 1 }
    expect(() => bgBbExpectedPurchases(params, oneCustomer(1, 1, 2), 0.5)).toThrow(/whole number/)
    expect(() => bgBbProbabilityAlive({ ...params, gamma: 0 }, oneCustomer(1, 1, 2))).toThrow(/Parameter gamma/)
    expect(
      bgBbProbabilityAlive(params, {
        frequency: new Float64Array(0),
        recency: new Float64Array(0),
        age: new Float64Array(0),
      }),
    ).toHaveLength(0)
  })
})

/** Draws by a small seeded generator; Beta(k, m) as the k-th smallest would need whole shapes, so by Johnk's method. */
function simulate(
  { alpha, beta, gamma, delta }: BgBbParams,
  n: number,
  opportunities: number,
  seed: number,
): CustomerSummary {
  let state = seed
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 0x85ebca6b)
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
    return (((mixed ^ (mixed >>> 16)) >>> 0) + 0.5) / 2 ** 32
  }
  const drawBeta = (a: number, b: number): number => {
    for (;;) {
      const u = uniform() ** (1 / a)
      const v = uniform() ** (1 / b)
      if (u + v <= 1) return u / (u + v)
    }
  }
  const frequency = new Float64Array(n)
  const recency = new Float64Array(n)
  for (let row = 0; row < n; row++) {
    const buys = drawBeta(alpha, beta)
    const leaves = drawBeta(gamma, delta)
    for (let t = 1; t <= opportunities && uniform() >= leaves; t++) {
      if (uniform() >= buys) continue
      frequency[row]! += 1
      recency[row] = t
    }
  }
  return { frequency, recency, age: new Float64Array(n).fill(opportunities) }
}
