import { accessDenied, requireRight } from '../../entity/commit-rights.js'
import { readMany } from '../../entity/record-reader.js'
import { committed, createRecordReading, planCreate, type RecordReading } from '../../entity/record-service.js'
import type { SessionContext } from '../../entity/session-context.js'
import { CrmError, invalidField } from '../../kernel/crm-error.js'
import { instantOf, requireInstant } from '../../kernel/instant.js'
import { contactEntity } from '../contact/contact-entity.js'
import { type ConsentDecision, type ConsentProof, decideConsent } from './consent-decision.js'
import { type Consent, consentEntity, type NewConsent } from './consent-entity.js'
import { type ConsentMatter, planConsentMark } from './consent-mark.js'
import { readConsentStatements } from './consent-statements.js'
import { confirmOptIn, type NewOptInRequest, type OptInRequest, requestOptIn } from './double-opt-in.js'

/** For what, through which channel and when a contact is to be reached. */
export interface ConsentAsked {
  readonly purpose: string
  readonly channel: Consent['channel']
  /** Now when left out. */
  readonly at?: string
  /** Counts only grants that the person confirmed (double opt-in). */
  readonly confirmed?: boolean
}

/** Consent of contacts. Statements are added, never changed: the newest one counts, and all of them are the history. */
export interface ConsentService extends RecordReading<Consent> {
  grant(input: NewConsent): Promise<Consent>
  /** The person takes back what was granted. */
  revoke(input: NewConsent): Promise<Consent>
  /** The person said no when asked. */
  deny(input: NewConsent): Promise<Consent>
  /** Asks the person to confirm a grant within 48 hours; the host sends the token. */
  requestOptIn(input: NewOptInRequest): Promise<OptInRequest>
  /** The person confirmed: grants what was asked for. Throws `rule_violated` when the 48 hours are over. */
  confirmOptIn(token: string): Promise<Consent>
  /** Whether the contact may be reached for a purpose through a channel. */
  isGranted(question: ConsentAsked & { readonly contactId: string }): Promise<boolean>
  /** The same with the statement that decides and why. */
  decide(question: ConsentAsked & { readonly contactId: string }): Promise<ConsentDecision>
  /** The gate before sending: the proof, or `rule_violated` with the reason. */
  prove(question: ConsentAsked & { readonly contactId: string }): Promise<ConsentProof>
  /** Decisions for up to 1,000 contacts in their order, in a fixed number of statements. Who may not be read has no statement. */
  decideMany(contactIds: readonly string[], asked: ConsentAsked): Promise<ConsentDecision[]>
}

/** Consent of a session. */
export function createConsentService(context: SessionContext): ConsentService {
  const state = async (status: Consent['status'], input: NewConsent): Promise<Consent> => {
    const capturedAt = input?.capturedAt ?? instantOf(context.clock.now())
    const statement = { ...input, status, capturedAt }
    const { id, values, change } = await planCreate(context, consentEntity, statement, {
      events: [
        {
          type: `consent.${status}`,
          data: { contactId: input?.contactId, purpose: input?.purpose, channel: input?.channel },
        },
      ],
    })
    return committed(context, consentEntity, id, [
      change,
      { kind: 'require', entity: 'contact', id: values.contactId as string, is: 'present', namedBy: 'contactId' },
      planConsentMark('contact', values.contactId as string, values as unknown as ConsentMatter),
    ])
  }
  const readable = async (contactIds: readonly string[]): Promise<string[]> => {
    await requireRight(context, consentEntity, 'read')
    const rows = await readMany(context, contactEntity, contactIds)
    return rows.flatMap((row) => (row ? [row.id] : []))
  }
  const decideFor = async (
    contactIds: readonly string[],
    found: readonly string[],
    { purpose, channel, ...asked }: ConsentAsked,
  ): Promise<ConsentDecision[]> => {
    const at = asked.at === undefined ? instantOf(context.clock.now()) : requireInstant(asked.at, 'at')
    const statements = await readConsentStatements(context, [...new Set(found)], { purpose, channel, at })
    return contactIds.map((contactId) =>
      decideConsent(statements.get(contactId) ?? [], {
        ...{ contactId, purpose, channel, at },
        ...(asked.confirmed !== undefined && { confirmed: asked.confirmed }),
      }),
    )
  }
  const decide: ConsentService['decide'] = async (question) => {
    if (typeof question?.contactId !== 'string') throw invalidField('contactId', 'must be the id of a contact')
    const ids = [question.contactId]
    const found = await readable(ids)
    if (found.length === 0) throw accessDenied('contact', 'read')
    return (await decideFor(ids, found, question))[0] as ConsentDecision
  }
  return {
    ...createRecordReading(context, consentEntity),
    grant: (input) => state('granted', input),
    revoke: (input) => state('revoked', input),
    deny: (input) => state('denied', input),
    requestOptIn: (input) => requestOptIn(context, input),
    confirmOptIn: async (token) => confirmOptIn(context, token),
    isGranted: async (question) => (await decide(question)).granted,
    decide,
    async prove(question) {
      const decision = await decide(question)
      if (isProof(decision)) return decision
      throw new CrmError('rule_violated', 'There is no consent to this', {
        entity: 'consent',
        ...(decision.consentId !== undefined && { id: decision.consentId }),
        reason: decision.reason,
        remedy: 'ask the person, or leave it',
      })
    },
    decideMany: async (contactIds, asked) => decideFor(contactIds, await readable(contactIds), asked),
  }
}

function isProof(decision: ConsentDecision): decision is ConsentProof {
  return decision.granted
}
