import * as z from 'zod/mini'
import { defineEntity, type RecordOf } from '../../entity/entity.js'
import { instant, oneOf, reference, text } from '../../entity/field.js'
import { deriveId } from '../../kernel/id.js'
import type { RandomSource } from '../../kernel/random-source.js'
import { consentChannels, legalBases } from './consent-entity.js'

/**
 * A grant that waits for the person's confirmation. Its id is a hash of the token that was sent to the person; the token itself is
 * kept nowhere, so nobody who reads the storage can confirm in the person's name.
 */
export const consentRequestEntity = defineEntity({
  name: 'consentRequest',
  schema: z.strictObject({
    contactId: reference('contact', { immutable: true }),
    purpose: text({ minLength: 1, maxLength: 100, immutable: true }),
    channel: oneOf(consentChannels, { immutable: true }),
    source: text({ minLength: 1, maxLength: 200, immutable: true }),
    legalBasis: z._default(oneOf(legalBases), 'consent'),
    policyVersion: z.optional(text({ maxLength: 100 })),
    validFrom: z.optional(instant()),
    validTo: z.optional(instant()),
    /** Until when the person can confirm. */
    expiresAt: instant({ immutable: true }),
    confirmedAt: z.optional(instant()),
    /** The statement that confirming made. */
    consentId: z.optional(text({ maxLength: 64 })),
  }),
  access: { reach: { parent: 'contact', field: 'contactId' } },
  // Deleted ones too, since a merge moves them.
  indexes: [{ name: 'contact', on: ['contactId', '-createdAt'] }],
})

/** A grant that waits for confirmation. */
export type ConsentRequest = RecordOf<typeof consentRequestEntity>

const tokenBytes = 32

/** A token of 256 random bits in base64url, for a link. */
export function newConsentToken(random: RandomSource): string {
  const text = btoa(String.fromCharCode(...random.bytes(tokenBytes)))
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** The id of the request that a token confirms. */
export function consentRequestId(token: string): string {
  return deriveId('consentRequest', token)
}
