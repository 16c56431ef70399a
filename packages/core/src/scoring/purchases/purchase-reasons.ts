import type { ScoreReason } from '../score-reason.js'
import type { CustomerSummary } from '../summary/customer-summary.js'

/** A silence of so many usual gaps is long. */
const LONG_SILENCE_IN_GAPS = 2

/**
 * What in a customer's history moves P(alive) and the expected purchases, strongest first. Codes:
 * `no_repeat_purchase` (little is known of the rhythm), `silent_longer_than_usual` and `within_usual_rhythm` (time since
 * the last purchase beside the mean gap between purchases), `repeat_purchases`. Times are in the unit of the summary,
 * which is taken as checked. Throws TypeError for a row that is not there.
 */
export function purchaseReasons(summary: CustomerSummary, row: number): ScoreReason[] {
  const x = summary.frequency[row]
  const recency = summary.recency[row]
  const age = summary.age[row]
  if (x === undefined || recency === undefined || age === undefined) throw new TypeError(`There is no row ${row}`)
  const silence = age - recency
  if (x === 0) return [{ what: 'no_repeat_purchase', effect: 'lowers', evidence: { silence, age } }]
  const usualGap = recency / x
  const late = silence > LONG_SILENCE_IN_GAPS * usualGap
  return [
    {
      what: late ? 'silent_longer_than_usual' : 'within_usual_rhythm',
      effect: late ? 'lowers' : 'raises',
      evidence: { silence, usualGap },
    },
    { what: 'repeat_purchases', effect: 'raises', evidence: { repeatPurchases: x, age } },
  ]
}
