import { factorCholesky, solveCholesky } from '../numerics/cholesky.js'
import { chiSquareTail } from './chi-square-tail.js'
import type { RiskTable } from './risk-table.js'

/** Whether groups differ in survival: chi-square statistic, degrees of freedom, and p-value from 0 to 1. */
export interface LogRankTest {
  statistic: number
  degreesOfFreedom: number
  pValue: number
  /** Events per group, and those to expect if all groups had one survival. */
  observed: number[]
  expected: number[]
}

/**
 * Log-rank test (Mantel 1966; Peto & Peto 1972) with the hypergeometric variance, over tables counted at the same
 * times. Undefined where no two groups were ever at risk together, so that there is nothing to compare.
 */
export function logRankTest(groups: readonly RiskTable[]): LogRankTest | undefined {
  const k = groups.length
  const observed = groups.map(({ events }) => events.reduce((sum, d) => sum + d, 0))
  const expected = groups.map(() => 0)
  const covariance = new Float64Array(k * k)
  for (let time = 0; time < (groups[0]?.events.length ?? 0); time++) {
    let n = 0
    let d = 0
    for (const group of groups) {
      n += group.atRisk[time]!
      d += group.events[time]!
    }
    if (!(n > 0)) continue
    const scale = n > 1 ? (d * (n - d)) / (n - 1) : 0
    for (let i = 0; i < k; i++) {
      const share = groups[i]!.atRisk[time]! / n
      expected[i]! += d * share
      for (let j = 0; j < k; j++) {
        covariance[i * k + j]! += scale * share * ((i === j ? 1 : 0) - groups[j]!.atRisk[time]! / n)
      }
    }
  }
  // Deviations sum to 0, so one group is left out; groups never compared carry no information.
  const compared = groups.map((_, i) => i).filter((i) => covariance[i * k + i]! > 0)
  const free = compared.slice(1)
  const degreesOfFreedom = free.length
  if (degreesOfFreedom === 0) return undefined
  const matrix = Float64Array.from(free.flatMap((i) => free.map((j) => covariance[i * k + j]!)))
  const deviation = free.map((i) => observed[i]! - expected[i]!)
  const solved = Float64Array.from(deviation)
  if (!factorCholesky(matrix, degreesOfFreedom)) return undefined
  solveCholesky(matrix, degreesOfFreedom, solved)
  const statistic = Math.max(
    0,
    deviation.reduce((sum, value, i) => sum + value * solved[i]!, 0),
  )
  return { statistic, degreesOfFreedom, pValue: chiSquareTail(statistic, degreesOfFreedom), observed, expected }
}
