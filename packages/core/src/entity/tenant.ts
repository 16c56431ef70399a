import * as z from 'zod/mini'
import { isCurrency } from '../kernel/money.js'
import { isTimeZone } from '../storage/bucket-instant.js'
import { defineEntity, type RecordOf } from './entity.js'
import { fieldFacts, oneOf, text } from './field.js'

/** What holds for a whole tenant. There is one per tenant; its id is `tenant`. */
export const tenantEntity = defineEntity({
  name: 'tenant',
  schema: z.strictObject({
    name: z.optional(text()),
    /** ISO 4217; the currency reports convert to. */
    currency: z.optional(
      text({ maxLength: 3 })
        .check(z.refine((value) => isCurrency(value), { error: 'must be an ISO 4217 code such as EUR' }))
        .register(fieldFacts, { type: 'text' }),
    ),
    /** IANA name of the zone that days are counted in. */
    timeZone: z.optional(
      text({ maxLength: 64 })
        .check(z.refine((value) => isTimeZone(value), { error: 'must be an IANA zone such as Europe/Berlin' }))
        .register(fieldFacts, { type: 'text' }),
    ),
    locale: z.optional(text({ maxLength: 35 })),
    weekStart: z.optional(oneOf(['monday', 'sunday', 'saturday'])),
  }),
  access: { reach: 'tenant' },
})

/** The settings of a tenant. */
export type Tenant = RecordOf<typeof tenantEntity>
