import { serialize } from 'node:v8'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { CrmSession } from '../../crm-session.js'
import { CrmError } from '../../kernel/crm-error.js'
import { withObservedWrites } from '../../observed-writes.fixture.js'
import { scoreLead } from '../../scoring/index.js'
import { memoryStorage } from '../../storage/memory/index.js'
import type { StorageAdapter } from '../../storage/storage-adapter.js'
import type { Write } from '../../storage/write.js'
import { createTestCrm } from '../../testing.js'
import {
  type CountedEvent,
  countEvent,
  type EngagementTally,
  emptyEngagement,
  engagementScore,
} from './engagement-score.js'

const staff = { type: 'user', id: 'u_7' } as const
const asOf = '2026-03-01T10:00:00.000Z'
const dayMs = 86_400_000
const daysAgo = (days: number): string => new Date(Date.parse(asOf) - days * dayMs).toISOString()

let crm: Awaited<ReturnType<typeof createTestCrm>>
let shop: CrmSession
let storage: StorageAdapter
/** The batch of scores that the storage refuses once, and what became of all of them. */
const failing = { at: 0, batches: 0, contactsWritten: [] as number[] }
beforeEach(async () => {
  Object.assign(failing, { at: 0, batches: 0, contactsWritten: [] })
  storage = memoryStorage()
  crm = await createTestCrm({ storage: failingOnce(storage) })
  shop = crm.session({ tenantId: 'acme', actor: staff })
})
afterEach(() => crm.close())

function failingOnce(storage: StorageAdapter): StorageAdapter {
  return withObservedWrites(storage, (batch) => {
    const scores = batch.filter(({ entity }) => entity === 'score').length
    if (scores === 0) return
    failing.contactsWritten.push(scores)
    if (++failing.batches === failing.at)
      throw new CrmError('storage_failed', 'The connection is gone', { retriable: true })
  })
}

describe('engagementScore', () => {
  const model = { rules: [{ code: 'view', points: 4 }], limits: {}, halfLifeDays: 7 }
  const event = (id: string, ageDays: number) => ({ id, code: 'view', ageDays })
  const counted = (events: Iterable<CountedEvent>): EngagementTally => {
    const tally = emptyEngagement()
    for (const each of events) countEvent(model, tally, each)
    return tally
  }

  test('halves with every half-life, and says which events it rests on, the newest first', () => {
    const events = Array.from({ length: 12 }, (_, index) => event(`e${index}`, 7 * (12 - index)))
    const score = engagementScore(model, counted(events))
    // 4 * (1/2 + 1/4 + … + 1/2^12)
    expect(score.value).toBeCloseTo(4 * (1 - 2 ** -12), 12)
    expect(score.parameters.evidence).toEqual({ view: ['e11', 'e10', 'e9', 'e8', 'e7', 'e6', 'e5', 'e4', 'e3', 'e2'] })
    expect(score.reasons).toMatchObject([
      { what: 'lead_engagement', evidence: { events: 12, latestDays: 7, eventId: 'e11' } },
    ])
  })

  test('of nobody who did anything is 0, without a reason', () => {
    const nothing = { value: 0, reasons: [], parameters: { halfLifeDays: 7, evidence: {} } }
    expect(engagementScore(model, counted([]))).toEqual(nothing)
  })

  test('of very much done holds no more than of ten', () => {
    const sizeOf = (tally: EngagementTally): number => serialize(tally).byteLength
    const many = counted(Array.from({ length: 100_000 }, (_, n) => event(`e${n % 1_000}`, n % 365)))
    expect(many.events).toBe(100_000)
    expect(sizeOf(many)).toBeLessThan(2 * sizeOf(counted(Array.from({ length: 10 }, (_, n) => event(`e${n}`, n)))))
  })

  test('is what scoreLead makes of the same events, and rests on the newest ten of each rule', () => {
    const rules = [
      { code: 'view', points: 1, group: 'browsing' },
      { code: 'view', points: 3, halfLifeDays: 2 },
      { code: 'cart', points: -5, group: 'browsing' },
    ]
    const whole = { rules, limits: { browsing: { least: -9, most: 4 } }, halfLifeDays: 30 }
    const anEvent = fc.record({
      code: fc.constantFrom('view', 'cart', 'other'),
      ageDays: fc.integer({ min: 0, max: 40 }),
    })
    fc.assert(
      fc.property(fc.array(anEvent, { maxLength: 60 }), (drawn) => {
        const events = drawn.map((each, n) => ({ ...each, id: `e${n}` }))
        const tally = emptyEngagement()
        for (const each of events) countEvent(whole, tally, each)
        const { value, reasons, parameters } = engagementScore(whole, tally)
        const lead = { fit: [], engagement: rules, limits: whole.limits, halfLifeDays: 30 }
        const expected = scoreLead(lead, { attributes: {}, events })
        expect(value).toBe(expected.engagement)
        expect(reasons).toMatchObject(expected.reasons)
        const newest = (code: string) =>
          events.filter((each) => each.code === code).sort((a, b) => a.ageDays - b.ageDays)
        const ids = (code: string): string[] =>
          newest(code)
            .slice(0, 10)
            .map(({ id }) => id)
        const evidence = Object.entries({ view: ids('view'), cart: ids('cart') }).filter(([, own]) => own.length > 0)
        expect(parameters.evidence).toEqual(Object.fromEntries(evidence))
      }),
    )
  })
})

