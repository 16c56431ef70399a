import * as z from 'zod/mini'
import { defineEntity, type RecordOf } from '../entity.js'
import { bool, oneOf, structured, text, texts } from '../field.js'

/** A field that a tenant added to an entity. Its values live under `custom.<key>`. */
export const customFieldEntity = defineEntity({
  name: 'customField',
  schema: z.strictObject({
    /** Entity it belongs to, such as `contact`. */
    object: text({ minLength: 1, immutable: true }),
    /** camelCase name under `custom`. */
    key: text({
      immutable: true,
      maxLength: 64,
      pattern: /^[a-z][a-zA-Z0-9]*$/,
      expected: 'must be camelCase letters and digits',
    }),
    type: oneOf(['text', 'number', 'boolean', 'date', 'select', 'multiSelect', 'url'], { immutable: true }),
    label: text({ minLength: 1 }),
    /** Values of `select` and `multiSelect`. */
    options: z.optional(texts({ maxItems: 500 })),
    required: z._default(bool(), false),
    personal: z._default(bool(), false),
    description: z.optional(text({ maxLength: 2_000 })),
    hints: z.optional(structured(z.record(z.string(), z.string()))),
  }),
  access: { reach: 'tenant' },
  indexes: [{ name: 'object', on: ['object', 'key'], live: true }],
  uniqueKey: (row) => `${row.object as string}.${row.key as string}`,
  uniqueRemedy: { field: 'key', remedy: 'change the field that exists, or choose another key' },
})

/** A registered custom field. */
export type CustomField = RecordOf<typeof customFieldEntity>
