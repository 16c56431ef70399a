import { wilsonInterval } from '../indicators/wilson-interval.js'
import { requireNumbers } from '../number-column.js'
import { requireWhole } from '../option-bounds.js'

/**
 * Probability that a won lead scores above one that was not, ties counting half (Mann & Whitney 1947): 0.5 is chance,
 * 1 perfect order. Undefined where only one outcome is present. Throws ScoringInputError naming row and column.
 */
export function areaUnderRoc(probability: Float64Array, y: ArrayLike<number>): number | undefined {
  const order = orderByProbability(probability, y)
  let won = 0
  let ranks = 0
  for (let i = 0; i < order.length; ) {
    const end = endOfTie(order, probability, i)
    let wonHere = 0
    for (let k = i; k < end; k++) wonHere += y[order[k]!]!
    ranks += (wonHere * (i + 1 + end)) / 2
    won += wonHere
    i = end
  }
  const lost = order.length - won
  return won > 0 && lost > 0 ? (ranks - (won * (won + 1)) / 2) / (won * lost) : undefined
}

/** Mean squared distance of probability and outcome, 0 (perfect) to 1 (Brier 1950). Undefined for no rows. */
export function brierScore(probability: Float64Array, y: ArrayLike<number>): number | undefined {
  requireOutcomes(probability, y)
  return probability.length === 0
    ? undefined
    : probability.reduce((sum, p, row) => sum + (p - y[row]!) ** 2, 0) / probability.length
}

/** Leads of similar probability beside what became of them. */
export interface CalibrationBin {
  from: number
  to: number
  leads: number
  /** Mean probability, and share won with its limits at 95 % (Wilson 1927). */
  predicted: number
  observed: number
  lower: number
  upper: number
}

/**
 * Compares probabilities with outcomes in bins of about equal size; leads of equal probability share a bin, so there
 * can be fewer bins than asked for. A calibrated score has `predicted` within the limits in about 19 of 20 bins.
 */
export function calibrationTable(probability: Float64Array, y: ArrayLike<number>, bins = 10): CalibrationBin[] {
  requireWhole('bins', bins, 1)
  const order = orderByProbability(probability, y)
  const table: CalibrationBin[] = []
  for (let start = 0, bin = 1; start < order.length; bin++) {
    const target = Math.round((bin * order.length) / bins)
    if (target <= start) continue
    const end = endOfTie(order, probability, target - 1)
    let predicted = 0
    let won = 0
    for (let k = start; k < end; k++) {
      predicted += probability[order[k]!]!
      won += y[order[k]!]!
    }
    const leads = end - start
    const observed = won / leads
    const { low: lower, high: upper } = wilsonInterval(observed, leads)
    table.push({
      from: probability[order[start]!]!,
      to: probability[order[end - 1]!]!,
      leads,
      predicted: predicted / leads,
      observed,
      lower,
      upper,
    })
    start = end
  }
  return table
}

function orderByProbability(probability: Float64Array, y: ArrayLike<number>): Uint32Array {
  requireOutcomes(probability, y)
  return Uint32Array.from(probability.keys()).sort((a, b) => probability[a]! - probability[b]!)
}

function endOfTie(order: Uint32Array, probability: Float64Array, from: number): number {
  let end = from + 1
  while (end < order.length && probability[order[end]!] === probability[order[from]!]) end++
  return end
}

function requireOutcomes(probability: Float64Array, y: ArrayLike<number>): void {
  requireNumbers('probability', probability, probability.length, 'probability', 0, 1)
  requireNumbers('y', y, probability.length, 'probability', 0, 1)
}
