import * as z from 'zod/mini'
import { defineEntity, type RecordOf } from '../entity/entity.js'
import { bool, int, oneOf, structured, text } from '../entity/field.js'

const filter = z.record(z.string(), z.unknown())

/** When records of an entity go back into the pool. */
export const recycleRuleEntity = defineEntity({
  name: 'recycleRule',
  schema: z.strictObject({
    name: text({ minLength: 1 }),
    /** Entity, such as `contact`. */
    object: text({ minLength: 1, immutable: true }),
    active: z._default(bool(), true),
    /** What the days count from: the last activity, or taking over when that was later; or taking over alone. */
    since: z._default(oneOf(['lastActivity', 'ownership']), 'lastActivity'),
    /** Days of 24 hours. */
    afterDays: int({ min: 1, max: 100_000 }),
    /** Records it is for, such as `{ lifecycleStage: 'lead' }`; all when left out. */
    where: z.optional(structured(filter)),
    /** Records that stay with their owner all the same. */
    except: z.optional(structured(filter)),
    /** A record stays also while another one refers to it, such as a deal that was won. */
    unless: z._default(
      structured(
        z
          .array(z.strictObject({ entity: z.string(), field: z.string(), where: z.optional(filter) }))
          .check(z.maxLength(5)),
      ),
      [],
    ),
  }),
  access: { reach: 'tenant' },
  indexes: [{ name: 'object', on: ['object', 'createdAt'], live: true }],
})

/** When records of an entity go back into the pool. */
export type RecycleRule = RecordOf<typeof recycleRuleEntity>
