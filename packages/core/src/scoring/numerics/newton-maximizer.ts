import { factorCholesky, solveCholesky } from './cholesky.js'

/** A smooth function of a few variables with its exact derivatives, to be maximised. */
export interface SmoothObjective {
  /** Returns the value at `point`; writes the gradient and the row-major Hessian. */
  evaluate(point: Float64Array, gradient: Float64Array, hessian: Float64Array): number
  lower: Float64Array
  upper: Float64Array
}

export interface Maximum {
  point: Float64Array
  value: number
  gradient: Float64Array
  hessian: Float64Array
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
  const n = start.length
  const { lower, upper } = objective
  let here = stateAt(
    objective,
    Float64Array.from(start, (v, i) => Math.min(Math.max(v, lower[i]!), upper[i]!)),
  )
  let next = emptyState(n)
  const factor = new Float64Array(n * n)
  const step = new Float64Array(n)
  let damping = 0
  let iterations = 0
  let converged = false
  let promised = Infinity

  while (iterations < maxIterations && !converged) {
    const free = freeVariables(here, lower, upper)
    if (free.length === 0) {
      converged = true
      break
    }
    let accepted = false
    while (!accepted && damping <= MOST_DAMPING) {
      const gain = dampedStep(here, free, damping, factor, step)
      if (gain === undefined) {
        damping = Math.max(damping * 10, 1e-4)
        continue
      }
      promised = gain
      const limited = limitStep(step)
      const last = damping === 0 && !limited && gain < NEGLIGIBLE_GAIN
      for (let i = 0; i < n; i++) {
        next.point[i] = Math.min(Math.max(here.point[i]! + step[i]!, lower[i]!), upper[i]!)
      }
      next.value = objective.evaluate(next.point, next.gradient, next.hessian)
      iterations++
      const noise = 1e-13 * Math.abs(here.value)
      if (next.value >= here.value - (gain < 1e-6 ? noise : 0)) {
        accepted = true
        const previous = here
        here = next
        next = previous
        damping = damping < 1e-3 ? 0 : damping / 10
        converged = last
      } else if (gain <= Math.max(NEGLIGIBLE_GAIN, noise)) {
        accepted = true
        converged = true
      } else {
        damping = Math.max(damping * 10, 1e-3)
        if (iterations >= maxIterations) break
      }
    }
    if (!accepted) {
      // No step of any length gains: the promise of the model was rounding, if it was small.
      converged = damping > MOST_DAMPING && promised < HONEST_GAIN
      break
    }
  }
  return { ...here, iterations, converged }
}

interface State {
  point: Float64Array
  value: number
  gradient: Float64Array
  hessian: Float64Array
}

function emptyState(n: number): State {
  return {
    point: new Float64Array(n),
    value: 0,
    gradient: new Float64Array(n),
    hessian: new Float64Array(n * n),
  }
}

function stateAt(objective: SmoothObjective, point: Float64Array): State {
  const state = emptyState(point.length)
  state.point.set(point)
  state.value = objective.evaluate(state.point, state.gradient, state.hessian)
  return state
}

function freeVariables(state: State, lower: Float64Array, upper: Float64Array): number[] {
  const free: number[] = []
  for (let i = 0; i < state.point.length; i++) {
    const held =
      (state.point[i]! <= lower[i]! && state.gradient[i]! <= 0) ||
      (state.point[i]! >= upper[i]! && state.gradient[i]! >= 0)
    if (!held) free.push(i)
  }
  return free
}

/** Writes the damped Newton step and returns the gain it promises, or undefined where the curvature is not downward. */
function dampedStep(
  state: State,
  free: readonly number[],
  damping: number,
  factor: Float64Array,
  step: Float64Array,
): number | undefined {
  const n = state.point.length
  const m = free.length
  let largest = 0
  for (const i of free) largest = Math.max(largest, Math.abs(state.hessian[i * n + i]!))
  const right = new Float64Array(m)
  for (let i = 0; i < m; i++) {
    const row = free[i]!
    for (let j = 0; j < m; j++) factor[i * m + j] = -state.hessian[row * n + free[j]!]!
    const diagonal = Math.abs(state.hessian[row * n + row]!)
    factor[i * m + i]! += damping * Math.max(diagonal, 1e-6 * largest, Number.MIN_VALUE)
    right[i] = state.gradient[row]!
  }
  if (!factorCholesky(factor, m)) return undefined
  solveCholesky(factor, m, right)
  step.fill(0)
  let slope = 0
  for (let i = 0; i < m; i++) {
    step[free[i]!] = right[i]!
    slope += right[i]! * state.gradient[free[i]!]!
  }
  return Number.isFinite(slope) ? slope / 2 : undefined
}

function limitStep(step: Float64Array): boolean {
  let longest = 0
  for (const part of step) longest = Math.max(longest, Math.abs(part))
  if (longest <= LONGEST_STEP) return false
  for (let i = 0; i < step.length; i++) step[i]! *= LONGEST_STEP / longest
  return true
}
