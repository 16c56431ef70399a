import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CrmError } from '../../kernel/crm-error.js'
import { evaluateFormula } from './evaluate-formula.js'
import type { Formula, ValueType } from './formula.js'
import { typeOfFormula } from './formula-type.js'

const types: Readonly<Record<string, ValueType>> = {
  n: 'number',
  t: 'text',
  b: 'boolean',
  d: 'date',
  i: 'dateTime',
  m: 'money',
  totals: 'moneyTotals',
  list: 'list',
  none: 'number',
}
const values: Readonly<Record<string, unknown>> = {
  n: 3,
  t: 'Ada',
  b: true,
  d: '2024-02-28',
  i: '2026-03-01T10:00:00.000Z',
  m: { amountMinor: 250, currency: 'EUR' },
  totals: { EUR: 750, USD: 30 },
  list: ['a', 'b'],
}
const f = (field: string): Formula => ({ field })
const eur = (amountMinor: number): Formula => ({ money: { amountMinor, currency: 'EUR' } })
const usd: Formula = { money: { amountMinor: 1, currency: 'USD' } }

function typeOf(formula: unknown): ValueType {
  return typeOfFormula(formula, (path) => types[path] as ValueType)
}

function valueOfFormula(formula: Formula): unknown {
  typeOf(formula)
  return evaluateFormula(formula, (path) => values[path])
}

/** The error that defining a formula ends with. */
function refusal(formula: unknown): CrmError {
  try {
    typeOf(formula)
  } catch (error) {
    return error as CrmError
  }
  throw new Error('expected the formula to be refused')
}

// Expected values are worked out by hand from the meaning that the documentation gives each function.
describe('the value of a formula', () => {
  test.each<[Formula, unknown]>([
    [{ add: [f('n'), 1, 0.5] }, 4.5],
    [{ add: [f('m'), eur(50)] }, { amountMinor: 300, currency: 'EUR' }],
    [{ subtract: [f('n'), 5] }, -2],
    [{ subtract: [f('m'), eur(300)] }, { amountMinor: -50, currency: 'EUR' }],
    [{ multiply: [f('m'), 0.5, 0.5] }, { amountMinor: 63, currency: 'EUR' }],
    [{ multiply: [eur(-1), 2.5] }, { amountMinor: -3, currency: 'EUR' }],
    [{ divide: [7, 2] }, 3.5],
    [{ divide: [f('m'), 3] }, { amountMinor: 83, currency: 'EUR' }],
    [{ divide: [f('m'), eur(1000)] }, 0.25],
    [{ round: [1.005, 2] }, 1.01],
    [{ round: [-2.5] }, -3],
    [{ round: [1234, -2] }, 1200],
    [{ abs: [{ subtract: [1, f('n')] }] }, 2],
    [{ abs: [eur(-7)] }, { amountMinor: 7, currency: 'EUR' }],
    [{ least: [3, f('n'), 2] }, 2],
    [{ greatest: [{ date: '2024-02-27' }, f('d')] }, '2024-02-28'],
    [{ eq: [f('m'), eur(250)] }, true],
    [{ ne: [f('t'), 'Bob'] }, true],
    [{ lt: [f('d'), { date: '2024-02-29' }] }, true],
    [{ gte: [f('m'), eur(251)] }, false],
    [{ and: [f('b'), { gt: [f('n'), 2] }] }, true],
    [{ or: [{ not: [f('b')] }, { lte: [f('n'), 3] }] }, true],
    [{ if: [f('b'), 'yes', 'no'] }, 'yes'],
    [{ concat: [f('t'), ' ', { upper: [f('t')] }, { lower: [f('t')] }] }, 'Ada ADAada'],
    [{ length: ['𝒳y'] }, 2],
    [{ length: [f('list')] }, 2],
    [{ includes: [f('list'), 'b'] }, true],
    [{ daysBetween: [f('d'), { date: '2024-03-01' }] }, 2],
    [{ daysBetween: [f('i'), { date: '2026-03-01' }] }, 0],
    [{ addDays: [f('d'), 1] }, '2024-02-29'],
    [{ addDays: [f('i'), -1] }, '2026-02-28T10:00:00.000Z'],
    [{ year: [f('d')] }, 2024],
    [{ month: [f('i')] }, 3],
    [{ amountIn: [f('totals'), 'USD'] }, 30],
    [{ moneyIn: [f('totals'), 'EUR'] }, { amountMinor: 750, currency: 'EUR' }],
    [{ amountIn: [f('m'), 'EUR'] }, 250],
  ])('%j is %j', (formula, expected) => {
    expect(valueOfFormula(formula)).toEqual(expected)
  })

  test.each<[string, Formula]>([
    ['an empty operand', { add: [f('none'), 1] }],
    ['an empty operand of a comparison', { gt: [f('none'), 1] }],
    ['division by zero', { divide: [f('n'), 0] }],
    ['division by no money', { divide: [f('m'), eur(0)] }],
    ['amounts of different currencies', { add: [f('m'), usd] }],
    ['an order between different currencies', { lt: [f('m'), usd] }],
    ['the greatest of different currencies', { greatest: [f('m'), usd] }],
    ['a ratio between different currencies', { divide: [f('m'), usd] }],
    ['a currency that the totals do not have', { amountIn: [f('totals'), 'JPY'] }],
    ['a whole number beyond 2^53', { multiply: [2 ** 52, 4] }],
    ['a number beyond all bounds', { divide: [1, 5e-324] }],
    ['money beyond 2^53', { multiply: [f('m'), 1e15] }],
    ['a day after the year 9999', { addDays: [f('d'), 1e7] }],
  ])('is empty for %s', (_case, formula) => {
    expect(valueOfFormula(formula)).toBeUndefined()
  })

  test('can stand in for what is empty', () => {
    expect(valueOfFormula({ coalesce: [f('none'), 7] })).toBe(7)
    expect(valueOfFormula({ isEmpty: [f('none')] })).toBe(true)
    expect(valueOfFormula({ if: [{ gt: [f('none'), 1] }, 'more', 'not more'] })).toBe('not more')
    expect(valueOfFormula({ not: [{ gt: [f('none'), 1] }] })).toBe(true)
  })

  test('of money agrees with whole-number arithmetic', () => {
    const minor = fc.integer({ min: -1e12, max: 1e12 })
    fc.assert(
      fc.property(minor, minor, minor, (a, b, c) => {
        const formula: Formula = { subtract: [{ add: [eur(a), eur(b)] }, eur(c)] }
        expect(valueOfFormula(formula)).toEqual({ amountMinor: a + b - c, currency: 'EUR' })
      }),
      { numRuns: 50 },
    )
  })

  test('is of the type that was found, or empty, whatever the fields hold', () => {
    const numbers = fc.double({ noDefaultInfinity: true, noNaN: true })
    fc.assert(
      fc.property(numbers, numbers, fc.constantFrom('add', 'subtract', 'multiply', 'divide', 'round'), (a, b, name) => {
        const value = evaluateFormula({ [name]: [f('a'), f('b')] } as Formula, (path) => (path === 'a' ? a : b))
        expect(value === undefined || Number.isSafeInteger(value) || !Number.isInteger(value)).toBe(true)
        expect(Number.isNaN(value) || value === Number.POSITIVE_INFINITY).toBe(false)
      }),
      { numRuns: 100 },
    )
  })
})

