import { CrmError } from '../../kernel/crm-error.js'
import { movableBuffers } from './movable-buffers.js'
import type { ScoreColumns } from './score-columns.js'
import type { ScoringComputation } from './scoring-computation.js'

/** What a `Worker` of Node and one of the browser have in common. */
export interface ScoringWorker {
  postMessage(message: unknown, transfer: ArrayBuffer[]): void
  terminate(): unknown
  /** Of Node. */
  on?(type: string, listener: (value: unknown) => void): unknown
  /** Of the browser. */
  addEventListener?(type: string, listener: (event: Event) => void): void
}

/** What the worker answers. */
export type ScoringAnswer = { readonly columns: ScoreColumns } | { readonly error: unknown }

/**
 * Computes scores in a worker, for `createCrm({ scoring })`: each refresh starts one and ends it, and columns are moved there and
 * back without a copy. The worker runs the module `@rapport/core/scoring/worker`:
 *
 * - Node: `scoringInWorker(() => new Worker(new URL(import.meta.resolve('@rapport/core/scoring/worker'))))`
 * - a page: `scoringInWorker(() => new Worker(new URL('scoring-worker.js', import.meta.url), { type: 'module' }))`, where
 *   `scoring-worker.js` is your bundle of that module
 */
export function scoringInWorker(start: () => ScoringWorker): ScoringComputation {
  return async (job, signal) => {
    signal.throwIfAborted()
    const worker = start()
    try {
      return await new Promise<ScoreColumns>((resolve, reject) => {
        listen(worker, 'message', (answer) => {
          if ('columns' in (answer as ScoringAnswer)) resolve((answer as { columns: ScoreColumns }).columns)
          else reject((answer as { error: unknown }).error)
        })
        listen(worker, 'error', (cause) => reject(failed(cause)))
        listen(worker, 'exit', () => reject(failed(undefined)))
        signal.addEventListener('abort', () => reject(signal.reason), { once: true })
        worker.postMessage(job, movableBuffers(job))
      })
    } finally {
      await worker.terminate()
    }
  }
}

/** Node hands over the value, the browser an event that holds it. */
function listen(worker: ScoringWorker, type: 'message' | 'error' | 'exit', hear: (value: unknown) => void): void {
  if (worker.on) worker.on(type, hear)
  else worker.addEventListener?.(type, (event) => hear('data' in event ? event.data : event))
}

function failed(cause: unknown): CrmError {
  return new CrmError(
    'storage_failed',
    'The worker that computes scores ended without an answer',
    {
      remedy: 'check that it loads @rapport/core/scoring/worker and has memory enough',
    },
    { cause },
  )
}
