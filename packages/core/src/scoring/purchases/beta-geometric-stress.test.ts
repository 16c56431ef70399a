import { describe, expect, it } from 'vitest'
import { oneCustomer, readReferenceRows, relativeError } from '../reference-data/cdnow.fixture.js'
import corners from '../reference-data/far-corner-expectations.json' with { type: 'json' }
import { bgNbdExpectedPurchases, bgNbdLogLikelihood, bgNbdProbabilityAlive } from './bg-nbd.js'
import { expectedBeforeDropout } from './expected-before-dropout.js'
import { mbgNbdExpectedPurchases, mbgNbdLogLikelihood, mbgNbdProbabilityAlive } from './mbg-nbd.js'

const rows = readReferenceRows('./beta-geometric-stress.csv')

describe('exact stress table: x to 2000, a = 1, a + b < 1, two years of days', () => {
  it.each([
    ['bg_expected', (row: StressCase) => bgNbdExpectedPurchases(row.params, row.customer, row.t)[0]!],
    ['bg_p_alive', (row: StressCase) => bgNbdProbabilityAlive(row.params, row.customer)[0]!],
    ['bg_log_likelihood', (row: StressCase) => bgNbdLogLikelihood(row.params, row.customer)],
    ['mbg_expected', (row: StressCase) => mbgNbdExpectedPurchases(row.params, row.customer, row.t)[0]!],
    ['mbg_p_alive', (row: StressCase) => mbgNbdProbabilityAlive(row.params, row.customer)[0]!],
    ['mbg_log_likelihood', (row: StressCase) => mbgNbdLogLikelihood(row.params, row.customer)],
  ] as const)('%s is finite and right to 1e-9 in all 390 rows', (column, compute) => {
    expect(rows).toHaveLength(390)
    const wrong = rows.filter((row) => {
      const got = compute(stressCase(row))
      return !(Number.isFinite(got) && relativeError(got, Number(row[column])) < 1e-9)
    })
    expect(wrong).toEqual([])
  })
})

describe('corners beyond the table, by quadrature at 40 digits', () => {
  it.each(
    corners.map(
      (corner) => [`a ${corner.a}, b ${corner.b}, shape ${corner.shape}, t ${corner.horizon}`, corner] as const,
    ),
  )('%s', (_, corner) => {
    expect(relativeError(expectedBeforeDropout(corner, corner.horizon), Number(corner.expected))).toBeLessThan(1e-11)
  })
})

type StressCase = ReturnType<typeof stressCase>

function stressCase(row: Record<string, string>) {
  return {
    params: { r: Number(row.r), alpha: Number(row.alpha), a: Number(row.a), b: Number(row.b) },
    customer: oneCustomer(Number(row.x), Number(row.t_x), Number(row.T)),
    t: Number(row.t),
  }
}
