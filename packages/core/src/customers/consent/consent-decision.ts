import type { Consent } from './consent-entity.js'

/** Why consent is there or not. */
export type ConsentReason =
  | 'granted'
  /** Nothing was said about this purpose and channel by then. */
  | 'no_statement'
  | 'denied'
  | 'revoked'
  /** The grant holds from later on. */
  | 'not_yet_valid'
  /** The grant held until earlier. */
  | 'expired'
  /** A grant that the person has not confirmed, where a confirmed one was asked for. */
  | 'not_confirmed'

/** The answer to a question about consent: what holds, and the statement that decides it. */
export interface ConsentDecision {
  readonly contactId: string
  readonly purpose: string
  readonly channel: Consent['channel']
  /** The moment that was asked about. */
  readonly at: string
  readonly granted: boolean
  readonly reason: ConsentReason
  /** The statement that decides; absent when nothing was said. */
  readonly consentId?: string
}

/** A decision that grants: what whoever sends something has to show. */
export type ConsentProof = ConsentDecision & { readonly granted: true; readonly consentId: string }

/** What is asked of the statements of one contact. */
export interface ConsentQuestion {
  readonly contactId: string
  readonly purpose: string
  readonly channel: Consent['channel']
  readonly at: string
  /** Whether only a grant counts that the person confirmed (double opt-in). */
  readonly confirmed?: boolean
}

/** The parts of a statement that decide. */
export type DecidingConsent = Pick<
  Consent,
  'purpose' | 'channel' | 'status' | 'capturedAt' | 'validFrom' | 'validTo' | 'doubleOptInAt'
> & { readonly id: string }

/**
 * Decides from a contact's statements, in any order. The newest one captured by the moment counts; of several at the same moment the
 * most restrictive one, so a refusal outweighs a grant and a grant that has ended one that has not.
 */
export function decideConsent(statements: readonly DecidingConsent[], question: ConsentQuestion): ConsentDecision {
  const { contactId, purpose, channel, at } = question
  const relevant = statements.filter(
    (statement) => statement.purpose === purpose && statement.channel === channel && statement.capturedAt <= at,
  )
  const newest = relevant.reduce<string>((latest, { capturedAt }) => (capturedAt > latest ? capturedAt : latest), '')
  const deciding = relevant
    .filter(({ capturedAt }) => capturedAt === newest)
    .map(({ id, ...statement }) => ({ id, reason: reasonOf(statement, question) }))
    .sort((left, right) => strictness.indexOf(left.reason) - strictness.indexOf(right.reason))[0]
  const asked = { contactId, purpose, channel, at }
  if (!deciding) return { ...asked, granted: false, reason: 'no_statement' }
  return { ...asked, granted: deciding.reason === 'granted', reason: deciding.reason, consentId: deciding.id }
}

const strictness: readonly ConsentReason[] = [
  'revoked',
  'denied',
  'expired',
  'not_yet_valid',
  'not_confirmed',
  'granted',
]

function reasonOf(statement: Omit<DecidingConsent, 'id'>, { at, confirmed }: ConsentQuestion): ConsentReason {
  const { status, validFrom, validTo, doubleOptInAt } = statement
  if (status !== 'granted') return status
  if (validTo !== undefined && validTo <= at) return 'expired'
  if (validFrom !== undefined && validFrom > at) return 'not_yet_valid'
  return confirmed && doubleOptInAt === undefined ? 'not_confirmed' : 'granted'
}
