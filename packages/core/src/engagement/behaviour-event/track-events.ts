import type * as z from 'zod/mini'
import { commit } from '../../entity/commit.js'
import { requireRight } from '../../entity/commit-rights.js'
import { changedId, type EntityChange } from '../../entity/entity-change.js'
import { check } from '../../entity/input.js'
import type { SessionContext } from '../../entity/session-context.js'
import { type CrmError, invalidField, isCrmError } from '../../kernel/crm-error.js'
import { instantOf } from '../../kernel/instant.js'
import type { Row } from '../../storage/row.js'
import { readConsentGuards, readVisitorConsents } from '../visitor/visitor-consents.js'
import { readDevices, visitorsAt } from '../visitor/visitor-epochs.js'
import { speaksFor } from '../visitor/visitor-rights.js'
import { newBehaviourSchema } from './behaviour-event.js'
import { behaviourEventEntity, behaviourEventId } from './behaviour-event-entity.js'
import { type BehaviourRefusal, placeInTime } from './event-time.js'

/** Input of an event. `eventId` makes sending it twice harmless; without one, each call is another event. */
export type NewBehaviourEvent = z.input<typeof newBehaviourSchema>

/** What became of an event. `known`: it was there already, and stays as it was. */
export type BehaviourReport =
  | { readonly outcome: 'stored' | 'known'; readonly id: string }
  | { readonly outcome: 'refused'; readonly reason: BehaviourRefusal }
  | { readonly outcome: 'invalid'; readonly error: CrmError }

const mostEvents = 300
/** Each event is a write, and so are its visitor, the first one of its device, and what holds the consent of the two who gave it. */
const mostWrites = 1_000
const attempts = 5

interface Arrival {
  readonly input: z.output<typeof newBehaviourSchema>
  readonly eventId: string
}
type Placed = Arrival & { readonly at: string }
type Attributed = Placed & { readonly root: Row; readonly visitor: Row }
type Allowed = Attributed & { readonly consentId: string; readonly guards: readonly EntityChange[] }
type Reports = Map<Arrival, BehaviourReport>

/**
 * Keeps the events that somebody consented to, up to 300 in one batch (two where each is of another visitor), and reports on each in its
 * order. What is wrong or not allowed fails alone. When consent is taken back, a visitor comes to belong to somebody else or is removed,
 * or the same event arrives meanwhile, the batch is judged again.
 */
export async function trackEvents(
  context: SessionContext,
  inputs: readonly NewBehaviourEvent[],
): Promise<BehaviourReport[]> {
  if (!Array.isArray(inputs) || inputs.length > mostEvents)
    throw invalidField('events', `must be a list of at most ${mostEvents}; split it`)
  await requireRight(context, behaviourEventEntity, 'create')
  const read = inputs.map((input) => readArrival(context, input))
  const arrivals = read.filter((item) => 'input' in item)
  const reports = await keep(context, arrivals)
  return read.map((item) => ('input' in item ? (reports.get(item) as BehaviourReport) : item))
}

function readArrival(context: SessionContext, given: unknown): Arrival | BehaviourReport {
  try {
    const input = check(behaviourEventEntity, newBehaviourSchema, given)
    return { input, eventId: input.eventId ?? context.newId() }
  } catch (error) {
    if (!isCrmError(error)) throw error
    return { outcome: 'invalid', error }
  }
}

async function keep(context: SessionContext, arrivals: readonly Arrival[]): Promise<Reports> {
  for (let attempt = 1; ; attempt++) {
    const reports: Reports = new Map()
    const now = context.clock.now()
    const placed = placeAll(arrivals, now, reports)
    const attributed = await attribute(context, placed, reports)
    const allowed = await withConsent(context, attributed, reports)
    const changes = await planFresh(context, allowed, instantOf(now), reports)
    if (new Set(changes.map((change) => `${change.entity}/${changedId(change)}`)).size > mostWrites) {
      const half = Math.ceil(arrivals.length / 2)
      const parts = [await keep(context, arrivals.slice(0, half)), await keep(context, arrivals.slice(half))]
      return new Map(parts.flatMap((part) => [...part]))
    }
    try {
      if (changes.length > 0) await commit(context, changes)
      return reports
    } catch (error) {
      if (attempt === attempts || !(isCrmError(error, 'conflict') || isCrmError(error, 'not_found'))) throw error
    }
  }
}

