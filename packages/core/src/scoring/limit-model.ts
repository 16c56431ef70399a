import type { SmoothObjective } from './numerics/newton-maximizer.js'

/** A simpler model to which estimates run where the data have no interior maximum: a bound of the search. */
export interface LimitModel {
  coordinate: number
  side: 'lower' | 'upper'
  /** Stable code. */
  limit: string
  /** One sentence for people. */
  meaning: string
  /** Coordinate of which nothing can be known in this limit, so that its own limits need no mention. */
  obscures?: number
}

const CLOSE_TO_BOUND = 1e-6

/** The limit models on whose bounds a maximum lies, in the order of the list. */
export function limitModelsAt(
  objective: SmoothObjective,
  point: Float64Array,
  limits: readonly LimitModel[],
): LimitModel[] {
  return limits.filter(
    ({ coordinate, side }) => Math.abs(point[coordinate]! - objective[side][coordinate]!) < CLOSE_TO_BOUND,
  )
}
