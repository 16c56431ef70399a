import { effectOf } from '../reason-order.js'
import type { ScoreReason } from '../score-reason.js'
import type { LeadScoreModel } from './lead-rules.js'

/** Adds up points by group, and holds each group to its limits. */
export function createPointsTally({ limits = {} }: Pick<LeadScoreModel, 'limits'>, reasons: ScoreReason[]) {
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
          reasons.push(pointsReason('lead_limit', limited - points, { group, points, limit: limited }))
      }
      return sum
    },
  }
}

/** A reason for points that were given or taken. */
export function pointsReason(what: string, points: number, evidence: ScoreReason['evidence']): ScoreReason {
  return { what, effect: effectOf(points), evidence }
}
