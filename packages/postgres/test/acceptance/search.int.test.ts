import type { CrmSession } from '@rapport/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeOnEveryStorage, staff } from './crm-on-every-storage.fixture.js'
import { foundBy, type SeededTenant, seedTenant } from './search-agreement.fixture.js'

let seeded: SeededTenant

beforeAll(async () => {
  seeded = await seedTenant(150, 3)
})
afterAll(() => seeded.crm.close())

test('every kind of query finds whom it means among the first ten', async () => {
  const missed: string[] = []
  for (const { kind, query, fits } of seeded.queries) {
    const { items } = await seeded.shop.contacts.search(query, { limit: 10 })
    const found = items.map(({ record }) => seeded.customerOf.get(record.externalRefs[0]?.externalId ?? ''))
    if (!found.some((customer) => customer && fits(customer))) missed.push(`${kind}: ${query}`)
  }
  expect(missed).toEqual([])
})

describeOnEveryStorage('search', (on) => {
  const open = (): CrmSession => on().crm.session({ tenantId: on().newTenant(), actor: staff })

  const ada = async (shop: CrmSession) =>
    shop.contacts.upsert({
      externalRef: { system: 'shop', externalId: 'c-1042' },
      firstName: 'Ada',
      lastName: 'King',
      emails: [{ address: 'ada@example.com' }],
      phones: [{ number: '+44 20 7946 0018' }],
    })

  const idsOf = async (shop: CrmSession, query: string): Promise<string[]> =>
    (await shop.contacts.search(query)).items.map(({ record }) => record.id)

  test('search results agree with those in memory, id by id and score by score', async () => {
    const shop = on().crm.session({ tenantId: seeded.shop.tenantId, actor: staff })
    await shop.restore(seeded.backup)
    expect(await foundBy(shop, seeded.queries)).toEqual(await foundBy(seeded.shop, seeded.queries))
  })

  test('what finds a record follows every change of it', async () => {
    const shop = open()
    const { id } = await ada(shop)
    expect(await idsOf(shop, 'king')).toEqual([id])
    await shop.contacts.update(id, { lastName: 'Lovelace', emails: [] })
    expect(await idsOf(shop, 'king')).toEqual([])
    expect(await idsOf(shop, 'ada@example.com')).toEqual([])
    expect(await idsOf(shop, 'lovelace')).toEqual([id])
    await shop.contacts.delete(id)
    expect(await idsOf(shop, 'lovelace')).toEqual([])
    await shop.contacts.restore(id)
    expect(await idsOf(shop, 'lovelace')).toEqual([id])
  })

  test('a merge joins what finds two records, and unmerging parts it again', async () => {
    const shop = open()
    const one = await ada(shop)
    const other = await shop.contacts.create({ firstName: 'Augusta', emails: [{ address: 'augusta@example.org' }] })
    const { mergeId } = await shop.contacts.merge({ survivorId: one.id, mergedIds: [other.id] })
    expect(await idsOf(shop, 'augusta@example.org')).toEqual([one.id])
    await shop.contacts.unmerge(mergeId)
    expect((await idsOf(shop, 'augusta@example.org'))[0]).toBe(other.id)
    expect((await idsOf(shop, 'ada@example.com'))[0]).toBe(one.id)
    expect((await shop.contacts.search('augusta', { where: { id: one.id } })).items).toEqual([])
  })

  test('nothing finds a person who was erased, and no term of them is left', async () => {
    const shop = open()
    const { id } = await ada(shop)
    const run = await shop.privacy.erase(id, { mode: 'anonymise', reason: 'asked for it' })
    expect((await shop.runs.wait(run.id)).status).toBe('done')
    for (const query of ['ada king', 'ada@example.com', '79460018', 'c-1042'])
      expect(await idsOf(shop, query)).toEqual([])
    const [row] = await on().storage.session({ tenantId: shop.tenantId }).getMany('contact', [id])
    expect(JSON.stringify([row?.searchTerms ?? [], row?.searchTexts ?? []])).not.toMatch(/ada|kin|example|7946|1042/)
  })

  test('who may see only their own records finds only those', async () => {
    const shop = open()
    const { id } = await ada(shop)
    await shop.contacts.create({ firstName: 'Ada', ownerId: 'seller' })
    const rights = { contact: { read: 'own' as const } }
    const theirs = await on().another({ roles: () => [{ key: 'seller', rights }] })
    const seller = theirs.session({ tenantId: shop.tenantId, actor: { type: 'user', id: 'seller' } })
    const found = (await seller.contacts.search('ada')).items.map(({ record }) => record.ownerId)
    expect(found).toEqual(['seller'])
    expect(await idsOf(shop, 'ada king')).toContain(id)
  })

  test('tickets and orders are found by number, and all entities at once', async () => {
    const shop = open()
    const { id } = await ada(shop)
    const ticket = await shop.tickets.open({ contactId: id, subject: 'Parcel never came' })
    const order = await shop.orders.record({
      externalRef: { system: 'shop', externalId: 'SO-2026-00017' },
      contactId: id,
      placedAt: '2026-01-05T00:00:00.000Z',
      total: { amountMinor: 4999, currency: 'EUR' },
    })
    const company = await shop.companies.create({ name: 'King & Sons' })
    expect((await shop.tickets.search(String(ticket.number))).items.map(({ record }) => record.id)).toEqual([ticket.id])
    expect((await shop.tickets.search('parcl')).items[0]).toMatchObject({ matched: ['subject'] })
    expect((await shop.orders.search('00017')).items.map(({ record }) => record.id)).toEqual([order.id])
    const { items } = await shop.search('king')
    expect(items.map(({ entity, record }) => [entity, record.id])).toEqual([
      ['company', company.id],
      ['contact', id],
    ])
  })

  test('a custom field that becomes searchable finds records, and no longer when it ceases to be', async () => {
    const shop = open()
    const field = await shop.customFields.register({ object: 'contact', key: 'taste', type: 'text', label: 'Taste' })
    const { id } = await shop.contacts.create({ firstName: 'Ada', custom: { taste: 'Bebop' } })
    const settle = async (): Promise<void> => {
      for await (const run of shop.runs.each({ where: { kind: 'search.rebuild' } })) await shop.runs.wait(run.id)
    }
    expect(await idsOf(shop, 'bebop')).toEqual([])
    await shop.customFields.update(field.id, { searchable: true })
    await settle()
    expect((await shop.contacts.search('bebop')).items).toMatchObject([{ record: { id }, matched: ['custom.taste'] }])
    await shop.contacts.update(id, { custom: { taste: 'Swing' } })
    expect(await idsOf(shop, 'swing')).toEqual([id])
    await shop.customFields.update(field.id, { searchable: false })
    await settle()
    expect(await idsOf(shop, 'swing')).toEqual([])
  })

  test('records written before there was a search are found after a rebuild, which leaves their versions alone', async () => {
    const shop = open()
    const { id, version } = await ada(shop)
    const storage = on().storage.session({ tenantId: shop.tenantId })
    const set = { searchTerms: null, searchTexts: null }
    await storage.write([{ do: 'patch', entity: 'contact', id, set, touch: false }])
    expect(await idsOf(shop, 'king')).toEqual([])
    const run = await shop.runs.wait((await shop.searchIndex.rebuild(['contact'])).id)
    expect(run).toMatchObject({ status: 'done', result: { records: 1, written: 1 } })
    expect(await idsOf(shop, 'king')).toEqual([id])
    expect((await shop.contacts.get(id)).version).toBe(version)
    const again = await shop.runs.wait((await shop.searchIndex.rebuild()).id)
    expect(again).toMatchObject({ status: 'done', result: { written: 0 } })
  })
})
