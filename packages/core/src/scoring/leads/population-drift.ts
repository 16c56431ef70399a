import { requireNumbers } from '../number-column.js'
import { quantileOfSorted } from '../numerics/quantile.js'
import { requireWhole } from '../option-bounds.js'
import { ScoringInputError } from '../scoring-input-error.js'

/** How far today's leads are from those a model was fitted on. */
export interface PopulationDrift {
  /** Population stability index, from 0. */
  index: number
  /** Below 0.1, below 0.25, and from there: time to fit again. */
  level: 'stable' | 'moderate' | 'large'
  /** Share of leads in each bin; a bin holds the values up to `to`, the last one, without it, all above. */
  bins: { to?: number; baseline: number; current: number }[]
}

/**
 * Population stability index (Siddiqi 2006): sum of (current - baseline) ln(current / baseline) over bins cut at the
 * quantiles (type 7) of the baseline. Works on scores and on single columns. Half a lead is added to every bin, so that
 * an empty one stays finite. Throws {@link ScoringInputError} for an empty column or a value that is not finite.
 */
export function populationDrift(baseline: Float64Array, current: Float64Array, bins = 10): PopulationDrift {
  requireWhole('bins', bins, 2)
  checkSample('baseline', baseline)
  checkSample('current', current)
  const sorted = baseline.slice().sort()
  const cuts = new Set<number>()
  for (let i = 1; i < bins; i++) cuts.add(quantileOfSorted(sorted, i / bins))
  cuts.delete(sorted[sorted.length - 1]!)
  const edges = [...cuts, Infinity]
  const before = sharesWithin(edges, baseline)
  const now = sharesWithin(edges, current)
  let index = 0
  const table = edges.map((to, i) => {
    index += (now[i]! - before[i]!) * Math.log(now[i]! / before[i]!)
    return { ...(to < Infinity && { to }), baseline: before[i]!, current: now[i]! }
  })
  return { index, level: index < 0.1 ? 'stable' : index < 0.25 ? 'moderate' : 'large', bins: table }
}

function sharesWithin(edges: readonly number[], values: Float64Array): number[] {
  const counts = edges.map(() => 0.5)
  for (const value of values) counts[edges.findIndex((edge) => value <= edge)]! += 1
  return counts.map((count) => count / (values.length + edges.length / 2))
}

function checkSample(column: string, values: Float64Array): void {
  requireNumbers(column, values, values.length, column)
  if (values.length > 0) return
  throw new ScoringInputError({ column }, 'the column is empty', 'Give the scores of at least one lead')
}
