import { computeScores } from './score/compute-scores.js'
import { movableBuffers } from './score/movable-buffers.js'
import type { ScoringAnswer } from './score/scoring-in-worker.js'
import type { ScoringJob } from './score/scoring-job.js'

/** The end of a channel to whoever started this worker. */
interface Caller {
  onmessage: ((event: { readonly data: ScoringJob }) => void) | null
  postMessage(message: ScoringAnswer, transfer: ArrayBuffer[]): void
}

// The module of a worker, for `scoringInWorker`: takes a job, answers with its scores. Node keeps the channel in a module of its own,
// which is looked up at run time, so that the same file loads in a browser, where the channel is the global itself.
const threads = globalThis.process?.getBuiltinModule?.('node:worker_threads')
const caller = (threads?.parentPort ?? globalThis) as unknown as Caller

caller.onmessage = ({ data: job }) => {
  computeScores(job).then(
    (columns) => caller.postMessage({ columns }, movableBuffers(columns)),
    (error: unknown) => caller.postMessage({ error }, []),
  )
}
