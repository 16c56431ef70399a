import * as z from 'zod/mini'
import { defineEntity, type RecordOf } from '../entity/entity.js'
import { int, text } from '../entity/field.js'

/** How freely members take records of one entity out of the pool. What is left out is not limited. */
export const poolPolicyEntity = defineEntity({
  name: 'poolPolicy',
  schema: z.strictObject({
    /** Entity, such as `contact`. */
    object: text({ minLength: 1, immutable: true }),
    /** Who owns as many records, however it got them, claims no more. */
    maxOwned: z.optional(int({ min: 0 })),
    /** Claims of a member per calendar day of the tenant's time zone; given back or not. */
    maxClaimsPerDay: z.optional(int({ min: 0 })),
    /** Days of 24 hours during which who owned a record may not claim it again. */
    coolDownDays: z.optional(int({ min: 0, max: 100_000 })),
  }),
  access: { reach: 'tenant' },
  uniqueKey: ({ object }) => object as string,
  uniqueRemedy: { field: 'object', remedy: 'change the policy that exists' },
})

/** How freely members take records of one entity out of the pool. */
export type PoolPolicy = RecordOf<typeof poolPolicyEntity>
