import { decideConsent } from './consent-decision.js'
import type { Consent } from './consent-entity.js'

/** The parts of a statement that decide whether consent is there. */
export type ConsentStatement = Pick<Consent, 'purpose' | 'channel' | 'status' | 'capturedAt' | 'validFrom' | 'validTo'>

/**
 * Whether consent for a purpose and channel holds at a moment. The newest statement captured by then counts; at the same
 * moment a refusal outweighs a grant. No statement means no.
 */
export function isConsentGranted(
  statements: readonly ConsentStatement[],
  purpose: string,
  channel: string,
  at: string,
): boolean {
  return decideConsent(
    statements.map((statement, index) => ({ ...statement, id: String(index) })),
    { contactId: '', purpose, channel: channel as Consent['channel'], at },
  ).granted
}
