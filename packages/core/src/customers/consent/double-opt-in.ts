import type { EntityChange } from '../../entity/entity-change.js'
import { readOne } from '../../entity/record-reader.js'
import { committed, createRecordReading, planCreate, retryOnConflict } from '../../entity/record-service.js'
import type { SessionContext } from '../../entity/session-context.js'
import { CrmError, invalidField } from '../../kernel/crm-error.js'
import { instantOf } from '../../kernel/instant.js'
import type { Row } from '../../storage/row.js'
import { type Consent, consentEntity, type NewConsent } from './consent-entity.js'
import { type ConsentMatter, planConsentMark } from './consent-mark.js'
import { consentRequestEntity, consentRequestId, newConsentToken } from './consent-request-entity.js'

/** What the host sends to the person. */
export interface OptInRequest {
  readonly requestId: string
  /** For the link in the message. It is told this once and kept nowhere: never log it. */
  readonly token: string
  /** 48 hours after the request. */
  readonly expiresAt: string
}

/** Input of a request; what holds is said when the person confirms. */
export type NewOptInRequest = Omit<NewConsent, 'capturedAt' | 'doubleOptInAt'>

const lifetimeMs = 48 * 3_600_000

/** Asks a person to confirm a grant. Nothing is granted before {@link confirmOptIn}. */
export async function requestOptIn(context: SessionContext, input: NewOptInRequest): Promise<OptInRequest> {
  const token = newConsentToken(context.random)
  const expiresAt = instantOf(context.clock.now() + lifetimeMs)
  const { id, values, change } = await planCreate(context, consentRequestEntity, input, {
    id: consentRequestId(token),
    fixed: { expiresAt },
  })
  await committed(context, consentRequestEntity, id, [
    change,
    { kind: 'require', entity: 'contact', id: values.contactId as string, is: 'present', namedBy: 'contactId' },
  ])
  return { requestId: id, token, expiresAt }
}

/**
 * The person followed the link: grants what was asked for. Confirming again gives the same statement. Throws `not_found` for a token
 * nobody was sent, `rule_violated` (reason `expired`) after 48 hours.
 */
export function confirmOptIn(context: SessionContext, token: string): Promise<Consent> {
  if (typeof token !== 'string' || token === '') throw invalidField('token', 'must be the token of a request')
  return retryOnConflict(async () => {
    const request = await readOne(context, consentRequestEntity, consentRequestId(token))
    if (request.consentId !== undefined)
      return createRecordReading(context, consentEntity).get(request.consentId as string)
    const now = instantOf(context.clock.now())
    if ((request.expiresAt as string) <= now) {
      throw new CrmError('rule_violated', 'The request was not confirmed in time', {
        entity: 'consentRequest',
        id: request.id,
        reason: 'expired',
        remedy: 'ask the person again',
      })
    }
    const consentId = context.newId()
    const confirmed: EntityChange = {
      kind: 'update',
      entity: 'consentRequest',
      before: request,
      values: { confirmedAt: now, consentId },
      implied: true,
    }
    return committed(context, consentEntity, consentId, [
      await planGrant(context, request, consentId, now),
      confirmed,
      planConsentMark('contact', request.contactId as string, request as unknown as ConsentMatter),
    ])
  })
}

async function planGrant(context: SessionContext, request: Row, id: string, now: string): Promise<EntityChange> {
  const { contactId, purpose, channel, source, legalBasis, policyVersion, validFrom, validTo } = request
  const statement = {
    ...{ contactId, purpose, channel, source, legalBasis, status: 'granted', capturedAt: now, doubleOptInAt: now },
    ...(policyVersion !== undefined && { policyVersion }),
    ...(validFrom !== undefined && { validFrom }),
    ...(validTo !== undefined && { validTo }),
  }
  const { change } = await planCreate(context, consentEntity, statement, {
    id,
    events: [{ type: 'consent.granted', data: { contactId, purpose, channel } }],
  })
  return change
}
