import type { ScoreReason } from './score-reason.js'

/** Which way a difference from what is usual moves a score. */
export function effectOf(difference: number): ScoreReason['effect'] {
  return difference > 0 ? 'raises' : difference < 0 ? 'lowers' : 'neutral'
}

/**
 * Reasons for what differs, strongest first: the codes say above or below, the number of the evidence named `by` says how
 * much. What does not differ is no reason.
 */
export function strongestFirst<Name extends string>(
  by: Name,
  codes: { above: string; below: string },
  evidence: readonly (ScoreReason['evidence'] & Record<Name, number>)[],
): ScoreReason[] {
  return evidence
    .filter((one) => one[by] !== 0)
    .sort((a, b) => Math.abs(b[by]) - Math.abs(a[by]))
    .map((one) => ({ what: one[by] > 0 ? codes.above : codes.below, effect: effectOf(one[by]), evidence: one }))
}
