import { describe, expect, it } from 'vitest'
import { logGamma } from './gamma-functions.js'
import { risingFactorials } from './rising-factorial.js'

/** x, ln G, digamma, trigamma: mpmath, 20 digits. */
const EXACT: readonly (readonly [number, number, number, number])[] = [
  [1e-5, 11.512919692895826, -100000.57719921567, 10000000001.644909],
  [0.001, 6.907178885383853, -1000.5755719318103, 1000001.6425331958],
  [0.243, 1.3180435846996699, -4.351093864423211, 18.141779787095828],
  [0.5, 0.5723649429247001, -1.9635100260214235, 4.934802200544679],
  [1, 0.0, -0.5772156649015329, 1.6449340668482264],
  [2, 0.0, 0.42278433509846713, 0.6449340668482264],
  [3.7, 1.428072326665388, 1.1671535393615113, 0.3100378576700383],
  [9.99, 12.779315214350193, 2.250700372831201, 0.10527695014824179],
  [10, 12.801827480081469, 2.251752589066721, 0.10516633568168575],
  [42.5, 115.90007047041453, 3.7376932365000934, 0.023808399244056415],
  [1000, 5905.220423209181, 6.907255195648812, 0.0010005001666666333],
  [1e6, 12815504.569147611, 13.815510057964191, 1.0000005000001667e-6],
]

function close(actual: number, expected: number): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(4e-15 * Math.max(1, Math.abs(expected)))
}

describe('gamma functions', () => {
  it.each(EXACT)('at %d', (x, log, first, second) => {
    const found = logGamma(x)
    close(found.log, log)
    close(found.first, first)
    close(found.second, second)
  })
})

describe('rising factorials', () => {
  it('are the products they stand for, with gaps short and long', () => {
    const counts = Float64Array.of(0, 1, 2, 5, 70, 71, 400)
    const target = risingFactorials(0.7, counts, 1)
    counts.forEach((count, i) => {
      let log = 0
      let first = 0
      let second = 0
      for (let k = 0; k < count + 1; k++) {
        log += Math.log(0.7 + k)
        first += 1 / (0.7 + k)
        second -= 1 / (0.7 + k) ** 2
      }
      expect(target.log[i]).toBeCloseTo(log, 10)
      expect(target.first[i]).toBeCloseTo(first, 12)
      expect(target.second[i]).toBeCloseTo(second, 12)
    })
  })

  it('keep their digits where z is huge: (z)_2 differs from z^2 by z', () => {
    const target = risingFactorials(1e8, Float64Array.of(2))
    expect(target.first[0]! - 2e-8).toBeCloseTo(-1e-16, 22)
  })
})
