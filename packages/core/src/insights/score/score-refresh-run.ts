import type { Checkpoint, RunKind } from '../../entity/run-service.js'
import type { SessionContext } from '../../entity/session-context.js'
import type { EngagementModel } from './engagement-model.js'
import type { EngagementProgress } from './engagement-refresh.js'
import type { PurchaseScoreModel, ScoreModel } from './score-entity.js'
import type { RefreshParams } from './score-refresh.js'
import { type ScoringComputation, scoringInThread } from './scoring-computation.js'

/** What a refresh was asked for: scores that follow from purchases, from behaviour, or both. */
export interface AskedParams extends Omit<RefreshParams, 'models'> {
  readonly models: readonly ScoreModel[]
  readonly engagement: EngagementModel
}

/** Where a refresh of behaviour stands: it begins when the scores of purchases are written. */
interface EngagementCursor {
  readonly purchases: Readonly<Record<string, unknown>>
  readonly reached?: EngagementProgress
}

/** The run behind `scores.refresh`. What it needs is loaded with the first one: most pages and many requests never score anybody. */
export function scoreRefreshRun(compute: ScoringComputation = scoringInThread): RunKind<AskedParams> {
  return {
    kind: 'scores.refresh',
    async execute(context, { engagement, ...params }, checkpoint) {
      const models = params.models.filter((model): model is PurchaseScoreModel => model !== 'engagement')
      const cursor = checkpoint.cursor as Partial<EngagementCursor> | undefined
      let purchases = cursor?.purchases
      if (!purchases && models.length > 0) {
        const { refreshScores } = await import('./score-refresh.js')
        purchases = await refreshScores(context, { ...params, models }, checkpoint, compute)
      }
      if (models.length === params.models.length) return purchases ?? {}
      const start = { purchases: purchases ?? {}, ...(cursor?.reached && { reached: cursor.reached }) }
      return { ...purchases, engagement: await refreshBehaviour(context, { ...params, engagement }, checkpoint, start) }
    },
  }
}

async function refreshBehaviour(
  context: SessionContext,
  params: AskedParams,
  checkpoint: Checkpoint,
  { purchases, reached }: EngagementCursor,
): Promise<Readonly<Record<string, unknown>>> {
  const { refreshEngagement } = await import('./engagement-refresh.js')
  const result = await refreshEngagement(context, params, {
    signal: checkpoint.signal,
    reached,
    save: (now, total) => checkpoint.save({ cursor: { purchases, reached: now }, done: now.contacts, total }),
  })
  return { ...result }
}
