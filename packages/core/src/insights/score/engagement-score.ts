import { type LeadEvent, type ScoreReason, scoreLead } from '../../scoring/index.js'
import type { EngagementModel } from './engagement-model.js'
import type { RowScore } from './row-scores.js'

/** An event that counts, with the id of the row that shows it. */
export type CountedEvent = LeadEvent & { readonly id: string }

const idsPerRule = 10

/**
 * Points for what somebody did (`scoreLead` without the fit). Each reason names the newest event that it rests on, and `evidence` of the
 * parameters the newest ten by rule. Nothing done is 0 points without a reason.
 */
export function engagementScore(model: EngagementModel, events: readonly CountedEvent[]): RowScore {
  const { rules: engagement, limits, halfLifeDays } = model
  const lead = scoreLead({ fit: [], engagement, halfLifeDays, ...(limits && { limits }) }, { attributes: {}, events })
  const newest = events.toSorted((left, right) => left.ageDays - right.ageDays)
  const idsOf = (code: unknown): string[] =>
    newest
      .filter((event) => event.code === code)
      .slice(0, idsPerRule)
      .map(({ id }) => id)
  const evidence = Object.fromEntries(
    engagement.map(({ code }) => [code, idsOf(code)] as const).filter(([, ids]) => ids.length > 0),
  )
  return {
    value: lead.engagement,
    reasons: lead.reasons.map((reason) => withEvidence(reason, evidence)),
    parameters: { halfLifeDays, evidence },
  }
}

function withEvidence(reason: ScoreReason, evidence: Readonly<Record<string, readonly string[]>>): ScoreReason {
  const eventId = evidence[String(reason.evidence.rule)]?.[0]
  return eventId === undefined ? reason : { ...reason, evidence: { ...reason.evidence, eventId } }
}