describe('a formula is refused', () => {
  test.each<[unknown, string]>([
    [{ add: [f('n'), f('t')] }, 'formula.add'],
    [{ add: [1, { add: [f('m'), 1] }] }, 'formula.add.1.add'],
    [{ multiply: [2, f('m')] }, 'formula.multiply'],
    [{ if: [f('n'), 1, 2] }, 'formula.if'],
    [{ if: [f('b'), 1, 'x'] }, 'formula.if'],
    [{ eq: [f('d'), '2024-02-28'] }, 'formula.eq'],
    [{ lt: [f('b'), f('b')] }, 'formula.lt'],
    [{ coalesce: [f('n'), f('t')] }, 'formula.coalesce'],
    [{ concat: [f('t'), f('n')] }, 'formula.concat'],
    [{ daysBetween: [f('d'), f('t')] }, 'formula.daysBetween'],
    [{ add: [] }, 'formula.add'],
    [{ now: [] }, 'formula'],
    [{ constructor: [1] }, 'formula'],
    [{ add: [1, 2], subtract: [1, 2] }, 'formula'],
    [{ date: '2023-02-29' }, 'formula.date'],
    [{ money: { amountMinor: 0.5, currency: 'EUR' } }, 'formula.money'],
    [2 ** 53, 'formula'],
    [null, 'formula'],
    [[1], 'formula'],
  ])('%j at %s', (formula, place) => {
    expect(refusal(formula)).toMatchObject({ code: 'validation_failed', details: { field: place } })
  })

  test('when it is nested too deep or has too many parts', () => {
    let deep: Formula = 1
    for (let level = 0; level < 40; level++) deep = { abs: [deep] }
    expect(refusal(deep).message).toContain('deeper than 32')
    expect(refusal({ add: Array.from({ length: 600 }, () => 1) }).message).toContain('more than 500')
  })
})
