import { beforeEach, describe, expect, test } from 'vitest'
import type { Crm } from '../../crm.js'
import type { CrmSession } from '../../crm-session.js'
import { createTestCrm, type TestClock } from '../../testing.js'

const staff = { type: 'user', id: 'u_7' } as const
const purpose = 'analytics'
const minuteMs = 60_000

let crm: Crm & { readonly clock: TestClock }
let shop: CrmSession
beforeEach(async () => {
  crm = await createTestCrm()
  shop = crm.session({ tenantId: 'acme', actor: staff })
})

const ago = (minutes: number): string => new Date(crm.clock.now() - minutes * minuteMs).toISOString()
const view = (visitorId: string, minutes = 0) => ({ visitorId, type: 'view', at: ago(minutes) })
async function consenting(): Promise<string> {
  const { id: visitorId } = await shop.visitors.start()
  await shop.visitors.consents.grant({ visitorId, purpose, source: 'banner', capturedAt: ago(60) })
  return visitorId
}

describe('an id', () => {
  test('is minted with 144 random bits, or the host’s own, which starting again leaves as it is', async () => {
    const [one, two] = [await shop.visitors.start(), await shop.visitors.start()]
    expect(one.id).toMatch(/^[\w-]{24}$/)
    expect(two.id).not.toBe(one.id)
    const own = await shop.visitors.start({ visitorId: 'host-minted-0123456789' })
    crm.clock.advance(minuteMs)
    expect(await shop.visitors.start({ visitorId: own.id })).toEqual(own)
  })

  test.each(['short', 'x'.repeat(65), 'has spaces in it, and more'])('cannot be %s', async (visitorId) => {
    await expect(shop.visitors.start({ visitorId })).rejects.toMatchObject({ code: 'validation_failed' })
  })

  test('of a widget is never its own choice', async () => {
    const role = { key: 'widget', rights: { visitor: { create: 'own' } } } as const
    await using other = await createTestCrm({ roles: () => [role] })
    const widget = other.session({ tenantId: 'acme', actor: { type: 'anonymous', id: '' } })
    const { id } = await widget.visitors.start({ visitorId: 'host-minted-0123456789' })
    expect(id).toMatch(/^[\w-]{24}$/)
  })
})

describe('an event', () => {
  test.each([
    ['a type that is no name', { type: 'Add to cart' }],
    ['no moment', { at: 'yesterday' }],
    ['more than 50 properties', { properties: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, 1])) }],
    [
      'more than 8,192 characters of properties',
      { properties: { a: ['x'.repeat(500)].concat(Array(20).fill('y'.repeat(500))) } },
    ],
    ['a property in a property', { properties: { user: { email: 'a@example.com' } } }],
    ['a key that is a path', { properties: { 'user.email': 'a@example.com' } }],
    ['a number that JSON does not give back', { properties: { id: 2 ** 60 } }],
    ['a field nobody knows', { user: 'ada' }],
  ])('with %s is refused, and the error repeats nothing of it', async (_, wrong) => {
    const visitorId = await consenting()
    const error = await shop.visitors
      .track({ ...view(visitorId), ...wrong } as never)
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'validation_failed' })
    expect(JSON.stringify(error)).not.toContain('@example.com')
  })

  test('comes with at most 299 others', async () => {
    const visitorId = await consenting()
    const many = Array.from({ length: 301 }, () => view(visitorId))
    await expect(shop.visitors.trackMany(many)).rejects.toMatchObject({
      code: 'validation_failed',
      details: { field: 'events' },
    })
    const reports = await shop.visitors.trackMany(many.slice(1))
    expect(reports.filter(({ outcome }) => outcome === 'stored')).toHaveLength(300)
    expect(await shop.visitors.get(visitorId)).toMatchObject({ lastSeenAt: ago(0), version: 1 })
  })

  test('belongs to who used the device when it happened, however late it comes', async () => {
    const contacts = await Promise.all(['A', 'B', 'C'].map((firstName) => shop.contacts.create({ firstName })))
    const visitorId = await consenting()
    for (const contact of contacts) {
      await shop.visitors.identify({ visitorId, contactId: contact.id, verified: true })
      await shop.consents.grant({
        contactId: contact.id,
        purpose,
        channel: 'web',
        source: 'account',
        capturedAt: ago(60),
      })
      crm.clock.advance(10 * minuteMs)
    }
    // A used it up to 20 minutes ago, then B for ten minutes, then C.
    const reports = await shop.visitors.trackMany([35, 21, 20, 11, 10, 0].map((minutes) => view(visitorId, minutes)))
    expect(reports.map(({ outcome }) => outcome)).toEqual(Array(6).fill('stored'))
    const minutesOf = async (contactId: string) =>
      (await shop.visitors.events({ contactId })).items.map(({ at }) => (crm.clock.now() - Date.parse(at)) / minuteMs)
    expect(await Promise.all(contacts.map(({ id }) => minutesOf(id)))).toEqual([
      [21, 35],
      [11, 20],
      [0, 10],
    ])
  })

  test('of somebody whose visitor was removed is nobody’s, and never falls to who used the device before', async () => {
    const contacts = await Promise.all(['A', 'B', 'C'].map((firstName) => shop.contacts.create({ firstName })))
    const visitorId = await consenting()
    const dayMinutes = 24 * 60
    for (const contact of contacts) {
      await shop.visitors.identify({ visitorId, contactId: contact.id, verified: true })
      await shop.visitors.consents.grant({ visitorId, purpose, source: 'banner' })
      expect(await shop.visitors.track(view(visitorId))).toMatchObject({ outcome: 'stored' })
      crm.clock.advance(5 * dayMinutes * minuteMs)
    }
    // A was seen 15 days ago, B 10, C 5. The first visitor counts as seen whenever the device was.
    await shop.privacy.retention.create({ object: 'visitor', since: 'lastSeenAt', afterDays: 7, action: 'delete' })
    expect(await shop.runs.wait((await shop.privacy.retention.apply()).id)).toMatchObject({ result: { applied: 1 } })
    const late = await shop.visitors.trackMany([12, 8, 5].map((days) => view(visitorId, days * dayMinutes)))
    expect(late.map(({ outcome }) => outcome)).toEqual(['stored', 'refused', 'stored'])
    expect(late[1]).toMatchObject({ reason: 'unknown_visitor' })
  })

  test('is listed page by page, and a cursor is of one list alone', async () => {
    const visitorId = await consenting()
    await shop.visitors.trackMany([3, 1, 2].map((minutes) => view(visitorId, minutes)))
    const first = await shop.visitors.events({ visitorId }, { limit: 2 })
    expect(first.items.map(({ at }) => at)).toEqual([ago(1), ago(2)])
    const rest = await shop.visitors.events({ visitorId }, { limit: 2, cursor: first.cursor as string })
    expect(rest).toMatchObject({ items: [{ at: ago(3) }] })
    const mixed = { type: 'view', cursor: first.cursor as string }
    await expect(shop.visitors.events({ visitorId }, mixed)).rejects.toMatchObject({ code: 'validation_failed' })
  })
})

