import * as z from 'zod/mini'
import { defineEntity, type RecordOf } from '../entity.js'
import { bool, oneOf, structured, text, texts } from '../field.js'
import type { Formula, ValueType } from './formula.js'
import type { RollUp } from './roll-up.js'

/** What a custom field holds. `formula` and `rollUp` are computed, the rest is set. */
export const customFieldTypes = [
  'text',
  'number',
  'money',
  'boolean',
  'date',
  'dateTime',
  'select',
  'multiSelect',
  'reference',
  'url',
  'formula',
  'rollUp',
] as const

const word = z.string().check(z.maxLength(512))
const labels = z.record(z.string().check(z.maxLength(35)), word)

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
    type: oneOf(customFieldTypes, { immutable: true }),
    label: text({ minLength: 1 }),
    /** Labels in other languages, by BCP 47 tag: `{ zh: '尺码' }`. */
    labels: z.optional(structured(labels)),
    /** Keys of a `select` or `multiSelect`, in the order they are shown. A key stays; archive one that is no longer chosen. */
    options: z.optional(texts({ maxItems: 500 })),
    /** What options are called, by key and language. */
    optionLabels: z.optional(structured(z.record(z.string(), labels))),
    /** Options that records keep and nobody chooses any more. */
    archivedOptions: z.optional(texts({ maxItems: 500 })),
    /** Entity whose id a `reference` holds. */
    target: z.optional(text({ minLength: 1, immutable: true })),
    /** Expression of a `formula`. */
    formula: z.optional(structured(z.custom<Formula>((value) => value !== undefined && value !== null))),
    /** What a `rollUp` adds up. */
    rollUp: z.optional(structured(z.custom<RollUp>((value) => typeof value === 'object' && value !== null))),
    /** What a new record gets where the field is not given. */
    defaultValue: z.optional(structured(z.unknown())),
    required: z._default(bool(), false),
    /** No two live records have the same value. Decided on creation. */
    unique: z.optional(bool({ immutable: true })),
    /** Says something about an identifiable person. What is computed from a personal field is personal. */
    personal: z._default(bool(), false),
    /** Words of its values find the record. */
    searchable: z.optional(bool()),
    description: z.optional(text({ maxLength: 2_000 })),
    hints: z.optional(structured(z.record(z.string(), z.string()))),
  }),
  derived: z.strictObject({
    /** Type of the values of a `formula` or `rollUp`. */
    valueType: z.optional(text()) as z.ZodMiniOptional<z.ZodMiniType<ValueType, ValueType>>,
    /** The run that computes the values that were there before the definition. */
    recomputeRunId: z.optional(text()),
  }),
  access: { reach: 'tenant' },
  indexes: [{ name: 'object', on: ['object', 'key'], live: true }],
  uniqueKey: (row) => `${row.object as string}.${row.key as string}`,
  uniqueRemedy: { field: 'key', remedy: 'change the field that exists, or choose another key' },
})

/** A registered custom field. */
export type CustomField = RecordOf<typeof customFieldEntity>

/** Whether the values of a field are computed, so that nobody sets them. */
export function isComputed({ type }: Pick<CustomField, 'type'>): boolean {
  return type === 'formula' || type === 'rollUp'
}
