import * as z from 'zod/mini'
import { defineEntity, type RecordOf } from '../entity/entity.js'
import { int, oneOf, text } from '../entity/field.js'
import { erasureModes } from './erasure-entity.js'

/** How long records of an entity are kept. */
export const retentionPolicyEntity = defineEntity({
  name: 'retentionPolicy',
  schema: z.strictObject({
    /** Entity, such as `ticket` or `behaviourEvent`. */
    object: text({ minLength: 1, immutable: true }),
    /** Path of the instant that the time counts from, such as `closedAt`; a record without it is kept. */
    since: text({ minLength: 1, immutable: true }),
    /** Days of 24 hours. */
    afterDays: int({ min: 1, max: 100_000 }),
    action: oneOf(erasureModes),
  }),
  access: { reach: 'tenant' },
  uniqueKey: (row) => `${row.object as string}:${row.since as string}`,
  uniqueRemedy: { field: 'since', remedy: 'change the policy that exists' },
})

/** How long records of an entity are kept. */
export type RetentionPolicy = RecordOf<typeof retentionPolicyEntity>