describe('consent', () => {
  test.each([
    ['granted', undefined, true],
    [undefined, 'granted', true],
    ['granted', 'granted', true],
    [undefined, undefined, false],
    ['granted', 'revoked', false],
    ['revoked', 'granted', false],
    ['denied', undefined, false],
  ] as const)('of the visitor %s and of the contact %s: %s', async (ofVisitor, ofContact, granted) => {
    const contact = await shop.contacts.create({ firstName: 'Ada' })
    const { id: visitorId } = await shop.visitors.start()
    await shop.visitors.identify({ visitorId, contactId: contact.id, verified: true })
    const said = { purpose, channel: 'web', source: 'account', capturedAt: ago(5) } as const
    const verb = { granted: 'grant', revoked: 'revoke', denied: 'deny' } as const
    if (ofVisitor) await shop.visitors.consents[verb[ofVisitor]]({ ...said, visitorId })
    if (ofContact) await shop.consents[verb[ofContact]]({ ...said, contactId: contact.id })
    expect(await shop.visitors.consents.decide({ visitorId, purpose })).toMatchObject({ granted, visitorId })
    expect(await shop.visitors.track(view(visitorId))).toMatchObject({ outcome: granted ? 'stored' : 'refused' })
  })

  test('that has run out allows what happened before no more', async () => {
    const { id: visitorId } = await shop.visitors.start()
    const validTo = ago(2)
    await shop.visitors.consents.grant({ visitorId, purpose, source: 'banner', capturedAt: ago(9), validTo })
    expect(await shop.visitors.track(view(visitorId, 5))).toEqual({ outcome: 'refused', reason: 'no_consent' })
  })

  test('of a contact is taken back on all its devices, and what was kept is removed there', async () => {
    const contact = await shop.contacts.create({ firstName: 'Ada' })
    const visitors = [await consenting(), await consenting()]
    for (const visitorId of visitors) {
      await shop.visitors.identify({ visitorId, contactId: contact.id, verified: true })
      await shop.visitors.trackMany(Array.from({ length: 300 }, () => view(visitorId)))
    }
    await shop.consents.revoke({ contactId: contact.id, purpose, channel: 'web', source: 'account' })
    expect(await shop.visitors.track(view(visitors[0] as string))).toEqual({ outcome: 'refused', reason: 'no_consent' })
    const run = await shop.visitors.forgetEvents({ contactId: contact.id })
    expect(await shop.runs.wait(run.id)).toMatchObject({
      status: 'done',
      result: { removed: 600 },
      progress: { done: 600 },
    })
    expect(await shop.visitors.events({ contactId: contact.id })).toEqual({ items: [] })
  })

  test('of others is not to be enforced by whoever may not read them', async () => {
    const rights = { create: 'yes', read: 'own', update: 'yes', delete: 'own' } as const
    await using other = await createTestCrm({ roles: () => [{ key: 'seller', rights: { '*': rights } }] })
    const mine = other.session({ tenantId: 'acme', actor: staff })
    const theirs = other.session({ tenantId: 'acme', actor: { type: 'user', id: 'u_8' } })
    const contact = await theirs.contacts.create({ firstName: 'Ada', ownerId: 'u_8' })
    await expect(mine.visitors.forgetEvents({ contactId: contact.id })).rejects.toMatchObject({ code: 'not_found' })
    await expect(theirs.visitors.forgetEvents({ contactId: contact.id })).resolves.toMatchObject({ status: 'queued' })
  })
})

