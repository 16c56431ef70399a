import { expect, test } from 'vitest'
import type { Crm } from '../crm.js'
import type { CrmSession, DomainEvent } from '../index.js'
import { createTestCrm, testRandom } from '../testing.js'
import { allRows, type MarkedPerson, marksIn, openMarkedShop, operator, tenantId } from './marked-person.fixture.js'

const reason = 'request of the person'

async function erase(shop: CrmSession, { contactId }: MarkedPerson, mode: 'anonymise' | 'delete') {
  const run = await shop.privacy.erase(contactId, { mode, reason })
  return shop.runs.wait(run.id)
}

async function brokenChains(crm: Crm, rows: Awaited<ReturnType<typeof allRows>>): Promise<string[]> {
  const shop = crm.session({ tenantId, actor: operator })
  const broken: string[] = []
  for (const [entity, service] of [
    ['contact', shop.contacts],
    ['order', shop.orders],
    ['ticket', shop.tickets],
    ['activity', shop.activities],
    ['run', shop.runs],
  ] as const)
    for (const row of rows[entity] ?? []) {
      const verdict = await service.verifyHistory(row.id)
      if (!verdict.intact) broken.push(`${entity} ${JSON.stringify(verdict)}`)
    }
  return broken
}

test('the mark is in many places before an erasure, so that not finding it afterwards means something', async () => {
  const { storage } = await openMarkedShop()
  const marked = marksIn(await allRows(storage, tenantId))
  expect(marked).toEqual(
    expect.arrayContaining([
      'activity.outcome',
      'contact.custom',
      'contact.fullNameFolded',
      'contactPoint.uniqueKey',
      'externalRef.externalId',
      'journal of contact: changes',
      'journal of message: actor',
      'message.author',
      'message.body',
      'order.custom',
      'message.createdBy',
      'timelineEntry.title',
      'behaviourEvent.query',
      'contact.searchTerms',
      'contactGroup.name',
      'externalData.values',
      'savedView.where',
      'segment.definition',
    ]),
  )
})

test.each(['anonymise', 'delete'] as const)('after %s no byte of the person is in any table', async (mode) => {
  const { storage, crm, shop, person } = await openMarkedShop()
  const run = await erase(shop, person, mode)
  expect(run).toMatchObject({ status: 'done' })
  const rows = await allRows(storage, tenantId)
  expect(marksIn(rows)).toEqual([])
  expect(await brokenChains(crm, rows)).toEqual([])
  expect((rows.contact ?? []).some(({ id }) => id === person.bystanderId)).toBe(true)
  expect(await shop.contacts.findByEmail('bob@example.com')).toMatchObject({ firstName: 'Bob' })
})

test('anonymising keeps orders, totals, tickets and what is not personal', async () => {
  const { shop, person } = await openMarkedShop()
  await erase(shop, person, 'anonymise')
  const contact = await shop.contacts.get(person.contactId)
  expect(contact).toMatchObject({ emails: [], phones: [], addresses: [], externalRefs: [], orderCount: 1 })
  expect(contact.custom).toEqual({ shirtSize: 'XL' })
  expect(contact.fullName).toBeUndefined()
  expect(await shop.orders.get(person.orderId)).toMatchObject({
    externalRefs: [{ system: 'shop', externalId: 'o-77' }],
    total: { amountMinor: 4_999, currency: 'EUR' },
  })
  expect(await shop.tickets.get(person.ticketId)).toMatchObject({ subject: 'erased', category: 'waitingOnCustomer' })
  expect((await shop.tickets.messages(person.ticketId)).items.map(({ body }) => body)).toEqual(Array(4).fill('erased'))
})

test('deleting removes all that is the person’s, and keeps what others share without the person', async () => {
  const { storage, shop, person } = await openMarkedShop()
  await erase(shop, person, 'delete')
  const rows = await allRows(storage, tenantId)
  const left = Object.fromEntries(
    ['contact', 'order', 'ticket', 'message', 'conversation', 'consent', 'consentRequest', 'association', 'score'].map(
      (entity) => [entity, rows[entity]?.length],
    ),
  )
  expect(left).toEqual({
    ...{ contact: 1, order: 0, ticket: 0, message: 0, conversation: 0 },
    ...{ consent: 0, consentRequest: 0, association: 0, score: 0 },
  })
  expect(await shop.activities.get(person.sharedActivityId)).toMatchObject({
    links: [{ type: 'contact', id: person.bystanderId }],
  })
})

test('who was erased does not come back by address, number or foreign id until an operator lifts it', async () => {
  const { shop, person } = await openMarkedShop()
  await erase(shop, person, 'anonymise')
  const suppressed = { code: 'rule_violated', details: { reason: 'suppressed' } }
  const email = 'NEW.zqxmarker@example.com'
  await expect(shop.contacts.create({ emails: [{ address: email }] })).rejects.toMatchObject(suppressed)
  const externalRef = { system: 'shop', externalId: 'ref-zqxmarker' }
  await expect(shop.contacts.upsert({ externalRef })).rejects.toMatchObject(suppressed)
  expect(await shop.suppressions.lift({ email })).toBe(true)
  await shop.contacts.create({ emails: [{ address: email }] })
})

test('erasing again changes nothing, in either mode', async () => {
  const { storage, shop, person } = await openMarkedShop()
  for (const mode of ['anonymise', 'delete'] as const) {
    await erase(shop, person, mode)
    const { run: _, journal = [], ...before } = await allRows(storage, tenantId)
    const again = await erase(shop, person, mode)
    expect(again).toMatchObject({ status: 'done' })
    const { run: __, journal: more = [], ...after } = await allRows(storage, tenantId)
    expect(after).toEqual(before)
    expect(more.filter(({ entity }) => entity !== 'run')).toEqual(journal.filter(({ entity }) => entity !== 'run'))
  }
})

