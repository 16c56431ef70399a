import { requireNumbers } from '../number-column.js'
import { type Indicator, indicator, meanAndVariance } from './indicator.js'
import { Z95 } from './wilson-interval.js'

/** One measure before and after, per customer or, with `samples: 'independent'`, of two samples. */
export interface BeforeAfter {
  before: ArrayLike<number>
  after: ArrayLike<number>
}

/** The effect in the unit of the measure. */
export interface EffectEstimate extends Indicator {
  standardError: number | undefined
}

/**
 * Effect of a campaign with a control group: (after - before of the treated) - (after - before of the control group), by
 * means (Snow 1855; Card & Krueger, AER 84(4), 1994). By default row i is one customer before and after, and the standard
 * error is sqrt(var(change, treated) / n + var(change, control) / n), so that what a customer always does falls out; with
 * `samples: 'independent'` the four variances of the means are summed. Normal 95 % interval. Without a value where a group
 * is empty, without an interval where one has fewer than two rows. Flaw: true only if both groups would have moved alike
 * without the campaign; look at earlier periods.
 */
export function differenceInDifferences(
  treated: BeforeAfter,
  control: BeforeAfter,
  options: { samples?: 'paired' | 'independent' } = {},
): EffectEstimate {
  const paired = options.samples !== 'independent'
  const [t, c] = [change('treated', treated, paired), change('control', control, paired)]
  const effect = t.mean - c.mean
  const result = indicator('difference_in_differences', effect, {
    treated: treated.after.length,
    control: control.after.length,
    treatedChange: t.mean,
    controlChange: c.mean,
  })
  const standardError = Math.sqrt(t.varianceOfMean + c.varianceOfMean)
  if (!Number.isFinite(effect + standardError)) return { ...result, standardError: undefined }
  const reach = Z95 * standardError
  return { ...result, standardError, interval: { low: effect - reach, high: effect + reach } }
}

function change(group: string, { before, after }: BeforeAfter, paired: boolean) {
  requireNumbers(`${group}.before`, before, before.length, 'before')
  requireNumbers(`${group}.after`, after, paired ? before.length : after.length, `${group}.before`)
  if (paired) {
    const { mean, variance } = meanAndVariance(Float64Array.from(after, (value, row) => value - before[row]!))
    return { mean, varianceOfMean: variance / after.length }
  }
  const [b, a] = [meanAndVariance(before), meanAndVariance(after)]
  return { mean: a.mean - b.mean, varianceOfMean: b.variance / before.length + a.variance / after.length }
}
