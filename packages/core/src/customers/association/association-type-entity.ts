import * as z from 'zod/mini'
import { defineEntity, type RecordOf } from '../../entity/entity.js'
import { bool, oneOf, text } from '../../entity/field.js'
import type { NewOf } from '../../entity/record-service.js'
import { deriveId } from '../../kernel/id.js'

/**
 * A kind of link that a tenant has defined: how it reads from both ends, and between what it may be. Links of kinds that nobody
 * defined may be between any records.
 */
export const associationTypeEntity = defineEntity({
  name: 'associationType',
  schema: z.strictObject({
    /** Stable; the `typeKey` of its links. */
    key: text({
      minLength: 1,
      maxLength: 64,
      immutable: true,
      pattern: /^[a-z][A-Za-z0-9]*$/,
      expected: 'must be camelCase such as worksAt',
    }),
    /** How it reads from the first record: “manages”. */
    label: text({ minLength: 1, maxLength: 200 }),
    /** How it reads from the second record: “reports to”; the same as `label` when left out. */
    inverseLabel: z.optional(text({ minLength: 1, maxLength: 200 })),
    /** What kind of record comes first, `contact` say. */
    fromType: text({ minLength: 1, maxLength: 64, immutable: true }),
    toType: text({ minLength: 1, maxLength: 64, immutable: true }),
    /** It means the same in both directions: “is married to”. */
    symmetric: z._default(bool({ immutable: true }), false),
    category: z._default(oneOf(['app', 'plugin']), 'app'),
  }),
  access: { reach: 'tenant' },
})

/** A kind of link between records. */
export type AssociationType = RecordOf<typeof associationTypeEntity>

/** Input of a kind of link. */
export type NewAssociationType = NewOf<typeof associationTypeEntity>

/** The id of a kind follows from its key, so that it is found by it. */
export function associationTypeId(key: string): string {
  return deriveId('associationType', key)
}
