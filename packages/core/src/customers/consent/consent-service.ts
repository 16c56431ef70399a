import { committed, createRecordReading, planCreate, type RecordReading } from '../../entity/record-service.js'
import type { SessionContext } from '../../entity/session-context.js'
import { instantOf, requireInstant } from '../../kernel/instant.js'
import { type Consent, consentEntity, type NewConsent } from './consent-entity.js'
import { isConsentGranted } from './consent-rules.js'

/** Consent of contacts. Statements are added, never changed: the newest one counts. */
export interface ConsentService extends RecordReading<Consent> {
  grant(input: NewConsent): Promise<Consent>
  /** The person takes back what was granted. */
  revoke(input: NewConsent): Promise<Consent>
  /** The person said no when asked. */
  deny(input: NewConsent): Promise<Consent>
  /** Whether the contact may be reached for a purpose through a channel; `at` is now when left out. */
  isGranted(question: {
    readonly contactId: string
    readonly purpose: string
    readonly channel: Consent['channel']
    readonly at?: string
  }): Promise<boolean>
}

const mostStatements = 1_000

/** Consent of a session. */
export function createConsentService(context: SessionContext): ConsentService {
  const reading = createRecordReading(context, consentEntity)
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
    ])
  }
  return {
    ...reading,
    grant: (input) => state('granted', input),
    revoke: (input) => state('revoked', input),
    deny: (input) => state('denied', input),
    async isGranted({ contactId, purpose, channel, at }) {
      const moment = at === undefined ? instantOf(context.clock.now()) : requireInstant(at, 'at')
      const page = await reading.find({
        where: { contactId, purpose, channel, capturedAt: { lte: moment } },
        orderBy: ['-capturedAt'],
        limit: mostStatements,
      })
      return isConsentGranted(page.items, purpose, channel, moment)
    },
  }
}
