import { requireNumbers } from '../number-column.js'
import { requireWhole } from '../option-bounds.js'
import { type Indicator, indicator, meanAndVariance, ratio, share } from './indicator.js'
import { wilsonInterval, Z95 } from './wilson-interval.js'

/**
 * Customer satisfaction: respondents who chose one of the two best answers / respondents, a ratio, with the interval of
 * Wilson (JASA 22, 1927). Ratings run from 1 to `best` (default 5). Source: top-two-box as in Farris et al., Marketing
 * Metrics (2010). Flaw: those who answer are not those who left, and two boxes hide how bad the rest is.
 */
export function customerSatisfaction(ratings: ArrayLike<number>, options: { best?: number } = {}): Indicator {
  const { best = 5 } = options
  requireWhole('best', best, 3)
  requireNumbers('ratings', ratings, ratings.length, 'ratings', 1, best)
  const n = ratings.length
  const result = ratio('csat', countFrom(ratings, best - 1), n)
  return result.value === undefined ? result : { ...result, interval: wilsonInterval(result.value, n) }
}

/**
 * Net promoter score: 100 x (respondents with 9 or 10 - respondents with 0 to 6) / respondents, -100 to 100
 * (Reichheld, HBR December 2003). The interval is normal, with variance (p + d - (p - d)^2) / n of a trinomial. Flaw:
 * the same score comes from very different mixes, and the interval is too narrow below some 30 respondents and empty
 * where all agree.
 */
export function netPromoterScore(ratings: ArrayLike<number>): Indicator {
  requireNumbers('ratings', ratings, ratings.length, 'ratings', 0, 10)
  const n = ratings.length
  const promoters = countFrom(ratings, 9)
  const passives = countFrom(ratings, 7) - promoters
  const detractors = n - promoters - passives
  const value = (100 * (promoters - detractors)) / n
  const result = indicator('nps', value, { promoters, passives, detractors })
  if (n === 0) return result
  const reach = Z95 * Math.sqrt(Math.max(0, (1e4 * (promoters + detractors)) / n - value * value)) * Math.sqrt(1 / n)
  return { ...result, interval: { low: Math.max(-100, value - reach), high: Math.min(100, value + reach) } }
}

/**
 * Customer effort score: mean agreement, 1 to `best` (default 7), with "the company made it easy"; more is better
 * (Dixon, Freeman & Toman, HBR July 2010, in the wording of 2013). Normal interval from two respondents on. Flaw: a
 * mean of ordinal answers, and blind to those who gave up before the survey.
 */
export function customerEffortScore(ratings: ArrayLike<number>, options: { best?: number } = {}): Indicator {
  const { best = 7 } = options
  requireNumbers('ratings', ratings, ratings.length, 'ratings', 1, best)
  const { mean, variance } = meanAndVariance(ratings)
  const result = indicator('ces', mean, { respondents: ratings.length })
  const reach = Z95 * Math.sqrt(variance / ratings.length)
  return Number.isNaN(reach)
    ? result
    : { ...result, interval: { low: Math.max(1, mean - reach), high: Math.min(best, mean + reach) } }
}

/**
 * Responses / invitations delivered (sent less bounced), a ratio: response rate 1 of AAPOR's Standard Definitions. Flaw:
 * a high rate does not undo a selection, and reminders count once.
 */
export function responseRate(counts: { responses: number; delivered: number }): Indicator {
  return share('response_rate', counts, 'responses', 'delivered')
}

function countFrom(ratings: ArrayLike<number>, lowest: number): number {
  let count = 0
  for (let row = 0; row < ratings.length; row++) if (ratings[row]! >= lowest) count++
  return count
}
