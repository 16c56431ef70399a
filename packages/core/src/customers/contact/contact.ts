import * as z from 'zod/mini'
import { date, float, instant, int, oneOf, reference, structured, text } from '../../entity/field.js'
import { addressSchema } from '../address/address.js'
import { emailSchema, phoneSchema } from '../contact-point/contact-point.js'
import { externalRefSchema } from '../external-ref/external-ref.js'
import { standingShape } from '../standing.js'

/** Ordered stages of the relationship as marketing and sales see it. */
export const lifecycleStages = [
  'subscriber',
  'lead',
  'marketingQualifiedLead',
  'salesQualifiedLead',
  'opportunity',
  'customer',
  'evangelist',
  'other',
] as const

/** Fields of a person that callers set. */
export const contactSchema = z.strictObject({
  salutation: z.optional(text({ personal: true, maxLength: 50 })),
  firstName: z.optional(text({ personal: true })),
  lastName: z.optional(text({ personal: true })),
  /** Ways to write to the person; each address belongs to one contact of the tenant only. */
  emails: z._default(structured(z.array(emailSchema).check(z.maxLength(50)), { personal: true }), []),
  phones: z._default(structured(z.array(phoneSchema).check(z.maxLength(50)), { personal: true }), []),
  addresses: z._default(structured(z.array(addressSchema).check(z.maxLength(50)), { personal: true }), []),
  jobTitle: z.optional(text({ personal: true })),
  /** BCP 47, such as `zh-CN`. */
  locale: z.optional(text({ maxLength: 35 })),
  /** IANA, such as `Europe/Berlin`. */
  timeZone: z.optional(text({ maxLength: 64 })),
  birthDate: z.optional(date({ personal: true })),
  lifecycleStage: z._default(oneOf(lifecycleStages), 'subscriber'),
  leadSource: z.optional(text()),
  /** The main employer, of which the contact has a role. */
  primaryCompanyId: z.optional(reference('company')),
  ...standingShape(true),
  /** Ids of the person in other systems. */
  externalRefs: z._default(structured(z.array(externalRefSchema).check(z.maxLength(50)), { personal: true }), []),
})

/** Fields of a person that Rapport computes. Filter and order by their dotted path. */
export const contactDerivedSchema = z.strictObject({
  fullName: z.optional(text({ personal: true, folded: true, maxLength: 1_100 })),
  primaryEmail: z.optional(text({ personal: true, folded: true })),
  primaryPhone: z.optional(text({ personal: true })),
  firstOrderAt: z.optional(instant()),
  lastOrderAt: z.optional(instant()),
  orderCount: z.optional(int({ min: 0 })),
  lastActivityAt: z.optional(instant()),
  /** Since when it has its owner; missing while nobody owns it. */
  ownedSince: z.optional(instant()),
  scores: z.optional(
    z.strictObject({
      /** Recency, frequency and monetary scores 1–5, and the segment they name. */
      rfm: z.optional(
        z.strictObject({
          recency: z.optional(int({ personal: true })),
          frequency: z.optional(int({ personal: true })),
          monetary: z.optional(int({ personal: true })),
          segment: z.optional(text({ personal: true })),
        }),
      ),
      /** Predicted value of the next twelve months, and the model's view of the customer. */
      clv: z.optional(
        z.strictObject({
          amountMinor: z.optional(int({ personal: true })),
          currency: z.optional(text({ personal: true })),
          /** 0–1. */
          probabilityAlive: z.optional(float({ personal: true })),
          /** In the coming year. */
          expectedPurchases: z.optional(float({ personal: true })),
          asOf: z.optional(instant()),
        }),
      ),
      value: z.optional(z.strictObject({ tier: z.optional(text({ personal: true })) })),
      /** Points for what the person did of late, which fade; see `scores.refresh`. */
      engagement: z.optional(
        z.strictObject({ value: z.optional(float({ personal: true })), asOf: z.optional(instant()) }),
      ),
    }),
  ),
})
