import { quantileOfSorted } from '../numerics/quantile.js'
import { requireWhole } from '../option-bounds.js'
import type { ScoreReason } from '../score-reason.js'
import { ScoringInputError } from '../scoring-input-error.js'
import { checkDeals, dealProbability, type ForecastDeal, openDealReasons } from './forecast-deal.js'
import { seededDraws } from './seeded-draws.js'
import {
  type DealHistory,
  estimateWinProbability,
  type WinEstimate,
  type WinProbabilityModel,
  winEstimate,
  winShareWithin,
} from './win-probability.js'

/** Draws of one deal in one run beyond which a simulation is refused: some seconds of work. */
const MOST_DRAWS = 5e8

export interface SimulateForecastOptions {
  /** Runs, 1 to 1,000,000; default 10,000, where the mean is exact to 1 % of the standard deviation. */
  runs?: number
  /** The same seed gives the same result everywhere. */
  seed: number
  /** Past deals, or what `estimateWinProbability` made of them, for deals without a probability of their own. */
  history?: readonly DealHistory[] | WinProbabilityModel
  /** Count only wins within this time from now, by the times to win in history. Default: whenever. */
  horizon?: number
  /** Asks for the chance to reach this amount. */
  target?: number
}

export interface SimulatedForecast {
  /** Mean and standard deviation over the runs, won deals included. */
  mean: number
  standardDeviation: number
  /** Reached in 90 %, 50 % and 10 % of the runs. */
  p10: number
  p50: number
  p90: number
  /** What the mean comes to with endless runs: won + weighted. */
  expected: number
  /** Share of runs that reach the target. */
  targetProbability?: number
  reasons: ScoreReason[]
}

/**
 * Monte Carlo forecast of the amount won. In each run each open deal is won or not by its chance; a deal's own probability is
 * taken as known, so that the variance is the sum of amount^2 p (1 - p); a chance from history is drawn from its Beta once
 * per run and shared by all deals of the stage and age, so that what history does not know widens the interval. Won deals
 * count in full, lost and omitted ones not at all, unknown amounts as 0. Throws ScoringInputError naming the deal's row. Flaw:
 * beyond the shared chance deals are independent, so a bad quarter for all is rarer here than in life.
 */
export function simulateForecast(deals: readonly ForecastDeal[], options: SimulateForecastOptions): SimulatedForecast {
  const { runs = 10_000, seed, history, horizon, target } = options
  requireWhole('runs', runs, 1, 1e6)
  if (horizon !== undefined && !(horizon >= 0)) throw new TypeError('horizon must be a number from 0')
  checkDeals(deals)
  if (deals.length * runs > MOST_DRAWS) {
    throw new ScoringInputError({ column: 'deals' }, 'too many for that many runs', 'Lower runs, or forecast by team')
  }
  const model = Array.isArray(history) ? estimateWinProbability(history) : (history as WinProbabilityModel | undefined)

  let won = 0
  let expected = 0
  let largest = 0
  const cells = new Map<WinEstimate, number>()
  const open: { amount: number; chance: number; cell: number; within: number }[] = []
  deals.forEach((deal, row) => {
    const amount = deal.amount ?? 0
    if (deal.status === 'won') won += amount
    if (deal.status !== 'open' || deal.category === 'omitted') return
    const chance = dealProbability(deal, row, model)
    let cell = -1
    let within = 1
    if (deal.probability === undefined && model && deal.stage !== undefined) {
      const found = winEstimate(model, deal.stage, deal.age)
      cell = cells.get(found) ?? cells.size
      cells.set(found, cell)
      if (horizon !== undefined) within = winShareWithin(found, horizon)
    }
    open.push({ amount, chance, cell, within })
    expected += amount * chance * within
    largest = Math.max(largest, amount * chance * within)
  })

  const { uniform, beta } = seededDraws(seed)
  const estimates = [...cells.keys()]
  const totals = new Float64Array(runs)
  for (let run = 0; run < runs; run++) {
    const drawn = estimates.map((cell) => beta(cell.alpha, cell.beta))
    let total = won
    for (const { amount, chance, cell, within } of open) {
      if (uniform() < (cell < 0 ? chance : drawn[cell]!) * within) total += amount
    }
    totals[run] = total
  }
  totals.sort()
  let mean = 0
  for (const total of totals) mean += total / runs
  let variance = 0
  for (const total of totals) variance += (total - mean) ** 2 / runs
  return {
    mean,
    standardDeviation: Math.sqrt(variance),
    p10: quantileOfSorted(totals, 0.1),
    p50: quantileOfSorted(totals, 0.5),
    p90: quantileOfSorted(totals, 0.9),
    expected: won + expected,
    ...(target !== undefined && { targetProbability: totals.filter((total) => total >= target).length / runs }),
    reasons: openDealReasons(open.length, expected, largest),
  }
}
