import { isPortalActor } from '../../access/actor.js'
import { requireRight } from '../../entity/commit-rights.js'
import { text } from '../../entity/field.js'
import { check } from '../../entity/input.js'
import { committed, createRecordReading, type RecordReading } from '../../entity/record-service.js'
import type { Run } from '../../entity/run-entity.js'
import type { RunEngine } from '../../entity/run-service.js'
import type { SessionContext } from '../../entity/session-context.js'
import { instantOf } from '../../kernel/instant.js'
import type { Page } from '../../kernel/page.js'
import type { BehaviourEvent } from '../behaviour-event/behaviour-event-entity.js'
import {
  type BehaviourListOptions,
  type BehaviourSubject,
  readBehaviour,
} from '../behaviour-event/behaviour-events-of.js'
import { forgetBehaviour } from '../behaviour-event/forget-behaviour.js'
import { type BehaviourReport, type NewBehaviourEvent, trackEvents } from '../behaviour-event/track-events.js'
import { identifyVisitor, resetVisitor, type VisitorClaim, type VisitorIdentity } from './identify-visitor.js'
import { type NewVisitorConsent, type VisitorConsent, visitorConsentEntity } from './visitor-consent-entity.js'
import {
  readVisitorConsents,
  stateVisitorConsent,
  type VisitorConsentAsked,
  type VisitorConsentDecision,
} from './visitor-consents.js'
import { newVisitorId, type Visitor, visitorEntity } from './visitor-entity.js'
import { requireDevice } from './visitor-rights.js'

/** What whoever uses a device said about being observed there. Statements are added, never changed: the newest one counts. */
export interface VisitorConsentService extends RecordReading<VisitorConsent> {
  grant(input: NewVisitorConsent): Promise<VisitorConsent>
  /** Takes back what was granted: from now on nothing is kept. {@link VisitorService.forgetEvents} removes what was. */
  revoke(input: NewVisitorConsent): Promise<VisitorConsent>
  /** Said no when asked. */
  deny(input: NewVisitorConsent): Promise<VisitorConsent>
  /** Whether whoever uses the device now may be observed, and which statement decides. */
  decide(question: VisitorConsentAsked & { readonly visitorId: string }): Promise<VisitorConsentDecision>
}

/** Visitors of a shop, known or not, and what they do there. */
export interface VisitorService extends RecordReading<Visitor> {
  /** A new visitor, for the host to keep in a cookie; with an id of the host's own (16 to 64 characters, not to be guessed) that one. */
  start(options?: { readonly visitorId?: string }): Promise<Visitor>
  /** Keeps an event if somebody consented to it. Throws `validation_failed` for wrong input. */
  track(event: NewBehaviourEvent): Promise<Exclude<BehaviourReport, { outcome: 'invalid' }>>
  /** Keeps up to 300 events in one batch, and reports on each. Input that is wrong fails alone. */
  trackMany(events: readonly NewBehaviourEvent[]): Promise<BehaviourReport[]>
  /** Links a visitor to the contact that a verified claim names. Never joins two contacts. */
  identify(claim: VisitorClaim): Promise<VisitorIdentity>
  /** Somebody signed out: what comes next on the device is no longer theirs. Gives the id of the visitor that now counts. */
  reset(visitorId: string): Promise<string>
  /** Events of a visitor, or of a contact on all its devices, newest first. */
  events(subject: BehaviourSubject, options?: BehaviourListOptions): Promise<Page<BehaviourEvent>>
  /** Removes the events of a visitor or contact, of all purposes or one, as a run. */
  forgetEvents(subject: BehaviourSubject, options?: { readonly purpose?: string }): Promise<Run>
  readonly consents: VisitorConsentService
}

const ownId = text({
  minLength: 16,
  maxLength: 64,
  pattern: /^[\w-]+$/,
  expected: 'must be letters, digits, - and _, and not to be guessed',
})

/** Visitors of a session. */
export function createVisitorService(context: SessionContext, runs: RunEngine): VisitorService {
  const reading = createRecordReading(context, visitorEntity)
  const state = (status: VisitorConsent['status']) => async (input: NewVisitorConsent) =>
    stateVisitorConsent(context, status, input)
  const trackMany: VisitorService['trackMany'] = (events) => trackEvents(context, events)
  return {
    ...reading,
    async start({ visitorId } = {}) {
      await requireRight(context, visitorEntity, 'create')
      const portal = isPortalActor(context.actor)
      const chosen = visitorId === undefined || portal ? undefined : check({ name: 'visitor' }, ownId, visitorId)
      const [known] = chosen === undefined ? [] : await reading.getMany([chosen])
      if (known) return known
      const id = chosen ?? newVisitorId(context.random)
      const values = { startedAt: instantOf(context.clock.now()) }
      return committed(context, visitorEntity, id, [{ kind: 'create', entity: 'visitor', id, values, implied: true }])
    },
    async track(event) {
      const [report] = await trackMany([event])
      if (report?.outcome === 'invalid') throw report.error
      return report as Exclude<BehaviourReport, { outcome: 'invalid' }>
    },
    trackMany,
    identify: (claim) => identifyVisitor(context, claim),
    reset: (visitorId) => resetVisitor(context, visitorId),
    events: (subject, options) => readBehaviour(context, subject, options),
    forgetEvents: (subject, options) => forgetBehaviour(context, runs, { subject, ...options }),
    consents: {
      ...createRecordReading(context, visitorConsentEntity),
      grant: state('granted'),
      revoke: state('revoked'),
      deny: state('denied'),
      async decide({ visitorId, ...asked }) {
        const { current } = await requireDevice(context, visitorId)
        const decide = await readVisitorConsents(context, [current], asked)
        return decide(current, instantOf(context.clock.now()))
      },
    },
  }
}
