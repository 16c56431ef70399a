import type { ScoreReason } from '../score-reason.js'
import { addEngagement, type EngagementSums, type LeadEvent, requireAge, scoreEngagement } from './engagement-sums.js'
import { checkLeadScoreModel, type LeadAttribute, type LeadScoreModel, matchesAttribute } from './lead-rules.js'
import { createPointsTally, pointsReason } from './points-tally.js'

export interface Lead {
  attributes: Readonly<Record<string, LeadAttribute>>
  events?: readonly LeadEvent[]
}

export interface LeadScore {
  /** Points for what the lead is, and for what it did, after limits and decay. */
  fit: number
  engagement: number
  /** Both together. */
  points: number
  /** Place in the matrix of fit (A is best) and engagement (1 is best), such as 'A1' or 'C3'. */
  grade: string
  reasons: ScoreReason[]
}

const DEFAULT_CUTS = [20, 10]

/**
 * Scores a lead by rules: points for fit, points for engagement that halve with every half-life
 * (points * 2^(-age / halfLife)), limits per group, and a grade for both. Ages come in, so the same lead can be scored
 * as of any moment; nothing is added up in storage. Reasons: `lead_fit` and `lead_engagement` with rule and points,
 * `lead_limit` where a group gave more or less than it may. Throws TypeError for a model that cannot be, and
 * `ScoringInputError` for an event without an age.
 */
export function scoreLead(model: LeadScoreModel, lead: Lead): LeadScore {
  checkLeadScoreModel(model)
  const reasons: ScoreReason[] = []
  const fit = createPointsTally(model, reasons)
  for (const rule of model.fit) {
    const value = lead.attributes[rule.attribute]
    const points = matchesAttribute(rule, value) ? rule.points : (rule.otherwise ?? 0)
    if (points === 0) continue
    fit.add(rule.group, points)
    reasons.push(
      pointsReason('lead_fit', points, {
        rule: rule.code,
        points,
        attribute: rule.attribute,
        value: String(value ?? ''),
      }),
    )
  }
  const fitPoints = fit.total()

  const sums: EngagementSums = new Map()
  for (const event of distinct(lead.events ?? [])) addEngagement(model, sums, event)
  const engagement = scoreEngagement(model, sums)
  const { fit: fitCuts, engagement: engagementCuts } = model.grades ?? { fit: DEFAULT_CUTS, engagement: DEFAULT_CUTS }
  return {
    fit: fitPoints,
    engagement: engagement.points,
    points: fitPoints + engagement.points,
    grade: `${String.fromCharCode(65 + placeAmong(fitCuts, fitPoints))}${placeAmong(engagementCuts, engagement.points) + 1}`,
    reasons: [...reasons, ...engagement.reasons],
  }
}

function* distinct(events: readonly LeadEvent[]): Generator<LeadEvent> {
  const seen = new Set<string>()
  for (const [row, event] of events.entries()) {
    requireAge(event.ageDays, row)
    if (event.ageDays < 0 || (event.id !== undefined && seen.has(event.id))) continue
    if (event.id !== undefined) seen.add(event.id)
    yield event
  }
}

function placeAmong(cuts: readonly number[], points: number): number {
  const place = cuts.findIndex((cut) => points >= cut)
  return place < 0 ? cuts.length : place
}
