import { expect, it } from 'vitest'
import { computeScores } from './score/compute-scores.js'
import { scoringInWorker } from './score/scoring-in-worker.js'
import type { ScoringJob } from './score/scoring-job.js'

/** A hundred customers with up to five purchases, told apart by their number. */
function job(): ScoringJob {
  const lines = Array.from({ length: 100 }, (_, customer) =>
    Array.from({ length: 1 + (customer % 5) }, (_, time) => ({ customer, week: ((customer * 3) % 10) + time * 5 })),
  ).flat()
  return {
    models: ['rfm', 'clv', 'churn', 'cluster'],
    asOf: '2026-02-28T23:59:59.999Z',
    purchaseModel: 'mbg_nbd',
    timeZone: 'UTC',
    minorUnits: 100,
    purchases: {
      customer: Uint32Array.from(lines, ({ customer }) => customer),
      at: Float64Array.from(lines, ({ week }) => Date.UTC(2025, 6, 1 + week * 7)),
      amount: Float64Array.from(lines, ({ customer, week }) => 10 + ((customer * 7 + week) % 20)),
      itemStart: new Uint32Array(lines.length + 1),
      item: new Uint32Array(0),
    },
    previousStage: new Int8Array(100).fill(-1),
  }
}

it('a page computes scores in a Web Worker, equal to its own', async () => {
  const start = (): Worker => new Worker(new URL('./scoring-worker.ts', import.meta.url), { type: 'module' })
  const columns = await scoringInWorker(start)(job(), new AbortController().signal)
  expect(columns).toEqual(await computeScores(job()))
})