describe('identifying', () => {
  test('two people at once on one device gives each a visitor of their own', async () => {
    const contacts = await Promise.all(['A', 'B', 'C'].map((firstName) => shop.contacts.create({ firstName })))
    const visitorId = await consenting()
    const claims = contacts.map(({ id }) => shop.visitors.identify({ visitorId, contactId: id, verified: true }))
    const outcomes = (await Promise.all(claims)).map(({ outcome }) => outcome)
    expect(outcomes.toSorted()).toEqual(['linked', 'new_epoch', 'new_epoch'])
    for (const { id } of contacts) expect(await shop.visitors.count({ where: { contactId: id } })).toBe(1)
  })

  test('tells subscribers, and is in the history of the visitor', async () => {
    const contact = await shop.contacts.create({ firstName: 'Ada' })
    const visitorId = await consenting()
    const heard: unknown[] = []
    crm.on('visitor.identified', ({ recordId, data }) => heard.push([recordId, data.contactId]))
    await shop.visitors.identify({ visitorId, contactId: contact.id, verified: true })
    expect(heard).toEqual([[visitorId, contact.id]])
    expect(await shop.visitors.verifyHistory(visitorId)).toMatchObject({ intact: true, entries: 2 })
  })

  test.each([
    ['no name', {}],
    ['two names', { contactId: 'a', email: 'a@example.com' }],
    ['no word on proof', { contactId: 'a', verified: undefined }],
  ])('needs one name and whether there is proof: %s', async (_, claim) => {
    const visitorId = await consenting()
    const wrong = { visitorId, verified: true, ...claim } as never
    await expect(shop.visitors.identify(wrong)).rejects.toMatchObject({ code: 'validation_failed' })
  })

  test('as somebody who was deleted, or never was, is not possible', async () => {
    const contact = await shop.contacts.create({ firstName: 'Ada' })
    await shop.contacts.delete(contact.id)
    const visitorId = await consenting()
    for (const contactId of [contact.id, 'nobody'])
      await expect(shop.visitors.identify({ visitorId, contactId, verified: true })).rejects.toMatchObject({
        code: 'not_found',
      })
  })
})

test('deleting a person takes events and consent along and leaves a visitor that nobody knows', async () => {
  const contact = await shop.contacts.create({ firstName: 'Ada' })
  const visitorId = await consenting()
  await shop.visitors.track({ ...view(visitorId), query: 'ada-king-1815' })
  await shop.visitors.identify({ visitorId, contactId: contact.id, verified: true })
  const run = await shop.privacy.erase(contact.id, { mode: 'delete', reason: 'request of the person' })
  expect(await shop.runs.wait(run.id)).toMatchObject({ status: 'done' })
  expect(await shop.visitors.get(visitorId)).not.toHaveProperty('contactId')
  expect(await shop.visitors.events({ visitorId })).toEqual({ items: [] })
  expect(await shop.visitors.track(view(visitorId))).toEqual({ outcome: 'refused', reason: 'no_consent' })
})

test('personal facts of events are hidden by a mask and named in the map of personal data', async () => {
  const rights = { create: 'yes', read: 'yes', update: 'yes', delete: 'yes' } as const
  const hiddenFields = ['page', 'query', 'properties']
  const role = { key: 'analyst', rights: { '*': rights, behaviourEvent: { ...rights, hiddenFields } } }
  await using masked = await createTestCrm({ roles: () => [role] })
  const session = masked.session({ tenantId: 'acme', actor: staff })
  const { id: visitorId } = await session.visitors.start()
  await session.visitors.consents.grant({ visitorId, purpose, source: 'banner' })
  const at = new Date(masked.clock.now()).toISOString()
  await session.visitors.track({
    visitorId,
    type: 'search',
    at,
    query: 'gift for Bob',
    product: 'T-1',
    page: '/',
    properties: { a: 1 },
  })
  const { items } = await session.visitors.events({ visitorId })
  expect(items[0]).toMatchObject({ type: 'search', product: 'T-1' })
  for (const field of hiddenFields) expect(items[0]).not.toHaveProperty(field)
  expect(await shop.privacy.map()).toContainEqual({ entity: 'behaviourEvent', fields: hiddenFields, heldBy: [] })
})
