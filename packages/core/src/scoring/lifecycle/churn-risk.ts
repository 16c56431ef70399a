import { requireNumbers } from '../number-column.js'
import { requireRow } from '../option-bounds.js'
import type { ScoreReason } from '../score-reason.js'

/** What is known of each customer; times in one unit. At least one signal is needed. */
export interface ChurnColumns {
  /** P(alive) of a purchase model, 0 to 1. */
  probabilityAlive?: Float64Array
  /** Time since the last purchase, from 0, and the usual time between purchases, above 0. */
  silence?: Float64Array
  usualGap?: Float64Array
  /** Chance to stay over the time that matters, 0 to 1: S(age + horizon) / S(age) of a survival curve. */
  survival?: Float64Array
}

export interface ChurnOptions {
  /** Weights of the signals that are there; default 2 for P(alive), 1 for rhythm and for survival. */
  weights?: { probabilityAlive?: number; rhythm?: number; survival?: number }
  /** Risks from which a customer is at medium and at high risk; default 0.4 and 0.7. */
  cuts?: { medium: number; high: number }
}

export type ChurnLevel = 'low' | 'medium' | 'high'

export interface ChurnRisk {
  /** 0 (stays) to 1 (gone). A mean of signals, to rank by and not to multiply with money; use P(alive) for that. */
  risk: Float64Array
  level: ChurnLevel[]
}

/**
 * Weighted mean of up to three signs of leaving: 1 - P(alive); the rhythm, 1 - 2^(1 - silence / usual gap) once a
 * purchase is overdue (so a silence of two gaps is one half); and 1 - survival. For somebody without a rhythm of their
 * own, give the usual gap of what they bought (coffee: weeks, a mattress: years). Throws ScoringInputError naming row
 * and column, TypeError without any signal.
 */
export function churnRisk(columns: ChurnColumns, options: ChurnOptions = {}): ChurnRisk {
  const signals = readSignals(columns, options)
  const { medium, high } = options.cuts ?? { medium: 0.4, high: 0.7 }
  if (!(medium >= 0 && medium <= high && high <= 1)) throw new TypeError('cuts must rise from 0 to 1')
  const total = signals.reduce((sum, { weight }) => sum + weight, 0)
  const risk = Float64Array.from({ length: signals[0]!.n }, (_, row) =>
    Math.min(1, signals.reduce((sum, { weight, riskOf }) => sum + weight * riskOf(row), 0) / total),
  )
  return { risk, level: Array.from(risk, (value) => (value >= high ? 'high' : value >= medium ? 'medium' : 'low')) }
}

/**
 * What speaks for and against a customer leaving, strongest first: `probability_alive`, `overdue` or `within_rhythm`,
 * `survival`, each with its numbers and the part of the risk it brings. Throws TypeError for a row that is not there.
 */
export function churnReasons(columns: ChurnColumns, row: number, options: ChurnOptions = {}): ScoreReason[] {
  const signals = readSignals(columns, options)
  requireRow(row, signals[0]!.n)
  const total = signals.reduce((sum, { weight }) => sum + weight, 0)
  return signals
    .map(({ weight, riskOf, describe }) => ({ part: (weight * riskOf(row)) / total, own: riskOf(row), describe }))
    .sort((a, b) => b.part - a.part)
    .map(({ part, own, describe }) => {
      const { what, evidence } = describe(row)
      return { what, effect: own >= 0.5 ? 'raises' : 'lowers', evidence: { ...evidence, part } }
    })
}

interface Signal {
  n: number
  weight: number
  riskOf(row: number): number
  describe(row: number): { what: string; evidence: Record<string, number> }
}

function readSignals(columns: ChurnColumns, { weights = {} }: ChurnOptions): Signal[] {
  const { probabilityAlive, silence, usualGap, survival } = columns
  const n = (probabilityAlive ?? silence ?? survival)?.length ?? 0
  const signals: Signal[] = []
  const add = (weight: number, riskOf: Signal['riskOf'], describe: Signal['describe']): void => {
    if (!(weight >= 0 && weight <= 1e6)) throw new TypeError('weights must be numbers from 0 to a million')
    if (weight > 0) signals.push({ n, weight, riskOf, describe })
  }
  if (probabilityAlive) {
    requireNumbers('probabilityAlive', probabilityAlive, n, 'the first column', 0, 1)
    add(
      weights.probabilityAlive ?? 2,
      (row) => 1 - probabilityAlive[row]!,
      (row) => ({ what: 'probability_alive', evidence: { probabilityAlive: probabilityAlive[row]! } }),
    )
  }
  if (silence && usualGap) {
    requireNumbers('silence', silence, n, 'the first column', 0, Number.MAX_VALUE)
    requireNumbers('usualGap', usualGap, n, 'the first column', Number.MIN_VALUE, Number.MAX_VALUE)
    const overdue = (row: number): boolean => silence[row]! > usualGap[row]!
    add(
      weights.rhythm ?? 1,
      (row) => (overdue(row) ? 1 - 2 ** (1 - silence[row]! / usualGap[row]!) : 0),
      (row) => ({
        what: overdue(row) ? 'overdue' : 'within_rhythm',
        evidence: { silence: silence[row]!, usualGap: usualGap[row]! },
      }),
    )
  }
  if (survival) {
    requireNumbers('survival', survival, n, 'the first column', 0, 1)
    add(
      weights.survival ?? 1,
      (row) => 1 - survival[row]!,
      (row) => ({ what: 'survival', evidence: { survival: survival[row]! } }),
    )
  }
  if (signals.length === 0) {
    throw new TypeError('churnRisk needs probabilityAlive, silence with usualGap, or survival, with a weight above 0')
  }
  return signals
}
