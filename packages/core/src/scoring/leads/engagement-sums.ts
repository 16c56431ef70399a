import type { ScoreReason } from '../score-reason.js'
import { ScoringInputError } from '../scoring-input-error.js'
import { checkLeadScoreModel, type EngagementRule, type LeadScoreModel } from './lead-rules.js'
import { createPointsTally, pointsReason } from './points-tally.js'

/** Something somebody did. */
export interface LeadEvent {
  /** The code of an engagement rule; events that no rule knows do not count. */
  code: string
  /** Days from the event to the moment that is scored; events yet to come (below 0) do not count. */
  ageDays: number
  /** Events with the same id count once. */
  id?: string
}

/** The rules that events are counted by. */
export type EngagementRules = Pick<LeadScoreModel, 'engagement' | 'limits' | 'halfLifeDays'>

/** What the events of each rule came to so far. It grows with the rules, never with the events. */
export type EngagementSums = Map<EngagementRule, { events: number; points: number; latestDays: number }>

/**
 * Counts one more event, for whoever reads a long history page by page: the sums are those that `scoreLead` makes of the same events in
 * the same order. Each event is to be given once, whatever its id. Throws {@link ScoringInputError} for an event without an age.
 */
export function addEngagement(
  { engagement, halfLifeDays }: EngagementRules,
  sums: EngagementSums,
  { code, ageDays }: LeadEvent,
): void {
  requireAge(ageDays)
  if (ageDays < 0) return
  for (const rule of engagement) {
    if (rule.code !== code) continue
    const halfLife = rule.halfLifeDays ?? halfLifeDays
    const points = halfLife === undefined ? rule.points : rule.points * 2 ** (-ageDays / halfLife)
    const sum = sums.get(rule)
    if (sum) {
      sum.events++
      sum.points += points
      sum.latestDays = Math.min(sum.latestDays, ageDays)
    } else sums.set(rule, { events: 1, points, latestDays: ageDays })
  }
}

/**
 * The points of counted events after the limits of the groups, with their reasons: `lead_engagement` by rule, then `lead_limit`. Throws
 * TypeError for a model that cannot be.
 */
export function scoreEngagement(
  model: EngagementRules,
  sums: EngagementSums,
): { points: number; reasons: ScoreReason[] } {
  checkLeadScoreModel({ fit: [], ...model })
  const reasons: ScoreReason[] = []
  const tally = createPointsTally(model, reasons)
  for (const rule of model.engagement) {
    const sum = sums.get(rule)
    if (!sum) continue
    const { points, events, latestDays } = sum
    tally.add(rule.group, points)
    reasons.push(pointsReason('lead_engagement', points, { rule: rule.code, points, events, latestDays }))
  }
  return { points: tally.total(), reasons }
}

/** Throws {@link ScoringInputError} for an age that is no number. */
export function requireAge(ageDays: number, row?: number): void {
  if (Number.isFinite(ageDays)) return
  throw new ScoringInputError(
    { column: 'events.ageDays', ...(row !== undefined && { row }) },
    'the age is not a finite number',
    'Give the days from the event to the moment that is scored',
  )
}
