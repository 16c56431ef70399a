import { quantileOfSorted } from '../numerics/quantile.js'
import type { ScoreReason } from '../score-reason.js'
import { ScoringInputError } from '../scoring-input-error.js'

/** Beyond this, times are no times, and their differences lose digits. */
const LATEST = 1e15

/** One deal's way through the stages. Times are numbers in one unit, from any origin, within 1e15 of it. */
export interface DealHistory {
  outcome: 'open' | 'won' | 'lost'
  /** In order; a stage may come again, may be skipped. */
  visits: readonly { stage: string; enteredAt: number }[]
  /** When it closed; for an open deal, up to when it was watched. */
  until: number
}

/** The chance to win from a stage at an age, as a Beta distribution. */
export interface WinEstimate {
  /** Time in the stage from which this holds. */
  age: number
  /** alpha / (alpha + beta). */
  mean: number
  alpha: number
  beta: number
  /** Deals that were in the stage at this age, and how many of them have closed. */
  deals: number
  closed: number
  /** Times from that age to winning, ascending, and the share of wins up to each. */
  winTimes: number[]
  winShares: number[]
}

export interface WinProbabilityModel {
  overall: WinEstimate
  /** By stage; ages ascending from 0. */
  stages: Map<string, WinEstimate[]>
}

interface Spell {
  stay: number
  toEnd: number
  outcome: DealHistory['outcome']
}

/**
 * Win probability by stage and time in stage. A deal counts once in each stage, from its first entry; at age a those count
 * who stayed longer than a (a landmark analysis). Open deals are censored, neither lost nor left out: the chance is the
 * cumulative incidence of winning with losing as competing risk (Aalen & Johansen 1978), and what is still open at the end of
 * all observation gets the prior's chance. The prior is a Beta worth `priorStrength` deals (default 10) at the mean of the
 * stage for its ages, of the whole pipeline for a stage, and uniform for the pipeline. Without open deals a stage thus has
 * alpha = prior + won, beta = prior + lost. Ages are the quartiles of the stays, as long as ten deals got there.
 */
export function estimateWinProbability(
  history: readonly DealHistory[],
  options: { priorStrength?: number } = {},
): WinProbabilityModel {
  const { priorStrength = 10 } = options
  if (!(priorStrength > 0 && priorStrength < Infinity)) throw new TypeError('priorStrength must be a number above 0')
  const all: Spell[] = []
  const byStage = new Map<string, Spell[]>()
  history.forEach(({ outcome, visits, until }, row) => {
    if (outcome !== 'open' && outcome !== 'won' && outcome !== 'lost') bad('outcome', row, 'not open, won or lost')
    const first = new Map<string, Spell>()
    visits.forEach(({ stage, enteredAt }, i) => {
      const leftAt = visits[i + 1]?.enteredAt ?? until
      if (!(enteredAt >= -LATEST && leftAt <= LATEST && leftAt >= enteredAt)) {
        bad('visits', row, 'the times are not ascending numbers up to the end')
      }
      if (!first.has(stage)) first.set(stage, { stay: leftAt - enteredAt, toEnd: until - enteredAt, outcome })
    })
    if (visits.length > 0) all.push({ stay: Infinity, toEnd: until - visits[0]!.enteredAt, outcome })
    for (const [stage, spell] of first) {
      const spells = byStage.get(stage)
      if (spells) spells.push(spell)
      else byStage.set(stage, [spell])
    }
  })

  for (const spells of [all, ...byStage.values()]) spells.sort((one, other) => one.toEnd - other.toEnd)
  const overall = estimate(all, 0, 0.5, 2)
  const stages = new Map<string, WinEstimate[]>()
  for (const [stage, spells] of byStage) {
    const whole = estimate(spells, 0, overall.mean, priorStrength)
    const stays = Float64Array.from(spells, ({ stay }) => stay).sort()
    const ages = new Set([0.25, 0.5, 0.75].map((p) => quantileOfSorted(stays, p)).filter((age) => age > 0))
    const later = [...ages]
      .map((age) => estimate(spells, age, whole.mean, priorStrength))
      .filter((one) => one.deals >= 10)
    stages.set(stage, [whole, ...later])
  }
  return { overall, stages }
}

/**
 * The estimate for a stage and a time in it (default 0), with its reason; a stage without history has the pipeline's.
 * Throws TypeError for a time that is not a finite number from 0.
 */
export function winProbability(
  model: WinProbabilityModel,
  stage: string,
  age = 0,
): WinEstimate & { reasons: ScoreReason[] } {
  if (!(age >= 0 && age < Infinity)) throw new TypeError('age must be a finite time from 0')
  const known = model.stages.get(stage)
  const found = winEstimate(model, stage, age)
  const stuck = known !== undefined && found.mean < known[0]!.mean
  const reason: ScoreReason = {
    what: known ? (found.age > 0 ? 'time_in_stage' : 'stage_history') : 'stage_without_history',
    effect: stuck ? 'lowers' : known && found.mean > model.overall.mean ? 'raises' : 'neutral',
    evidence: { stage, age, probability: found.mean, deals: found.deals, closed: found.closed },
  }
  return { ...found, reasons: [reason] }
}

/** The estimate of the model that holds for a stage at an age. */
export function winEstimate(model: WinProbabilityModel, stage: string, age = 0): WinEstimate {
  return model.stages.get(stage)?.findLast((one) => one.age <= age) ?? model.overall
}

/** Share of the wins that come within a time, 0 to 1; 1 where no win was ever seen. */
export function winShareWithin({ winTimes, winShares }: WinEstimate, time: number): number {
  if (winTimes.length === 0) return 1
  return winShares[winTimes.findLastIndex((one) => one <= time)] ?? 0
}

/** `spells` by ascending time to their end. */
function estimate(spells: Spell[], age: number, prior: number, strength: number): WinEstimate {
  const atRisk = spells.filter(({ stay }) => age === 0 || stay > age)
  let open = 1
  let won = 0
  let closed = 0
  const winTimes: number[] = []
  const incidence: number[] = []
  for (let i = 0; i < atRisk.length; ) {
    const time = atRisk[i]!.toEnd
    const left = atRisk.length - i
    let wins = 0
    let losses = 0
    for (; i < atRisk.length && atRisk[i]!.toEnd === time; i++) {
      if (atRisk[i]!.outcome === 'won') wins++
      else if (atRisk[i]!.outcome === 'lost') losses++
    }
    won += (open * wins) / left
    open *= 1 - (wins + losses) / left
    closed += wins + losses
    if (wins === 0) continue
    winTimes.push(time - age)
    incidence.push(won)
  }
  const chance = Math.min(1, won + open * prior)
  const alpha = strength * prior + closed * chance
  const beta = strength * (1 - prior) + closed * (1 - chance)
  const winShares = incidence.map((share) => share / won)
  return { age, mean: alpha / (alpha + beta), alpha, beta, deals: atRisk.length, closed, winTimes, winShares }
}

function bad(column: string, row: number, problem: string): never {
  throw new ScoringInputError({ column, row }, problem, 'Correct the history of the deal or leave it out')
}
