import { describe, expect, it } from 'vitest'
import { oneCustomer, readReferenceRows, relativeError } from '../reference-data/cdnow.fixture.js'
import corners from '../reference-data/pareto-nbd-corners.json' with { type: 'json' }
import {
  paretoNbdDiscountedResidual,
  paretoNbdExpectedPurchases,
  paretoNbdLogLikelihood,
  paretoNbdProbabilityAlive,
} from './pareto-nbd.js'

const rows = readReferenceRows('./pareto-nbd-stress.csv')

describe('exact Pareto/NBD stress table: x in the thousands, s = 1, alpha on either side of beta', () => {
  it.each([
    ['expected', (row: StressCase) => paretoNbdExpectedPurchases(row.params, row.customer, row.t)[0]!],
    ['p_alive', (row: StressCase) => paretoNbdProbabilityAlive(row.params, row.customer)[0]!],
    ['log_likelihood', (row: StressCase) => paretoNbdLogLikelihood(row.params, row.customer)],
  ] as const)('%s is finite and right to 1e-9 in all 190 rows', (column, compute) => {
    expect(rows).toHaveLength(190)
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
      (corner) =>
        [
          `r ${corner.r}, alpha ${corner.alpha}, s ${corner.s}, beta ${corner.beta}, x ${corner.x}, T ${corner.T}`,
          corner,
        ] as const,
    ),
  )('%s', (_, corner) => {
    const customer = oneCustomer(corner.x, corner.t_x, corner.T)
    expect(relativeError(paretoNbdLogLikelihood(corner, customer), Number(corner.logLikelihood))).toBeLessThan(1e-9)
    expect(relativeError(paretoNbdProbabilityAlive(corner, customer)[0]!, Number(corner.alive))).toBeLessThan(1e-9)
    for (const [rate, exact] of Object.entries(corner.residual)) {
      const residual = paretoNbdDiscountedResidual(corner, customer, Number(rate))[0]!
      expect(relativeError(residual, Number(exact))).toBeLessThan(1e-9)
    }
  })
})

type StressCase = ReturnType<typeof stressCase>

function stressCase(row: Record<string, string>) {
  return {
    params: { r: Number(row.r), alpha: Number(row.alpha), s: Number(row.s), beta: Number(row.beta) },
    customer: oneCustomer(Number(row.x), Number(row.t_x), Number(row.T)),
    t: Number(row.t),
  }
}
