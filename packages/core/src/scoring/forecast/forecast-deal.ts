import type { ScoreReason } from '../score-reason.js'
import { ScoringInputError } from '../scoring-input-error.js'
import { type WinProbabilityModel, winEstimate } from './win-probability.js'

/** What the owner thinks of an open deal. Closed deals are closed whatever was thought. */
export type ForecastCategory = 'pipeline' | 'best_case' | 'most_likely' | 'commit' | 'omitted'

export interface ForecastDeal {
  id?: string
  /** In the one currency of all deals; null where not yet known. */
  amount: number | null
  status: 'open' | 'won' | 'lost'
  /** Of an open deal, 0 to 1: the snapshot taken when it entered its stage, or what the owner set. Goes before history. */
  probability?: number
  /** Default `pipeline`. */
  category?: ForecastCategory
  /** With a history: where the deal stands, and the time since it entered, in the history's unit. */
  stage?: string
  age?: number
}

/** Checks all deals; names the first that cannot be forecast. */
export function checkDeals(deals: readonly ForecastDeal[]): void {
  deals.forEach(({ amount, status, probability, age }, row) => {
    const bad = (column: string, problem: string, remedy: string) => {
      throw new ScoringInputError({ column, row }, problem, remedy)
    }
    if (amount !== null && !(amount >= 0 && amount <= 1e15)) {
      bad('amount', 'not a number from 0 to 1e15', 'Give null where the amount is not known')
    }
    if (status !== 'open' && status !== 'won' && status !== 'lost') bad('status', 'unknown', 'Give open, won or lost')
    if (probability !== undefined && !(probability >= 0 && probability <= 1)) {
      bad('probability', 'not a ratio from 0 to 1', 'Divide percentages by 100')
    }
    if (age !== undefined && !(age >= 0)) bad('age', 'not a number from 0', 'Give the time since the stage was entered')
  })
}

/** The chance that an open deal is won: its own, else that of its stage and age in history. */
export function dealProbability(deal: ForecastDeal, row: number, model?: WinProbabilityModel): number {
  if (deal.probability !== undefined) return deal.probability
  if (model && deal.stage !== undefined) return winEstimate(model, deal.stage, deal.age).mean
  throw new ScoringInputError({ column: 'probability', row }, 'missing', 'Give a probability, or a stage and a history')
}

/** What the open deals bring to a forecast, and how much of it hangs on the largest of them. */
export function openDealReasons(openDeals: number, weighted: number, largest: number): ScoreReason[] {
  const reasons: ScoreReason[] = [{ what: 'open_deals', effect: 'raises', evidence: { openDeals, weighted } }]
  if (weighted > 0) {
    reasons.push({ what: 'largest_deal', effect: 'neutral', evidence: { shareOfWeighted: largest / weighted } })
  }
  return reasons
}
