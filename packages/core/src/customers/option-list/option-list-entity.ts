import * as z from 'zod/mini'
import { defineEntity } from '../../entity/entity.js'
import { oneOf, structured, text } from '../../entity/field.js'
import { deriveId } from '../../kernel/id.js'
import { type OptionField, optionFields } from './option-list.js'

const optionSchema = z.strictObject({
  key: text({ minLength: 1, maxLength: 64, pattern: /^[a-z][A-Za-z0-9]*$/, expected: 'must be camelCase such as vip' }),
  labels: z
    .record(z.string(), text({ minLength: 1, maxLength: 200 }))
    .check(z.refine((labels) => Object.keys(labels).length > 0, { error: 'must have a label in some language' })),
})

/** The values that a tenant lets a field have, where these are not the preset ones. */
export const optionListEntity = defineEntity({
  name: 'optionList',
  schema: z.strictObject({
    field: oneOf(optionFields, { immutable: true }),
    /** In order. */
    options: structured(
      z.array(optionSchema).check(
        z.minLength(1, 'must have at least one option'),
        z.maxLength(200, 'must have at most 200 options'),
        z.refine((options) => new Set(options.map(({ key }) => key)).size === options.length, {
          error: 'must have each key once',
        }),
      ),
    ),
  }),
  access: { reach: 'tenant' },
})

/** There is one list for each field. */
export function optionListId(field: OptionField): string {
  return deriveId('optionList', field)
}
