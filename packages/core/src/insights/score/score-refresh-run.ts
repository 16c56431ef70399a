import type { RunKind } from '../../entity/run-service.js'
import type { RefreshParams } from './score-refresh.js'
import { type ScoringComputation, scoringInThread } from './scoring-computation.js'

/** The run behind `scores.refresh`. What it needs is loaded with the first one: most pages and many requests never score anybody. */
export function scoreRefreshRun(compute: ScoringComputation = scoringInThread): RunKind<RefreshParams> {
  return {
    kind: 'scores.refresh',
    async execute(context, params, checkpoint) {
      const { refreshScores } = await import('./score-refresh.js')
      return refreshScores(context, params, checkpoint, compute)
    },
  }
}
