import type { ScoreColumns } from './score-columns.js'
import type { ScoringJob } from './scoring-job.js'

/**
 * Where scores are computed. Takes a job over (its columns may be moved to another thread, so do not read them afterwards) and gives
 * back the columns of the scores. Stops when the signal fires, if it can.
 */
export type ScoringComputation = (job: ScoringJob, signal: AbortSignal) => Promise<ScoreColumns>

/** Computes in this thread, and gives timers and requests their turn between models. */
export const scoringInThread: ScoringComputation = async (job, signal) => {
  const { computeScores } = await import('./compute-scores.js')
  return computeScores(job, async () => {
    await new Promise((resolve) => setTimeout(resolve, 0))
    signal.throwIfAborted()
  })
}
