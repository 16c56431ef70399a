import * as z from 'zod/mini'
import { consentChannels, legalBases } from '../../customers/index.js'
import { defineEntity, type RecordOf } from '../../entity/entity.js'
import { instant, oneOf, reference, text } from '../../entity/field.js'
import type { NewOf } from '../../entity/record-service.js'

/** What somebody said in a browser or app about being observed there, known or not. Kept for ever: the newest one counts. */
export const visitorConsentEntity = defineEntity({
  name: 'visitorConsent',
  schema: z.strictObject({
    visitorId: reference('visitor', { immutable: true }),
    /** Why, such as `analytics`. */
    purpose: text({ minLength: 1, maxLength: 100, immutable: true }),
    channel: z._default(oneOf(consentChannels, { immutable: true }), 'web'),
    status: oneOf(['granted', 'denied', 'revoked'], { immutable: true }),
    legalBasis: z._default(oneOf(legalBases), 'consent'),
    /** When it was said. */
    capturedAt: instant({ immutable: true }),
    /** Where, such as `cookie banner`. */
    source: text({ minLength: 1, maxLength: 200, immutable: true }),
    validFrom: z.optional(instant()),
    validTo: z.optional(instant()),
    /** Version of the text that was shown. */
    policyVersion: z.optional(text({ maxLength: 100 })),
  }),
  access: {
    reach: { parent: 'visitor', field: 'visitorId' },
    // What a widget is answered when somebody states consent there; it can read no statement.
    portal: { fields: ['visitorId', 'purpose', 'channel', 'status', 'capturedAt', 'source', 'policyVersion'] },
  },
  indexes: [{ name: 'visitor', on: ['visitorId', '-capturedAt'], live: true }],
})

/** A statement of consent of a visitor. */
export type VisitorConsent = RecordOf<typeof visitorConsentEntity>

/** Input of a new statement; `capturedAt` is now when left out. */
export type NewVisitorConsent = Omit<NewOf<typeof visitorConsentEntity>, 'status' | 'capturedAt'> & {
  capturedAt?: string
}
