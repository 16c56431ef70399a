import type { ScoreReason } from '../score-reason.js'
import {
  checkDeals,
  dealProbability,
  type ForecastCategory,
  type ForecastDeal,
  openDealReasons,
} from './forecast-deal.js'
import type { WinProbabilityModel } from './win-probability.js'

export interface WeightedPipeline {
  /** won + weighted: what to expect. */
  expected: number
  won: number
  /** Sum of amount x probability of the open deals. */
  weighted: number
  /** The open amounts in full. */
  open: number
  openDeals: number
  /** Open deals whose amount is not known; they count as 0. */
  withoutAmount: number
  reasons: ScoreReason[]
}

/**
 * The pipeline weighted by the chance of each deal. A won deal counts in full, a lost one not at all, whatever its amount
 * and probability say. Omitted deals do not count. Amounts are in one currency: convert at the rate of closing, or closed
 * deals move with the rates. Throws ScoringInputError naming the deal's row. Flaw: the mean of bets; one deal can make or
 * break the period, which the reason `largest_deal` shows and `simulateForecast` measures.
 */
export function weightedPipeline(deals: readonly ForecastDeal[], history?: WinProbabilityModel): WeightedPipeline {
  checkDeals(deals)
  const sum = { won: 0, weighted: 0, open: 0, openDeals: 0, withoutAmount: 0 }
  let largest = 0
  deals.forEach((deal, row) => {
    if (deal.status === 'won') sum.won += deal.amount ?? 0
    if (deal.status !== 'open' || deal.category === 'omitted') return
    const weighted = (deal.amount ?? 0) * dealProbability(deal, row, history)
    sum.openDeals++
    if (deal.amount === null) sum.withoutAmount++
    sum.open += deal.amount ?? 0
    sum.weighted += weighted
    largest = Math.max(largest, weighted)
  })
  const { openDeals, withoutAmount, weighted } = sum
  const reasons = openDealReasons(openDeals, weighted, largest)
  if (withoutAmount > 0) {
    reasons.push({ what: 'deals_without_amount', effect: 'lowers', evidence: { withoutAmount } })
  }
  return { expected: sum.won + weighted, ...sum, reasons }
}

export type CategoryRollUp = Record<Exclude<ForecastCategory, 'omitted'> | 'closed', number>

/**
 * Amounts by forecast category: `own` each for itself, `cumulative` as sales managers read them: commit includes closed, most
 * likely includes commit, best case includes all of these; pipeline is all that is open. Unweighted. Lost deals count zero,
 * omitted deals nowhere.
 */
export function forecastCategories(deals: readonly ForecastDeal[]): {
  own: CategoryRollUp
  cumulative: CategoryRollUp
} {
  checkDeals(deals)
  const own: CategoryRollUp = { closed: 0, commit: 0, most_likely: 0, best_case: 0, pipeline: 0 }
  for (const { status, amount, category = 'pipeline' } of deals) {
    if (status === 'won') own.closed += amount ?? 0
    else if (status === 'open' && category !== 'omitted') own[category] += amount ?? 0
  }
  const commit = own.closed + own.commit
  const most_likely = commit + own.most_likely
  const best_case = most_likely + own.best_case
  const pipeline = own.pipeline + best_case - own.closed
  return { own, cumulative: { closed: own.closed, commit, most_likely, best_case, pipeline } }
}
