import * as z from 'zod/mini'
import { defineEntity, type RecordOf } from '../entity/entity.js'
import { text } from '../entity/field.js'

/** A record that must be kept as it is: neither erasure nor retention touches it, or what refers to it. */
export const legalHoldEntity = defineEntity({
  name: 'legalHold',
  schema: z.strictObject({
    objectType: text({ minLength: 1, immutable: true }),
    recordId: text({ minLength: 1, maxLength: 64, immutable: true }),
    /** Why, such as a file number. */
    reason: text({ minLength: 1 }),
  }),
  access: { reach: 'tenant' },
  indexes: [{ name: 'record', on: ['recordId'], live: true }],
  uniqueKey: (row) => `${row.objectType as string}:${row.recordId as string}`,
  uniqueRemedy: { field: 'recordId', remedy: 'the record is held already' },
})

/** A hold on a record. */
export type LegalHold = RecordOf<typeof legalHoldEntity>
