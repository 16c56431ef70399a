import * as z from 'zod/mini'
import { defineEntity } from '../entity/entity.js'
import { instant } from '../entity/field.js'

/**
 * There while a restore of the tenant is unfinished, under the id `restoration`. Its version is drawn at random and counts on with
 * every attempt: each batch of a restore checks it, so that an attempt that was given up cannot write into the next.
 */
export const restorationEntity = defineEntity({
  name: 'restoration',
  kind: 'projection',
  schema: z.strictObject({ startedAt: instant() }),
  access: { reach: 'tenant' },
  backedUp: false,
})
