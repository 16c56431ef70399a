import { afterEach, beforeEach, expect, test } from 'vitest'
import type { CrmSession } from '../index.js'
import { withObservedWrites } from '../observed-writes.fixture.js'
import { memoryStorage } from '../storage/memory/index.js'
import type { StorageAdapter } from '../storage/storage-adapter.js'
import { createTestCrm } from '../testing.js'

const dayMs = 86_400_000
const purpose = 'analytics'

let crm: Awaited<ReturnType<typeof createTestCrm>>
let shop: CrmSession
let inner: StorageAdapter
/** Writes of each batch that changed events, and what happens before the next one. */
const events = { batches: [] as number[], before: async (): Promise<void> => {} }
beforeEach(async () => {
  Object.assign(events, { batches: [], before: async () => {} })
  inner = memoryStorage()
  const storage = withObservedWrites(inner, async (batch) => {
    const changed = batch.filter(({ entity, do: kind }) => entity === 'behaviourEvent' && kind !== 'insert').length
    if (changed === 0) return
    await events.before()
    events.batches.push(changed)
  })
  crm = await createTestCrm({ storage })
  shop = crm.session({ tenantId: 'acme', actor: { type: 'user', id: 'u_7' } })
})
afterEach(() => crm.close())

const daysAgo = (days: number): string => new Date(crm.clock.now() - days * dayMs).toISOString()

async function visitorWith(count: number, ageDays: number): Promise<string> {
  const { id: visitorId } = await shop.visitors.start()
  await shop.visitors.consents.grant({ visitorId, purpose, source: 'banner', capturedAt: daysAgo(365) })
  for (let left = count; left > 0; left -= 300) {
    const view = { visitorId, type: 'view', at: daysAgo(ageDays), page: '/private', query: 'gift', product: 'T-1' }
    await shop.visitors.trackMany(Array.from({ length: Math.min(left, 300) }, () => view))
  }
  return visitorId
}

const countOf = async (visitorId: string): Promise<number> =>
  (await shop.visitors.events({ visitorId }, { limit: 1_000 })).items.length

const apply = async () => (await shop.runs.wait((await shop.privacy.retention.apply()).id)).result

test('events go by their age in bounded batches, to the millisecond, and their visitor stays', async () => {
  const [old, fresh] = [await visitorWith(620, 10), await visitorWith(3, 9)]
  await shop.privacy.retention.create({ object: 'behaviourEvent', since: 'at', afterDays: 10, action: 'delete' })
  expect(await shop.privacy.retention.plan()).toMatchObject([{ object: 'behaviourEvent', due: 0, held: 0 }])
  crm.clock.advance(1)
  expect(await shop.privacy.retention.plan()).toMatchObject([{ due: 620, held: 0 }])
  expect(events.batches).toEqual([])
  expect(await apply()).toEqual({ applied: 620, held: 0 })
  expect(events.batches).toEqual([500, 120])
  expect([await countOf(old), await countOf(fresh)]).toEqual([0, 3])
  expect(await apply()).toEqual({ applied: 0, held: 0 })
})

test('a hold on an event, on its visitor or on the person it became keeps events', async () => {
  const [first, second, third, free] = [
    await visitorWith(2, 5),
    await visitorWith(2, 5),
    await visitorWith(2, 5),
    await visitorWith(2, 5),
  ]
  const contact = await shop.contacts.create({ firstName: 'Ada' })
  await shop.visitors.identify({ visitorId: second, contactId: contact.id, verified: true })
  const [event] = (await shop.visitors.events({ visitorId: third })).items
  const { place } = shop.privacy.holds
  await place({ objectType: 'visitor', recordId: first, reason: 'case 1' })
  await place({ objectType: 'contact', recordId: contact.id, reason: 'case 2' })
  await place({ objectType: 'behaviourEvent', recordId: event?.id ?? '', reason: 'case 3' })
  await shop.privacy.retention.create({ object: 'behaviourEvent', since: 'receivedAt', afterDays: 1, action: 'delete' })
  crm.clock.advance(2 * dayMs)
  expect(await shop.privacy.retention.plan()).toMatchObject([{ due: 3, held: 5 }])
  expect(await apply()).toEqual({ applied: 3, held: 5 })
  expect(await Promise.all([first, second, third, free].map(countOf))).toEqual([2, 2, 1, 0])
})

test('anonymised events keep what happened and lose where people looked, once', async () => {
  const visitorId = await visitorWith(2, 5)
  await shop.privacy.retention.create({ object: 'behaviourEvent', since: 'at', afterDays: 1, action: 'anonymise' })
  expect(await apply()).toEqual({ applied: 2, held: 0 })
  for (const event of (await shop.visitors.events({ visitorId })).items) {
    expect(event).toMatchObject({ type: 'view', product: 'T-1' })
    for (const field of ['page', 'query', 'properties']) expect(event).not.toHaveProperty(field)
  }
  expect(await shop.privacy.retention.plan()).toMatchObject([{ due: 0 }])
})

test('events that somebody else removes at the same moment do not stop the rest', async () => {
  const [gone, old] = [await visitorWith(2, 5), await visitorWith(2, 5)]
  await shop.privacy.retention.create({ object: 'behaviourEvent', since: 'at', afterDays: 1, action: 'delete' })
  events.before = async () => {
    events.before = async () => {}
    const { items } = await shop.visitors.events({ visitorId: gone })
    const removal = items.map(({ id }) => ({ do: 'delete', entity: 'behaviourEvent', id }) as const)
    await inner.session({ tenantId: 'acme' }).write(removal)
  }
  expect(await apply()).toEqual({ applied: 2, held: 0 })
  expect(await Promise.all([gone, old].map(countOf))).toEqual([0, 0])
})

test('what follows from records goes with them, and no policy of its own', async () => {
  const policy = { object: 'timelineEntry', since: 'at', afterDays: 1, action: 'delete' } as const
  await expect(shop.privacy.retention.create(policy)).rejects.toMatchObject({
    code: 'validation_failed',
    details: { field: 'object' },
  })
})
