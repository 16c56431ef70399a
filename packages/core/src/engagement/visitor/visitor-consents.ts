import { isPortalActor } from '../../access/actor.js'
import {
  type ConsentDecision,
  type ConsentReason,
  type DecidingConsent,
  decideConsent,
  planConsentMark,
  readConsentMarks,
  readConsentStatements,
} from '../../customers/index.js'
import { commit } from '../../entity/commit.js'
import type { EntityChange } from '../../entity/entity-change.js'
import { toRecord } from '../../entity/record.js'
import { maskFor } from '../../entity/record-reader.js'
import { planCreate } from '../../entity/record-service.js'
import type { SessionContext } from '../../entity/session-context.js'
import { instantOf } from '../../kernel/instant.js'
import type { Row } from '../../storage/row.js'
import { type NewVisitorConsent, type VisitorConsent, visitorConsentEntity } from './visitor-consent-entity.js'
import { requireDevice } from './visitor-rights.js'

/** Whether somebody may be observed, and why. */
export interface VisitorConsentDecision {
  readonly visitorId: string
  readonly purpose: string
  readonly at: string
  readonly granted: boolean
  readonly reason: ConsentReason
  /** The statement that decides, of the visitor or of its contact; absent when nothing was said. */
  readonly consentId?: string
}

/** What observing somebody is for, on the web unless told. */
export interface VisitorConsentAsked {
  readonly purpose: string
  readonly channel?: ConsentDecision['channel']
}

/**
 * What makes a batch fail, by visitor, once anything else is said of observing it on the web, by it or by its contact, or once it
 * belongs to somebody else. To be read before {@link readVisitorConsents}, of at most 500 visitors.
 */
export async function readConsentGuards(
  context: SessionContext,
  visitors: readonly Row[],
  purpose: string,
): Promise<(visitor: Row) => readonly EntityChange[]> {
  const matter = { purpose, channel: 'web' }
  const ids = [...new Set(visitors.map(({ id }) => id))]
  const contactIds = [...new Set(visitors.flatMap(({ contactId }) => (contactId as string | undefined) ?? []))]
  const [ofVisitors, ofContacts] = await Promise.all([
    readConsentMarks(context, 'visitor', ids, matter),
    readConsentMarks(context, 'contact', contactIds, matter),
  ])
  return ({ id, version, contactId }) => [
    { kind: 'require', entity: 'visitor', id, is: version },
    ...(ofVisitors.get(id) ?? []),
    ...(ofContacts.get(contactId as string) ?? []),
  ]
}

/** Decides for one of the visitors at a moment. */
export type VisitorConsents = (visitor: Row, at: string) => VisitorConsentDecision

/**
 * Reads what at most 1,000 visitors and their contacts said up to now. Where both said something, both must have granted: who refused as
 * a customer is not observed on a device where the banner was accepted, nor the other way round.
 */
export async function readVisitorConsents(
  context: SessionContext,
  visitors: readonly Row[],
  { purpose, channel = 'web' }: VisitorConsentAsked,
): Promise<VisitorConsents> {
  const asked = { purpose, channel, at: instantOf(context.clock.now()) }
  const contactIds = [...new Set(visitors.flatMap(({ contactId }) => (contactId as string | undefined) ?? []))]
  const [ofVisitors, ofContacts] = await Promise.all([
    readConsentStatements(context, [...new Set(visitors.map(({ id }) => id))], {
      ...asked,
      of: { entity: 'visitorConsent', path: 'visitorId' },
    }),
    readConsentStatements(context, contactIds, asked),
  ])
  return (visitor, at) => {
    const decide = (statements: readonly DecidingConsent[] = []): ConsentDecision =>
      decideConsent(statements, { contactId: visitor.id, purpose, channel, at })
    const own = decide(ofVisitors.get(visitor.id))
    const contact = decide(ofContacts.get(visitor.contactId as string))
    const contactDecides = contact.reason !== 'no_statement' && (own.granted || own.reason === 'no_statement')
    const { granted, reason, consentId } = contactDecides ? contact : own
    return { visitorId: visitor.id, purpose, at, granted, reason, ...(consentId !== undefined && { consentId }) }
  }
}

/** What whoever uses the device now says. A portal actor says it for itself and now, so neither it nor anybody else can be backdated. */
export async function stateVisitorConsent(
  context: SessionContext,
  status: VisitorConsent['status'],
  input: NewVisitorConsent,
): Promise<VisitorConsent> {
  const device = await requireDevice(context, input?.visitorId)
  const portal = isPortalActor(context.actor)
  const now = instantOf(context.clock.now())
  const { purpose, source, policyVersion } = input
  const said = portal ? { purpose, source, ...(policyVersion !== undefined && { policyVersion }) } : input
  const fixed = {
    ...(portal && said),
    visitorId: device.current.id,
    status,
    capturedAt: portal ? now : (input.capturedAt ?? now),
  }
  const { id, change } = await planCreate(context, visitorConsentEntity, portal ? {} : said, { fixed })
  const done = await commit(context, [
    { ...change, ...(portal && { implied: true }) },
    { kind: 'require', entity: 'visitor', id: device.current.id, is: 'present', namedBy: 'visitorId' },
    planConsentMark('visitor', device.current.id, change.values as unknown as Required<VisitorConsentAsked>),
  ])
  const mask = await maskFor(context, visitorConsentEntity)
  return toRecord<VisitorConsent>(visitorConsentEntity, done.row('visitorConsent', id), mask)
}
