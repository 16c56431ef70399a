import * as z from 'zod/mini'
import { instant, int, longText, money, oneOf, reference, structured, text, texts } from '../../entity/field.js'
import { addressSchema } from '../address/address.js'
import { lifecycleStages } from '../contact/contact.js'
import { phoneSchema } from '../contact-point/contact-point.js'
import { externalRefSchema } from '../external-ref/external-ref.js'
import { standingShape } from '../standing.js'

/** Fields of an organisation that callers set. */
export const companySchema = z.strictObject({
  name: text({ minLength: 1, folded: true }),
  legalName: z.optional(text()),
  /** Web domains, the primary one first: `acme.com`. */
  domains: z._default(texts({ maxItems: 50 }), []),
  industry: z.optional(text()),
  employeeCount: z.optional(int({ min: 0 })),
  annualRevenue: z.optional(money({ min: 0 })),
  phones: z._default(structured(z.array(phoneSchema).check(z.maxLength(50))), []),
  addresses: z._default(structured(z.array(addressSchema).check(z.maxLength(50))), []),
  taxId: z.optional(text({ maxLength: 64 })),
  parentCompanyId: z.optional(reference('company')),
  type: z._default(oneOf(['prospect', 'customer', 'partner', 'reseller', 'other']), 'prospect'),
  lifecycleStage: z._default(oneOf(lifecycleStages), 'subscriber'),
  ...standingShape(false),
  description: z.optional(longText({ maxLength: 10_000 })),
  externalRefs: z._default(structured(z.array(externalRefSchema).check(z.maxLength(50))), []),
})

/** Fields of an organisation that Rapport computes. */
export const companyDerivedSchema = z.strictObject({
  /** When something last happened: an activity that is linked to it, or a ticket that was opened for it. */
  lastActivityAt: z.optional(instant()),
  /** Since when it has its owner; missing while nobody owns it. */
  ownedSince: z.optional(instant()),
})
