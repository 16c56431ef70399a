import { requireNumbers } from './number-column.js'
import { ScoringInputError } from './scoring-input-error.js'

/** Below this a weight says nothing, and its share of a sum would not be a finite number. */
const LEAST_WEIGHT = 1e-100

/** Throws {@link ScoringInputError} unless every row stands for 0 customers or a number that counts. */
export function requireWeights(weight: Float64Array, n: number, like: string): void {
  requireNumbers('weight', weight, n, like, 0, Number.MAX_SAFE_INTEGER)
  const row = weight.findIndex((customers) => customers > 0 && customers < LEAST_WEIGHT)
  if (row < 0) return
  throw new ScoringInputError({ column: 'weight', row }, 'the weight is next to nothing', 'Give 0 or leave the row out')
}
