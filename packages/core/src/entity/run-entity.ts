import * as z from 'zod/mini'
import { defineEntity, type RecordOf } from './entity.js'
import { instant, int, oneOf, structured, text } from './field.js'

const values = z.record(z.string(), z.unknown())

/** Long work: an import, a scoring, a hand-over. Kept, so that it can be watched, cancelled and taken up again. */
export const runEntity = defineEntity({
  name: 'run',
  schema: z.strictObject({
    /** What is done, such as `scores.refresh`. */
    kind: text({ minLength: 1, immutable: true }),
    status: z._default(oneOf(['queued', 'running', 'done', 'failed', 'canceled']), 'queued'),
    params: z._default(structured(z.record(z.string(), z.unknown())), {}),
    result: z.optional(structured(values)),
    /** Code and message of the error that ended it. */
    error: z.optional(structured(z.object({ code: z.string(), message: z.string() }))),
    startedAt: z.optional(instant()),
    finishedAt: z.optional(instant()),
  }),
  derived: z.strictObject({
    /** Where to go on after an interruption; its meaning is the kind's. */
    cursor: z.optional(structured(z.record(z.string(), z.unknown()))),
    progress: z.strictObject({ done: z.optional(int({ min: 0 })), total: z.optional(int({ min: 0 })) }),
    counts: z.optional(structured(z.record(z.string(), z.number()))),
    /** Attempts since the last checkpoint. */
    attempts: z.optional(int({ min: 0 })),
    /** A running run whose lease has passed was interrupted. */
    leaseUntil: z.optional(instant()),
  }),
  access: { reach: 'owned' },
  ownership: { fixed: true },
  indexes: [
    { name: 'status', on: ['status', 'createdAt'], live: true },
    { name: 'kind', on: ['kind', '-createdAt'], live: true },
  ],
})

/** A long piece of work and how far it is. */
export type Run = RecordOf<typeof runEntity>