function placeAll(arrivals: readonly Arrival[], now: number, reports: Reports): Map<Arrival, Placed> {
  const placed = new Map<Arrival, Placed>()
  for (const arrival of arrivals) {
    const place = placeInTime(arrival.input.at, now)
    if ('at' in place) placed.set(arrival, { ...arrival, at: place.at })
    else reports.set(arrival, { outcome: 'refused', reason: place.reason })
  }
  return placed
}

/** Finds the visitor that each event belongs to: the one of the device's epoch when it happened. */
async function attribute(
  context: SessionContext,
  placed: ReadonlyMap<Arrival, Placed>,
  reports: Reports,
): Promise<Map<Arrival, Attributed>> {
  const byDevice = Map.groupBy(placed, ([{ input }]) => input.visitorId)
  const devices = await readDevices(context, [...byDevice.keys()])
  const attributed = new Map<Arrival, Attributed>()
  for (const [visitorId, own] of byDevice) {
    const device = devices.get(visitorId)
    const isOwn = device !== undefined && speaksFor(context, device)
    const moments = own.map(([, { at }]) => at)
    const visitors = isOwn ? await visitorsAt(context, device, moments) : []
    for (const [index, [arrival, event]] of own.entries()) {
      const visitor = visitors[index]
      if (device && visitor) attributed.set(arrival, { ...event, root: device.root, visitor })
      else reports.set(arrival, { outcome: 'refused', reason: 'unknown_visitor' })
    }
  }
  return attributed
}

/** Consent must have been there when it happened, and must be there still. */
async function withConsent(
  context: SessionContext,
  attributed: ReadonlyMap<Arrival, Attributed>,
  reports: Reports,
): Promise<Map<Arrival, Allowed>> {
  const now = instantOf(context.clock.now())
  const allowed = new Map<Arrival, Allowed>()
  for (const [purpose, asking] of Map.groupBy(attributed, ([{ input }]) => input.purpose)) {
    const visitors = asking.map(([, { visitor }]) => visitor)
    const guardsOf = await readConsentGuards(context, visitors, purpose)
    const decide = await readVisitorConsents(context, visitors, { purpose })
    for (const [arrival, event] of asking) {
      const { granted, consentId } = decide(event.visitor, event.at)
      if (granted && consentId !== undefined && decide(event.visitor, now).granted)
        allowed.set(arrival, { ...event, consentId, guards: guardsOf(event.visitor) })
      else reports.set(arrival, { outcome: 'refused', reason: 'no_consent' })
    }
  }
  return allowed
}

/** The rows of events that are not there yet. */
async function planFresh(
  context: SessionContext,
  allowed: ReadonlyMap<Arrival, Allowed>,
  receivedAt: string,
  reports: Reports,
): Promise<EntityChange[]> {
  const events = [...allowed].map(([arrival, event]) => ({
    arrival,
    event,
    id: behaviourEventId(event.root.id, event.eventId),
  }))
  const ids = events.map(({ id }) => id)
  const known = ids.length > 0 ? await context.storage.getMany('behaviourEvent', ids) : []
  return events.flatMap(({ arrival, event, id }, index) => {
    const isFresh = known[index] === undefined && ids.indexOf(id) === index
    reports.set(arrival, { outcome: isFresh ? 'stored' : 'known', id })
    return isFresh ? [...planEvent(id, event, receivedAt), ...event.guards] : []
  })
}

function planEvent(id: string, { input, at, root, visitor, consentId }: Allowed, receivedAt: string): EntityChange[] {
  const { visitorId: _, eventId: __, ...facts } = input
  const values = { ...facts, at, visitorId: visitor.id, receivedAt, consentId }
  const seen = [...new Set([root.id, visitor.id])]
  return [
    { kind: 'create', entity: 'behaviourEvent', id, values, implied: true },
    ...seen.map((each): EntityChange => ({ kind: 'derive', entity: 'visitor', id: each, max: { lastSeenAt: at } })),
  ]
}
