import * as z from 'zod/mini'
import { bool, oneOf, text } from '../../entity/field.js'

/** A postal address. */
export const addressSchema = z.strictObject({
  type: z._default(oneOf(['billing', 'shipping', 'mailing', 'other']), 'other'),
  line1: text(),
  line2: z.optional(text()),
  city: text(),
  region: z.optional(text()),
  postalCode: z.optional(text({ maxLength: 32 })),
  /** ISO 3166-1 alpha-2. */
  countryCode: text({ pattern: /^[A-Z]{2}$/, expected: 'must be two capital letters such as DE' }),
  primary: z.optional(bool()),
})

/** A postal address of a contact or company. */
export type Address = z.output<typeof addressSchema>
