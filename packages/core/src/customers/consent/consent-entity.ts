import * as z from 'zod/mini'
import { defineEntity, type RecordOf } from '../../entity/entity.js'
import { instant, oneOf, reference, text } from '../../entity/field.js'
import type { NewOf } from '../../entity/record-service.js'

/** Ways to reach a person that consent is given for. */
export const consentChannels = ['email', 'phone', 'sms', 'web', 'post', 'social'] as const

/** Why it is lawful to use a person's data. */
export const legalBases = ['consent', 'contract', 'legitimateInterest', 'legalObligation'] as const

/** What a person said about being contacted for one purpose through one channel. Kept for ever: the newest one counts. */
export const consentEntity = defineEntity({
  name: 'consent',
  schema: z.strictObject({
    contactId: reference('contact', { immutable: true }),
    /** Why, such as `newsletter`. */
    purpose: text({ minLength: 1, maxLength: 100, immutable: true }),
    channel: oneOf(consentChannels, { immutable: true }),
    status: oneOf(['granted', 'denied', 'revoked'], { immutable: true }),
    legalBasis: z._default(oneOf(legalBases), 'consent'),
    /** When the person said so. */
    capturedAt: instant({ immutable: true }),
    /** Where, such as `checkout`. */
    source: text({ minLength: 1, maxLength: 200, immutable: true }),
    doubleOptInAt: z.optional(instant()),
    validFrom: z.optional(instant()),
    validTo: z.optional(instant()),
    /** Version of the text the person saw. */
    policyVersion: z.optional(text({ maxLength: 100 })),
  }),
  access: {
    reach: { parent: 'contact', field: 'contactId' },
    portal: { contact: 'contactId', fields: ['purpose', 'channel', 'status', 'capturedAt', 'source', 'validTo'] },
  },
  // Deleted ones too, since a merge moves them.
  indexes: [{ name: 'contact', on: ['contactId', '-capturedAt'] }],
})

/** A statement of consent. */
export type Consent = RecordOf<typeof consentEntity>

/** Input of a new statement; `capturedAt` is now when left out. */
export type NewConsent = Omit<NewOf<typeof consentEntity>, 'status' | 'capturedAt'> & { capturedAt?: string }
