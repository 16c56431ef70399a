import type { ScoreReason } from '../score-reason.js'
import { ScoringInputError } from '../scoring-input-error.js'

/** A key figure. `value` is undefined, never NaN, where it has no meaning; the reason then says what is missing. */
export interface Indicator {
  value: number | undefined
  /** 95 % interval, in the unit of the value, where the figure is a sample of a larger whole. */
  interval?: { low: number; high: number }
  reasons: ScoreReason[]
}

/** An indicator with the numbers it was made of, or one without a value where it would not be a finite number. */
export function indicator(what: string, value: number, numbers: Readonly<Record<string, number>>): Indicator {
  const defined = Number.isFinite(value)
  const evidence = Object.fromEntries(Object.entries(numbers).filter(([, number]) => Number.isFinite(number)))
  return {
    value: defined ? value : undefined,
    reasons: [{ what: defined ? what : `${what}_undefined`, effect: 'neutral', evidence }],
  }
}

/** numerator / denominator, without a value where the denominator is not above zero. */
export function ratio(what: string, numerator: number, denominator: number): Indicator {
  return indicator(what, denominator > 0 ? numerator / denominator : Number.NaN, { numerator, denominator })
}

/** Throws {@link ScoringInputError} unless the named amounts are finite numbers from `lowest`; names the one that is not. */
export function requireAmounts<Name extends string>(
  amounts: Readonly<Record<Name, number>>,
  names: readonly Name[],
  lowest = 0,
): void {
  for (const column of names) {
    const value = amounts[column]
    if (Number.isFinite(value) && value >= lowest) continue
    const range = lowest === 0 ? ' from 0' : ''
    throw new ScoringInputError({ column }, `not a finite number${range}`, 'Give a count or an amount')
  }
}

/** part / whole for counts of which the first is among the second. */
export function share<Name extends string>(
  what: string,
  counts: Readonly<Record<Name, number>>,
  part: Name,
  whole: Name,
): Indicator {
  requireAmounts(counts, [part, whole])
  if (counts[part] > counts[whole]) {
    throw new ScoringInputError({ column: part }, `more than ${whole}`, `Count only those who are among ${whole}`)
  }
  return ratio(what, counts[part], counts[whole])
}

/** Mean and unbiased variance of a column; NaN where there are too few rows. */
export function meanAndVariance(values: ArrayLike<number>): { mean: number; variance: number } {
  const n = values.length
  let mean = 0
  let squares = 0
  for (let row = 0; row < n; row++) {
    const delta = values[row]! - mean
    mean += delta / (row + 1)
    squares += delta * (values[row]! - mean)
  }
  return { mean: n > 0 ? mean : Number.NaN, variance: n > 1 ? squares / (n - 1) : Number.NaN }
}