/** 450 contacts; contact n did n % 4 things on each of its 1 or 2 devices. Put into the storage as they would lie there. */
async function furnish(): Promise<string[]> {
  const ids: string[] = []
  for (let start = 0; start < 450; start += 150) {
    const inputs = Array.from({ length: 150 }, (_, n) => ({ externalRef: { system: 's', externalId: `${start + n}` } }))
    for (const report of await shop.contacts.upsertMany(inputs)) if ('id' in report) ids.push(report.id)
  }
  const stamp = { createdAt: daysAgo(60), updatedAt: daysAgo(60), createdBy: staff, updatedBy: staff, version: 1 }
  const visitors = ids.flatMap((contactId, n) =>
    Array.from({ length: 1 + (n % 2) }, (_, device) => ({
      ...stamp,
      id: `v-${n}-${device}`,
      contactId,
      startedAt: daysAgo(60),
      done: n % 4,
    })),
  )
  const events = visitors.flatMap(({ id, done }) =>
    Array.from({ length: done }, (_, nth) => ({
      ...{ id: `${id}-${nth}`, version: 1, updatedAt: asOf, visitorId: id, type: 'cart', at: daysAgo(nth * 10) },
      ...{ receivedAt: asOf, purpose: 'analytics', consentId: 'c' },
    })),
  )
  const inserts: Write[] = [
    ...visitors.map(({ done: _, ...row }): Write => ({ do: 'insert', entity: 'visitor', row })),
    ...events.map((row): Write => ({ do: 'insert', entity: 'behaviourEvent', row })),
  ]
  const session = storage.session({ tenantId: 'acme' })
  for (let start = 0; start < inserts.length; start += 1_000) await session.write(inserts.slice(start, start + 1_000))
  return ids
}

test('a refresh that is interrupted goes on where it was, and ends as one that was not', async () => {
  const ids = await furnish()
  const engagement = { rules: [{ code: 'cart', points: 16 }], halfLifeDays: 10 }
  failing.at = 2
  const { id } = await shop.scores.refresh(['engagement'], { asOf, engagement })
  while (failing.batches < 2) await new Promise((resolve) => setTimeout(resolve, 1))
  const run = await waitFor(id)
  expect(failing.contactsWritten).toEqual([200, 200, 200, 50])
  // Independently: three carts at 0, 10 and 20 days give 16 + 8 + 4, on each device.
  const expected = ids.map((_, n) => [0, 16, 24, 28][n % 4]! * (1 + (n % 2)))
  const events = ids.reduce((sum, _, n) => sum + (n % 4) * (1 + (n % 2)), 0)
  expect(run).toMatchObject({ status: 'done', progress: { done: 450, total: 450 } })
  expect(run.result).toEqual({ engagement: { contacts: 450, events } })
  const contacts = await shop.contacts.getMany(ids)
  expect(contacts.map((contact) => contact?.scores?.engagement?.value)).toEqual(expected)
})

/** A known visitor that consented, and how to have it look at a page, be asked of and be scored. */
async function observe() {
  const contact = await shop.contacts.create({})
  const { id: visitorId } = await shop.visitors.start()
  const now = () => new Date(crm.clock.now()).toISOString()
  await shop.visitors.consents.grant({ visitorId, purpose: 'analytics', source: 'banner' })
  await shop.visitors.identify({ visitorId, contactId: contact.id, verified: true })
  return {
    id: contact.id,
    view: () => shop.visitors.track({ visitorId, type: 'view', at: now() }),
    forget: async () => shop.runs.wait((await shop.visitors.forgetEvents({ visitorId })).id),
    score: async () => {
      const engagement = { rules: [{ code: 'view', group: 'views', points: 1 }], limits: { views: { most: 2 } } }
      const options = { asOf: now(), engagement: { ...engagement, halfLifeDays: 30 } }
      await shop.runs.wait((await shop.scores.refresh(['engagement'], options)).id)
      return (await shop.contacts.get(contact.id)).scores?.engagement?.value
    },
  }
}

test('unomi #384 (UNOMI-530): what depends on a most number of events is judged anew as events come and go', async () => {
  const { id, view, forget, score } = await observe()
  const definition = { performed: { type: 'view', atMost: 2 } }
  const rare = await shop.segments.create({ name: 'Looked twice at most', kind: 'dynamic', definition })
  const judged = async () => [await shop.segments.contains(rare.id, id), await score()]
  await view()
  expect(await judged()).toEqual([true, 1])
  await view()
  expect(await judged()).toEqual([true, 2])
  await view()
  expect(await judged()).toEqual([false, 2])
  await forget()
  expect(await judged()).toEqual([true, 0])
})

test('unomi #593 (UNOMI-748): past events count for the survivor of a merge, and for each of the two after it', async () => {
  const [one, two] = [await observe(), await observe()]
  await one.view()
  await two.view()
  const { mergeId } = await shop.contacts.merge({ survivorId: one.id, mergedIds: [two.id] })
  expect(await one.score()).toBe(2)
  await shop.contacts.unmerge(mergeId)
  expect([await one.score(), await two.score()]).toEqual([1, 1])
})

/** The run is taken up by ticks once the storage is there again. */
async function waitFor(id: string) {
  for (;;) {
    await crm.tick()
    const run = await shop.runs.get(id)
    if (run.status !== 'queued' && run.status !== 'running') return run
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}
