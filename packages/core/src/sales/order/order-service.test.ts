import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Crm } from '../../crm.js'
import type { CrmSession } from '../../crm-session.js'
import type { Contact } from '../../customers/index.js'
import { createTestCrm } from '../../testing.js'

let crm: Crm
let shop: CrmSession
let ada: Contact
let eve: Contact

beforeEach(async () => {
  crm = await createTestCrm()
  shop = crm.session({ tenantId: 'acme', actor: { type: 'user', id: 'u_1' } })
  ada = await shop.contacts.create({ firstName: 'Ada' })
  eve = await shop.contacts.create({ firstName: 'Eve' })
})
afterEach(() => crm.close())

const euros = (amountMinor: number) => ({ amountMinor, currency: 'EUR' })
const order = (more: object = {}) => ({ contactId: ada.id, placedAt: '2026-02-01', total: euros(4_999), ...more })
const titlesOf = async (type: string, id: string): Promise<string[]> =>
  (await shop.timeline.of({ type, id })).items.map(({ title }) => title)

it('a corrected amount shows in the timeline', async () => {
  const { id } = await shop.orders.record(order())
  await shop.orders.update(id, { total: euros(500) })
  expect(await titlesOf('contact', ada.id)).toEqual(['5.00 EUR'])
})

it('an order that moves to another contact or company leaves the timelines and sums of the old ones', async () => {
  const [old, fresh] = [await shop.companies.create({ name: 'Old' }), await shop.companies.create({ name: 'New' })]
  const { id } = await shop.orders.record(order({ companyId: old.id }))
  await shop.orders.update(id, { contactId: eve.id, companyId: fresh.id })
  expect([await titlesOf('contact', ada.id), await titlesOf('company', old.id)]).toEqual([[], []])
  expect([await titlesOf('contact', eve.id), await titlesOf('company', fresh.id)]).toEqual([
    ['49.99 EUR'],
    ['49.99 EUR'],
  ])
  expect(await shop.contacts.get(ada.id)).toMatchObject({ orderCount: 0, version: 1 })
  expect(await shop.contacts.get(eve.id)).toMatchObject({ orderCount: 1, lastOrderAt: '2026-02-01T00:00:00.000Z' })
})

it('an order names a contact and a company that are there, or is not written', async () => {
  const wrong = async (field: string, work: Promise<unknown>): Promise<void> => {
    await expect(work).rejects.toMatchObject({ code: 'validation_failed', details: { field } })
  }
  await wrong('contactId', shop.orders.record(order({ contactId: 'nobody' })))
  await wrong('contactId', shop.orders.record(order({ contactId: 'nobody', status: 'canceled' })))
  await wrong('companyId', shop.orders.record(order({ companyId: 'nothing' })))
  const { id } = await shop.orders.record(order())
  await wrong('companyId', shop.orders.update(id, { companyId: 'nothing' }))
  await wrong('contactId', shop.orders.update(id, { contactId: 'nobody' }))
  expect(await shop.orders.get(id)).toMatchObject({ version: 1, contactId: ada.id })
  expect(await shop.orders.count()).toBe(1)
})

it('many orders of one contact and one company, canceled ones too, go in one batch', async () => {
  const company = await shop.companies.create({ name: 'Works' })
  const list = [
    order({ companyId: company.id }),
    order({ companyId: company.id, status: 'canceled' }),
    order({ status: 'canceled' }),
  ]
  const reports = await shop.orders.recordMany(list)
  expect(reports.map(({ outcome }) => outcome)).toEqual(['created', 'created', 'created'])
  expect(await shop.contacts.get(ada.id)).toMatchObject({ orderCount: 1 })
})

it('canceled orders alone leave no date of an order', async () => {
  await shop.orders.record(order({ status: 'canceled' }))
  const contact = await shop.contacts.get(ada.id)
  expect(contact.orderCount).toBe(0)
  expect(contact.lastOrderAt).toBeUndefined()
})

it('refs given by a change find the order, and free the old ones', async () => {
  const [first, second] = [
    { system: 'shop', externalId: '1' },
    { system: 'shop', externalId: '2' },
  ]
  const { id } = await shop.orders.record(order({ externalRef: first }))
  await shop.orders.update(id, { externalRefs: [second] })
  expect((await shop.orders.record(order({ externalRef: second }))).id).toBe(id)
  expect((await shop.orders.record(order({ externalRef: first }))).id).not.toBe(id)
})

it('sums stay true when orders of one contact are canceled, deleted, moved and recorded at once', async () => {
  const ids: string[] = []
  for (let day = 1; day <= 5; day++) ids.push((await shop.orders.record(order({ placedAt: `2026-02-0${day}` }))).id)
  const [first, second, third, fourth] = ids as [string, string, string, string]
  await Promise.all([
    shop.orders.update(first, { status: 'canceled' }),
    shop.orders.update(second, { status: 'canceled' }),
    shop.orders.delete(third),
    shop.orders.update(fourth, { contactId: eve.id }),
    shop.orders.record(order({ placedAt: '2026-02-20' })),
  ])
  expect(await shop.contacts.get(ada.id)).toMatchObject({
    orderCount: 2,
    firstOrderAt: '2026-02-05T00:00:00.000Z',
    lastOrderAt: '2026-02-20T00:00:00.000Z',
    version: 1,
  })
  expect(await shop.contacts.get(eve.id)).toMatchObject({ orderCount: 1, lastOrderAt: '2026-02-04T00:00:00.000Z' })
})
