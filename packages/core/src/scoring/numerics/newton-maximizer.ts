import type { Derivatives } from './derivatives.js'
import { invertPositiveDefinite } from './positive-definite.js'

/** A smooth function of a few variables with its exact derivatives, to be maximised inside a box. */
export interface SmoothObjective {
  evaluate(point: Float64Array): Derivatives
  lower: Float64Array
  upper: Float64Array
}

export interface Maximum extends Derivatives {
  point: Float64Array
  iterations: number
  /** Whether the gain still to be had is below rounding; false where the iterations ran out. */
  converged: boolean
}

/** Log-likelihood gain below which another step changes nothing that can be seen. */
const NEGLIGIBLE_GAIN = 1e-10
/** Promised gains above this are real, so that failing to get one means trouble, not rounding. */
const HONEST_GAIN = 1e-5
const LONGEST_STEP = 2.5
const MOST_DAMPING = 1e12

/**
 * Maximises an objective inside a box by Newton's method with Levenberg-Marquardt damping (Marquardt 1963): exact
 * second derivatives give quadratic convergence near the maximum, damping makes every step uphill far from it.
 * Variables that lie on a bound and would leave the box are held there until the gradient turns.
 */
export function maximizeInBox(objective: SmoothObjective, start: Float64Array, maxIterations: number): Maximum {
  const intoBox = (value: number, i: number): number =>
    Math.min(Math.max(value, objective.lower[i]!), objective.upper[i]!)
  let point = start.map(intoBox)
  let here = objective.evaluate(point)
  let damping = 0
  let iterations = 0
  let gain = Infinity
  let converged = false
  while (!converged && iterations < maxIterations && damping <= MOST_DAMPING) {
    const step = dampedStep(objective, point, here, damping)
    if (!step) {
      damping = Math.max(damping * 10, 1e-4)
      continue
    }
    gain = step.reduce((sum, part, i) => sum + part * here.gradient[i]!, 0) / 2
    const shortening = Math.min(1, LONGEST_STEP / Math.max(...step.map(Math.abs)))
    const there = point.map((value, i) => intoBox(value + shortening * step[i]!, i))
    const next = objective.evaluate(there)
    iterations++
    const noise = 1e-13 * Math.abs(here.value)
    if (next.value >= here.value - (gain < 1e-6 ? noise : 0)) {
      converged = damping === 0 && shortening === 1 && gain < NEGLIGIBLE_GAIN
      point = there
      here = next
      damping = damping < 1e-3 ? 0 : damping / 10
    } else if (gain <= Math.max(NEGLIGIBLE_GAIN, noise)) {
      converged = true
    } else {
      damping = Math.max(damping * 10, 1e-3)
    }
  }
  // Where no step of any length gains, the promise was rounding, if it was small.
  return { ...here, point, iterations, converged: converged || (damping > MOST_DAMPING && gain < HONEST_GAIN) }
}

/** The Newton step, held variables at rest; undefined where the damped curvature is not downward. */
function dampedStep(
  { lower, upper }: SmoothObjective,
  point: Float64Array,
  { gradient, hessian }: Derivatives,
  damping: number,
): Float64Array | undefined {
  const n = point.length
  const free = point.map((value, i) =>
    Number(!(value <= lower[i]! && gradient[i]! <= 0) && !(value >= upper[i]! && gradient[i]! >= 0)),
  )
  const diagonal = point.map((_, i) => free[i]! * Math.abs(hessian[i * n + i]!))
  const least = 1e-6 * Math.max(...diagonal) || Number.MIN_VALUE
  const inverse = hessian.map((value, at) => {
    const i = Math.floor(at / n)
    const curvature = free[i]! * free[at % n]! ? -value : 0
    return i === at % n ? curvature + (free[i]! ? damping * Math.max(diagonal[i]!, least) : 1) : curvature
  })
  if (!invertPositiveDefinite(inverse, n)) return undefined
  return point.map(
    (_, i) => gradient.reduce((sum, slope, j) => sum + inverse[i * n + j]! * free[j]! * slope, 0) * free[i]!,
  )
}
