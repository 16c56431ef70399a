import { describe, expect, it } from 'vitest'
import { bgNbdExpectedPurchases, bgNbdProbabilityAlive, fitBgNbd } from '../purchases/bg-nbd.js'
import { fitMbgNbd } from '../purchases/mbg-nbd.js'
import { ScoringInputError } from '../scoring-input-error.js'
import { fitGammaGamma, gammaGammaExpectedValue } from '../spend/gamma-gamma.js'
import type { CustomerSummary } from './customer-summary.js'

const good: CustomerSummary = {
  frequency: Float64Array.of(0, 2),
  recency: Float64Array.of(0, 5),
  age: Float64Array.of(9, 9),
  monetaryValue: Float64Array.of(0, 20),
}
const params = { r: 0.24, alpha: 4.4, a: 0.8, b: 2.4 }

const BAD: [problem: string, patch: Partial<CustomerSummary>, column: string, row: number | undefined][] = [
  ['a fractional frequency', { frequency: Float64Array.of(0, 1.5) }, 'frequency', 1],
  ['a negative frequency', { frequency: Float64Array.of(-1, 2) }, 'frequency', 0],
  ['an unknown frequency', { frequency: Float64Array.of(0, Number.NaN) }, 'frequency', 1],
  ['an infinite frequency', { frequency: Float64Array.of(0, Infinity) }, 'frequency', 1],
  ['a recency above the age', { recency: Float64Array.of(0, 9.5) }, 'recency', 1],
  ['a negative recency', { recency: Float64Array.of(0, -1) }, 'recency', 1],
  ['an unknown recency', { recency: Float64Array.of(Number.NaN, 5) }, 'recency', 0],
  ['a recency without repeat purchases', { recency: Float64Array.of(3, 5) }, 'recency', 0],
  ['an infinite age', { age: Float64Array.of(9, Infinity) }, 'age', 1],
  ['an unknown age', { age: Float64Array.of(9, Number.NaN) }, 'age', 1],
  ['a negative age', { age: Float64Array.of(-9, 9) }, 'age', 0],
  ['a short column', { age: Float64Array.of(9) }, 'age', undefined],
  ['a negative weight', { weight: Float64Array.of(1, -1) }, 'weight', 1],
  ['an unknown weight', { weight: Float64Array.of(1, Number.NaN) }, 'weight', 1],
  ['a short list of ids', { customerIds: ['a'] }, 'customerIds', undefined],
]

const FUNCTIONS: [string, (summary: CustomerSummary) => unknown][] = [
  ['fitBgNbd', (summary) => fitBgNbd(summary)],
  ['fitMbgNbd', (summary) => fitMbgNbd(summary)],
  ['fitGammaGamma', (summary) => fitGammaGamma(summary)],
  ['bgNbdProbabilityAlive', (summary) => bgNbdProbabilityAlive(params, summary)],
  ['bgNbdExpectedPurchases', (summary) => bgNbdExpectedPurchases(params, summary, 10)],
]

describe.each(FUNCTIONS)('%s', (_, work) => {
  it.each(BAD)('refuses %s by column and row', (_problem, patch, column, row) => {
    let caught: unknown
    try {
      work({ ...good, ...patch })
    } catch (error) {
      caught = error
    }
    expect(caught).toBeInstanceOf(ScoringInputError)
    expect(caught).toMatchObject({ name: 'ScoringInputError', code: 'validation_failed', column, row })
    const place = row === undefined ? `${column}: ` : `${column}, row ${row}: `
    expect(String(caught)).toContain(place)
    expect(String(caught)).toMatch(/\. (Give|Count|Measure|Leave)/)
  })
})

describe('spend and parameters', () => {
  it.each([
    ['missing', undefined, undefined],
    ['negative', Float64Array.of(0, -3), 1],
    ['infinite', Float64Array.of(0, Infinity), 1],
    ['short', Float64Array.of(0), undefined],
  ])('refuses a spend column that is %s', (_, monetaryValue, row) => {
    const { monetaryValue: _left, ...rest } = good
    const summary: CustomerSummary = monetaryValue ? { ...rest, monetaryValue } : rest
    for (const work of [() => fitGammaGamma(summary), () => gammaGammaExpectedValue({ p: 6, q: 4, v: 15 }, summary)]) {
      expect(work).toThrow(ScoringInputError)
      expect(work).toThrow(row === undefined ? 'monetaryValue: ' : `monetaryValue, row ${row}: `)
    }
  })

  it('takes parameters and horizons for what they are', () => {
    expect(() => bgNbdProbabilityAlive({ ...params, alpha: -1 }, good)).toThrow(/Parameter alpha must be a positive/)
    expect(() => fitBgNbd(good, { start: { ...params, b: Number.NaN } })).toThrow(TypeError)
    expect(() => bgNbdExpectedPurchases(params, good, -1)).toThrow(/horizon: .*Give the length of the future/)
    expect(() => bgNbdExpectedPurchases(params, good, Number.NaN)).toThrow(ScoringInputError)
    expect(() => gammaGammaExpectedValue({ p: 0, q: 4, v: 15 }, good)).toThrow(/Parameter p/)
  })
})
