import { inverseDiagonalRoots } from './cholesky.js'
import { type Maximum, maximizeInBox, type SmoothObjective } from './newton-maximizer.js'

const UNDETERMINED_ERROR = 2
const INVISIBLE_LOSS = 1e-6

/**
 * Follows every direction in which an objective is flat out to its bound, where that costs nothing: a search stops as
 * soon as steps gain nothing, which on a ridge is anywhere. Coordinates are logarithms, so that a curvature error of 2
 * means "known to a factor of seven".
 */
export function settleFlatDirections(objective: SmoothObjective, found: Maximum, maxIterations: number): Maximum {
  const n = found.point.length
  let best = found
  const errors = inverseDiagonalRoots(
    found.hessian.map((value) => -value),
    n,
  )
  const gradient = new Float64Array(n)
  const hessian = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    if (errors && errors[i]! < UNDETERMINED_ERROR) continue
    for (const bound of [objective.lower[i]!, objective.upper[i]!]) {
      if (best.point[i] === bound) continue
      const point = best.point.slice()
      point[i] = bound
      const value = objective.evaluate(point, gradient, hessian)
      if (!(value >= best.value - INVISIBLE_LOSS)) continue
      const settled = maximizeInBox(objective, point, maxIterations)
      if (settled.value >= best.value - INVISIBLE_LOSS && settled.point[i] === bound) {
        best = { ...settled, iterations: best.iterations + settled.iterations }
      }
    }
  }
  return best
}
