import { requireNumbers } from '../number-column.js'
import { type Indicator, indicator, ratio, requireAmounts, share } from './indicator.js'

/**
 * Sum of the amounts of the open deals, in their one currency (sales practice). Denominator: none, it is a sum. Flaw: a wish, not a forecast: old and unlikely deals count
 * in full; see `weightedPipeline`.
 */
export function pipelineValue(openAmounts: ArrayLike<number>): Indicator {
  requireNumbers('openAmounts', openAmounts, openAmounts.length, 'openAmounts', 0)
  let value = 0
  for (let row = 0; row < openAmounts.length; row++) value += openAmounts[row]!
  return indicator('pipeline_value', value, { deals: openAmounts.length })
}

/**
 * Deals x win rate x mean amount of a won deal / mean length of the sales cycle: money per unit of time in which the cycle
 * is given (sales practice; the product form of Little's law). Win rate is won / closed. Flaw: takes the four as
 * independent, while big deals are rarer and slower.
 */
export function pipelineVelocity(input: {
  deals: number
  won: number
  closed: number
  meanWonAmount: number
  cycleLength: number
}): Indicator {
  requireAmounts(input, ['deals', 'meanWonAmount', 'cycleLength'])
  const winRate = share('win_rate', input, 'won', 'closed')
  if (winRate.value === undefined) return winRate
  const result = ratio('pipeline_velocity', input.deals * winRate.value * input.meanWonAmount, input.cycleLength)
  return { ...result, reasons: [...result.reasons, ...winRate.reasons] }
}
