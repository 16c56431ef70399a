import * as z from 'zod/mini'
import { defineEntity, type RecordOf } from '../../entity/entity.js'
import { bool, instant, longText, reference, structured, text } from '../../entity/field.js'
import type { NewOf } from '../../entity/record-service.js'

const scalar = z.union([longText({ maxLength: 10_000 }), z.number(), bool()])
const mostFacts = 500

/**
 * What somebody else says of a contact or company: a credit agency, a register, a data vendor. Each report is kept; the newest of a
 * source is what it says now.
 */
export const externalDataEntity = defineEntity({
  name: 'externalData',
  schema: z.strictObject({
    contactId: z.optional(reference('contact', { immutable: true })),
    companyId: z.optional(reference('company', { immutable: true })),
    /** Who says it, such as `creditreform`. */
    source: text({ minLength: 1, maxLength: 100, immutable: true }),
    /** The moment the facts are of. */
    asOf: instant({ immutable: true }),
    /** When they were fetched. */
    fetchedAt: instant({ immutable: true }),
    /** Facts by name. */
    values: structured(
      z.record(z.string(), z.union([scalar, z.array(scalar).check(z.maxLength(1_000))])).check(
        z.refine((values) => Object.keys(values).length <= mostFacts, {
          error: `must have at most ${mostFacts} facts`,
        }),
      ),
      { personal: true, immutable: true },
    ),
  }),
  access: { reach: 'tenant' },
  indexes: [
    { name: 'contact', on: ['contactId', 'source', '-asOf'] },
    { name: 'company', on: ['companyId', 'source', '-asOf'] },
  ],
})

/** One report of a source about a contact or company. */
export type ExternalData = RecordOf<typeof externalDataEntity>

/** Input of a report; fetched now when not told. */
export type NewExternalData = Omit<NewOf<typeof externalDataEntity>, 'fetchedAt'> & { fetchedAt?: string }
