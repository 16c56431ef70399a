import { effectOf } from '../reason-order.js'
import type { ScoreReason } from '../score-reason.js'
import { ScoringInputError } from '../scoring-input-error.js'
import { checkLeadScoreModel, type LeadAttribute, type LeadScoreModel, matchesAttribute } from './lead-rules.js'

export interface LeadEvent {
  /** The code of an engagement rule; events that no rule knows do not count. */
  code: string
  /** Days from the event to the moment that is scored; events yet to come (below 0) do not count. */
  ageDays: number
  /** Events with the same id count once. */
  id?: string
}

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
 * {@link ScoringInputError} for an event without an age.
 */
export function scoreLead(model: LeadScoreModel, lead: Lead): LeadScore {
  checkLeadScoreModel(model)
  const reasons: ScoreReason[] = []
  const fit = createTally(model, reasons)
  for (const rule of model.fit) {
    const value = lead.attributes[rule.attribute]
    const points = matchesAttribute(rule, value) ? rule.points : (rule.otherwise ?? 0)
    if (points === 0) continue
    fit.add(rule.group, points)
    reasons.push(
      reasonOf('lead_fit', points, { rule: rule.code, points, attribute: rule.attribute, value: String(value ?? '') }),
    )
  }
  const fitPoints = fit.total()

  const engagement = createTally(model, reasons)
  const happened = eventAges(lead.events ?? [])
  for (const rule of model.engagement) {
    const ages = happened.get(rule.code)
    if (!ages) continue
    const halfLifeDays = rule.halfLifeDays ?? model.halfLifeDays
    const points = ages.reduce(
      (sum, age) => sum + (halfLifeDays === undefined ? rule.points : rule.points * 2 ** (-age / halfLifeDays)),
      0,
    )
    engagement.add(rule.group, points)
    const latestDays = ages.reduce((latest, age) => Math.min(latest, age))
    reasons.push(reasonOf('lead_engagement', points, { rule: rule.code, points, events: ages.length, latestDays }))
  }
  const engagementPoints = engagement.total()
  const { fit: fitCuts, engagement: engagementCuts } = model.grades ?? { fit: DEFAULT_CUTS, engagement: DEFAULT_CUTS }
  return {
    fit: fitPoints,
    engagement: engagementPoints,
    points: fitPoints + engagementPoints,
    grade: `${String.fromCharCode(65 + placeAmong(fitCuts, fitPoints))}${placeAmong(engagementCuts, engagementPoints) + 1}`,
    reasons,
  }
}

/** Adds up points by group, and holds each group to its limits. */
function createTally({ limits = {} }: LeadScoreModel, reasons: ScoreReason[]) {
  let free = 0
  const groups = new Map<string, number>()
  return {
    add(group: string | undefined, points: number): void {
      if (group === undefined) free += points
      else groups.set(group, (groups.get(group) ?? 0) + points)
    },
    total(): number {
      let sum = free
      for (const [group, points] of groups) {
        const { least = -Infinity, most = Infinity } = limits[group] ?? {}
        const limited = Math.min(most, Math.max(least, points))
        sum += limited
        if (limited !== points)
          reasons.push(reasonOf('lead_limit', limited - points, { group, points, limit: limited }))
      }
      return sum
    },
  }
}

function reasonOf(what: string, points: number, evidence: ScoreReason['evidence']): ScoreReason {
  return { what, effect: effectOf(points), evidence }
}

function eventAges(events: readonly LeadEvent[]): Map<string, number[]> {
  const seen = new Set<string>()
  const ages = new Map<string, number[]>()
  events.forEach(({ code, ageDays, id }, row) => {
    if (!Number.isFinite(ageDays)) {
      throw new ScoringInputError(
        { column: 'events.ageDays', row },
        'the age is not a finite number',
        'Give the days from the event to the moment that is scored',
      )
    }
    if (ageDays < 0 || (id !== undefined && seen.has(id))) return
    if (id !== undefined) seen.add(id)
    const known = ages.get(code)
    if (known) known.push(ageDays)
    else ages.set(code, [ageDays])
  })
  return ages
}

function placeAmong(cuts: readonly number[], points: number): number {
  const place = cuts.findIndex((cut) => points >= cut)
  return place < 0 ? cuts.length : place
}
