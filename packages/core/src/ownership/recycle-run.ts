import type { Actor } from '../access/actor.js'
import type { Checkpoint } from '../entity/run-service.js'
import type { SessionContext } from '../entity/session-context.js'
import { moveOwners, type ObjectCounts } from './move-owners.js'
import { activeRules, nextCandidates } from './recycle-candidates.js'

/** As of when records are recycled, and who asked for it: the run may do what they may. */
export interface RecycleParams {
  readonly asOf: string
  readonly starter: Actor
}

/** What a rule would do. */
export interface RecycleForecast {
  readonly ruleId: string
  readonly object: string
  /** Records that would go into the pool. One that several rules are for counts with the first. */
  readonly due: number
  /** Records whose time is over but that stay. */
  readonly exempt: number
}

/** Puts the records whose time is over into the pool. Goes on where it was interrupted, as of the same moment. */
export async function runRecycle(
  context: SessionContext,
  { asOf, starter }: RecycleParams,
  checkpoint: Checkpoint,
  mostWrites: number,
): Promise<{ readonly recycled: ObjectCounts }> {
  const sources = (await activeRules(context)).map(({ owned, rules }) => ({
    owned,
    async next(place: Parameters<typeof nextCandidates>[4], limit: number) {
      const page = await nextCandidates(context, owned, rules, Date.parse(asOf), place, limit)
      if (!page) return undefined
      const { name } = owned.entity
      const changes = page.candidates.flatMap(({ row, rule, exempt }) => {
        const data = { from: row[owned.ownerField], ruleId: rule.id }
        return exempt ? [] : [{ row, to: null, events: [{ type: `${name}.recycled`, data }] }]
      })
      return { changes, place: page.place }
    },
  }))
  return { recycled: await moveOwners(context.as(starter, context.cause), sources, checkpoint, { mostWrites }) }
}

/** What recycling would do at a moment. Changes nothing. */
export async function forecastRecycle(context: SessionContext, asOfMs: number): Promise<RecycleForecast[]> {
  const forecasts: RecycleForecast[] = []
  for (const { owned, rules } of await activeRules(context)) {
    const counts = new Map(rules.map(({ id }) => [id, { due: 0, exempt: 0 }]))
    for (let page = await nextCandidates(context, owned, rules, asOfMs, undefined, 1_000); page; ) {
      for (const { rule, exempt } of page.candidates) {
        const count = counts.get(rule.id) as { due: number; exempt: number }
        if (exempt) count.exempt++
        else count.due++
      }
      page = await nextCandidates(context, owned, rules, asOfMs, page.place, 1_000)
    }
    for (const [ruleId, count] of counts) forecasts.push({ ruleId, object: owned.entity.name, ...count })
  }
  return forecasts
}
