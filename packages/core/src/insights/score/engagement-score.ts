import {
  addEngagement,
  type EngagementRules,
  type EngagementSums,
  type LeadEvent,
  type ScoreReason,
  scoreEngagement,
} from '../../scoring/index.js'
import type { EngagementModel } from './engagement-model.js'
import type { RowScore } from './row-scores.js'

/** An event that counts, with the id of the row that shows it. */
export type CountedEvent = LeadEvent & { readonly id: string }

/** What somebody did, added up event by event: it takes no more memory for a million events than for ten. */
export interface EngagementTally {
  /** Events that were counted. */
  events: number
  readonly sums: EngagementSums
  /** By code, the newest events, the newest first. */
  readonly newest: Map<string, CountedEvent[]>
}

const idsPerRule = 10

/** A tally of nothing. */
export function emptyEngagement(): EngagementTally {
  return { events: 0, sums: new Map(), newest: new Map() }
}

/** Counts one more event, which must not have been counted before. */
export function countEvent(model: EngagementModel, tally: EngagementTally, event: CountedEvent): void {
  tally.events++
  addEngagement(rulesOf(model), tally.sums, event)
  const newest = tally.newest.get(event.code)
  if (!newest) {
    tally.newest.set(event.code, [event])
    return
  }
  const newer = newest.findIndex(({ ageDays }) => ageDays > event.ageDays)
  if (newer >= 0) newest.splice(newer, 0, event)
  else if (newest.length < idsPerRule) newest.push(event)
  if (newest.length > idsPerRule) newest.pop()
}

/**
 * Points for what somebody did (`scoreLead` without the fit). Each reason names the newest event that it rests on, and `evidence` of the
 * parameters the newest ten by rule. Nothing done is 0 points without a reason.
 */
export function engagementScore(model: EngagementModel, { sums, newest }: EngagementTally): RowScore {
  const { points, reasons } = scoreEngagement(rulesOf(model), sums)
  const evidence = Object.fromEntries(
    model.rules.flatMap(({ code }) => {
      const events = newest.get(code)
      return events ? [[code, events.map(({ id }) => id)] as const] : []
    }),
  )
  return {
    value: points,
    reasons: reasons.map((reason) => withEvidence(reason, evidence)),
    parameters: { halfLifeDays: model.halfLifeDays, evidence },
  }
}

function rulesOf({ rules: engagement, limits, halfLifeDays }: EngagementModel): EngagementRules {
  return { engagement, halfLifeDays, ...(limits && { limits }) }
}

function withEvidence(reason: ScoreReason, evidence: Readonly<Record<string, readonly string[]>>): ScoreReason {
  const eventId = evidence[String(reason.evidence.rule)]?.[0]
  return eventId === undefined ? reason : { ...reason, evidence: { ...reason.evidence, eventId } }
}