test('subscribers hear that the person was erased, and of nothing that was erased again', async () => {
  const { crm, shop, person } = await openMarkedShop()
  const heard: DomainEvent[] = []
  crm.subscribe({ name: 'sync', from: 'beginning', handle: (event) => void heard.push(event) })
  await crm.tick()
  const before = new Set(heard.splice(0).map(({ id }) => id))
  await erase(shop, person, 'anonymise')
  await crm.tick()
  expect(heard.filter(({ id }) => before.has(id))).toEqual([])
  expect(heard.filter(({ type }) => type === 'contact.erased')).toMatchObject([
    { data: { contactId: person.contactId, mode: 'anonymise' } },
  ])
  expect(JSON.stringify(heard).toLowerCase()).not.toContain('zqxmarker')
})

test('an erasure that was interrupted is finished by the next attempt', async () => {
  const { storage, shop, person } = await openMarkedShop()
  const open = storage.session.bind(storage)
  let writesLeft = 12
  storage.session = (scope) => {
    const session = open(scope)
    const write = session.write.bind(session)
    session.write = async (batch, options) => {
      if (writesLeft-- === 0) throw new Error('the process died')
      return write(batch, options)
    }
    return session
  }
  const second = await createTestCrm({
    storage: Object.assign(storage, { open: async () => {} }),
    random: testRandom(2),
    onError: () => {},
  })
  const interrupted = second.session({ tenantId, actor: operator })
  expect(await erase(interrupted, person, 'anonymise')).toMatchObject({ status: 'failed' })
  expect(marksIn(await allRows(storage, tenantId)).length).toBeGreaterThan(0)
  writesLeft = Number.POSITIVE_INFINITY
  expect(await erase(shop, person, 'anonymise')).toMatchObject({ status: 'done' })
  expect(marksIn(await allRows(storage, tenantId))).toEqual([])
})

test('what is staged of the person, and filters that name it, are erased in whatever spelling', async () => {
  const { storage, shop, person } = await openMarkedShop()
  const session = storage.session({ tenantId })
  const row = {
    id: 'staged',
    importId: 'i-1',
    sequence: 0,
    rows: [
      [2, ['Second ZQXMARKER', `0049 90 774-45 51`]],
      [3, ['Ｎｅｗ.ｚｑｘｍａｒｋｅｒ@example.com']],
      [4, ['Someone else', '+49 30 1234567']],
    ],
    done: 0,
    ...{ created: [], updated: [], counts: {}, errors: [{ row: 2, message: 'new.zqxmarker@example.com' }] },
    ...{ undone: false, conflicts: [], updatedAt: '2026-03-01T10:00:00.000Z' },
  }
  await session.write([{ do: 'insert', entity: 'importBatch', row }])
  await erase(shop, person, 'anonymise')
  const [staged] = await session.getMany('importBatch', ['staged'])
  expect(staged).toMatchObject({
    rows: [
      [2, ['erased', 'erased']],
      [3, ['erased']],
      [4, ['Someone else', '+49 30 1234567']],
    ],
    errors: [{ row: 2, message: 'erased' }],
  })
  const [view] = (await shop.views.find()).items
  expect(view).toMatchObject({ name: 'erased', where: { op: 'eq', path: 'primaryEmail', value: 'erased' } })
})

test('what a run was given about the person is erased from it', async () => {
  const { storage, shop, person } = await openMarkedShop()
  const session = storage.session({ tenantId })
  const [row] = (await session.find({ entity: 'run', order: ['id'], limit: 1 })).rows
  const params = { query: 'all like new.zqxmarker@example.com', limit: 3 }
  await session.write([{ do: 'patch', entity: 'run', id: row?.id as string, set: { params } }])
  await erase(shop, person, 'anonymise')
  expect(await shop.runs.get(row?.id as string)).toMatchObject({ params: { query: 'erased', limit: 3 } })
})

test('a person under a legal hold is not erased, and is when the hold is lifted', async () => {
  const { storage, shop, person } = await openMarkedShop()
  const hold = await shop.privacy.holds.place({ objectType: 'order', recordId: person.orderId, reason: 'case 12' })
  expect(await erase(shop, person, 'delete')).toMatchObject({ status: 'failed', error: { code: 'rule_violated' } })
  expect(marksIn(await allRows(storage, tenantId)).length).toBeGreaterThan(0)
  const own = await shop.privacy.holds.place({ objectType: 'contact', recordId: person.contactId, reason: 'case 13' })
  await expect(erase(shop, person, 'delete')).rejects.toMatchObject({ details: { reason: 'legal_hold' } })
  await shop.privacy.holds.lift(hold.id)
  await shop.privacy.holds.lift(own.id)
  expect(await erase(shop, person, 'delete')).toMatchObject({ status: 'done' })
})

test('an actor without the right to erase, or to change the contact, may not', async () => {
  const { storage, person } = await openMarkedShop()
  const limited = await createTestCrm({
    storage: Object.assign(storage, { open: async () => {} }),
    random: testRandom(2),
    roles: () => [{ key: 'sales', rights: { contact: { read: 'all', update: 'all' }, erasure: { read: 'all' } } }],
  })
  const shop = limited.session({ tenantId, actor: operator })
  await expect(erase(shop, person, 'anonymise')).rejects.toMatchObject({ code: 'access_denied' })
})
