import { describe, expect, it } from 'vitest'
import { maximizeInBox, type SmoothObjective } from './newton-maximizer.js'

const wide = { lower: Float64Array.of(-50, -50), upper: Float64Array.of(50, 50) }

/** Rosenbrock's banana turned upside down: maximum 0 at (1, 1), along a curved ridge. */
const banana: SmoothObjective = {
  ...wide,
  evaluate(point) {
    const x = point[0]!
    const y = point[1]!
    const d = y - x * x
    return {
      value: -100 * d * d - (1 - x) ** 2,
      gradient: Float64Array.of(400 * x * d + 2 * (1 - x), -200 * d),
      hessian: Float64Array.of(400 * (d - 2 * x * x) - 2, 400 * x, 400 * x, -200),
    }
  },
}

describe('maximizeInBox', () => {
  it.each([
    [-1.2, 1],
    [30, -20],
    [0, 0],
  ])('climbs a curved ridge from (%d, %d)', (x, y) => {
    const found = maximizeInBox(banana, Float64Array.of(x, y), 500)
    expect(found.converged).toBe(true)
    expect(found.point[0]).toBeCloseTo(1, 5)
    expect(found.point[1]).toBeCloseTo(1, 5)
  })

  it('stops on the bound where the maximum lies outside the box', () => {
    const boxed = { ...banana, upper: Float64Array.of(0.5, 50) }
    const found = maximizeInBox(boxed, Float64Array.of(-1.2, 1), 500)
    expect(found.converged).toBe(true)
    expect(found.point[0]).toBe(0.5)
    expect(found.point[1]).toBeCloseTo(0.25, 8)
  })

  it('starts inside the box whatever the start', () => {
    const boxed = { ...banana, upper: Float64Array.of(3, 3) }
    expect(maximizeInBox(boxed, Float64Array.of(1e6, -1e6), 500).point[0]).toBeCloseTo(1, 5)
  })

  it('runs out along a slope that never ends, up to the bound', () => {
    const slope: SmoothObjective = {
      lower: Float64Array.of(-5),
      upper: Float64Array.of(20),
      evaluate(point) {
        const decay = Math.exp(-point[0]!)
        return { value: -decay, gradient: Float64Array.of(decay), hessian: Float64Array.of(-decay) }
      },
    }
    expect(maximizeInBox(slope, Float64Array.of(0), 500).point[0]).toBe(20)
  })

  it('says when the iterations ran out', () => {
    expect(maximizeInBox(banana, Float64Array.of(-1.2, 1), 3).converged).toBe(false)
  })
})
