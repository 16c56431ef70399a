import * as z from 'zod/mini'
import { text } from '../../entity/field.js'

/** The id of a record in another system, such as the shop's customer number. */
export const externalRefSchema = z.strictObject({
  /** The other system, such as `shop`. */
  system: text({ minLength: 1, maxLength: 100 }),
  /** Its id there. */
  externalId: text({ minLength: 1, maxLength: 400 }),
})

/** A record's id in another system. Unique per tenant, system and kind of record. */
export type ExternalRef = z.output<typeof externalRefSchema>
