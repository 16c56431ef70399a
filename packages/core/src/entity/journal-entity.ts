import * as z from 'zod/mini'
import { defineEntity } from './entity.js'
import { instant, int, oneOf, structured, text } from './field.js'

/** What kind of change a journal entry records. */
export type JournaledChange = 'created' | 'updated' | 'deleted' | 'restored'

/**
 * One changed field. The chain covers its commitment, SHA-256 over salt, field and values: erasure puts the commitment in the place of
 * `salt`, `before` and `after`, and the chain still verifies. Where those are there, the commitment follows from them.
 */
export interface JournaledField {
  readonly field: string
  readonly commitment?: string
  readonly salt?: string
  readonly before?: unknown
  readonly after?: unknown
}

/** One event of a change, committed to in the same way. */
export interface JournaledEvent {
  readonly type: string
  readonly commitment?: string
  readonly salt?: string
  readonly data?: Readonly<Record<string, unknown>>
}

/**
 * One entry per change of a record, written in the same batch: audit trail and outbox in one. Entries of a record form a hash
 * chain; the record holds the newest hash.
 */
export const journalEntity = defineEntity({
  name: 'journal',
  kind: 'projection',
  schema: z.strictObject({
    entity: text(),
    recordId: text(),
    recordVersion: int({ min: 1 }),
    at: instant(),
    actorType: text(),
    actorId: text(),
    actor: structured(z.record(z.string(), z.unknown())),
    change: oneOf(['created', 'updated', 'deleted', 'restored']),
    cause: z.optional(text()),
    changes: structured(z.array(z.unknown()), { personal: true }),
    events: structured(z.array(z.unknown())),
    previousHash: z.optional(text()),
    hash: text(),
  }),
  access: { reach: 'tenant' },
  indexes: [
    { name: 'record', on: ['entity', 'recordId', '-recordVersion'] },
    { name: 'at', on: ['at'] },
  ],
})
