import * as z from 'zod/mini'
import { defineEntity, type RecordOf } from '../../entity/entity.js'
import { oneOf, text } from '../../entity/field.js'

/** What can be suppressed: an address, a number, or the id of a person in another system. */
export const suppressionKinds = ['email', 'phone', 'externalRef'] as const

/** Somebody who must not come back. It does not say who: only the index of hashes leads here. */
export const suppressionEntity = defineEntity({
  name: 'suppression',
  schema: z.strictObject({
    kind: oneOf(suppressionKinds, { immutable: true }),
    reason: oneOf(['erased', 'bounced', 'complained', 'requested'], { immutable: true }),
  }),
  access: { reach: 'tenant' },
  indexes: [{ name: 'created', on: ['-createdAt'], live: true }],
})

/** Somebody who must not come back. */
export type Suppression = RecordOf<typeof suppressionEntity>

/** The index of suppressions. The id of a row is a hash with the tenant's key, so it tells nobody an address. */
export const suppressionHashEntity = defineEntity({
  name: 'suppressionHash',
  kind: 'projection',
  schema: z.strictObject({ suppressionId: text() }),
  access: { reach: 'tenant' },
  uniqueRemedy: {
    field: 'emails',
    remedy: 'the person asked not to be kept: leave the record out, or lift it with suppressions.lift',
  },
})
