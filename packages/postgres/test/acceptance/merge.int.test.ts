import { type Crm, type CrmSession, createCrm } from '@rapport/core'
import { testClock } from '@rapport/core/testing'
import { postgresStorage } from '@rapport/postgres'
import pg from 'pg'
import { expect, inject, test } from 'vitest'
import { describeOnEveryStorage, staff } from './crm-on-every-storage.fixture.js'

describeOnEveryStorage('merge', (on) => {
  const open = (tenantId = on().newTenant(), crm: Crm = on().crm): CrmSession => crm.session({ tenantId, actor: staff })

  /** Ada, twice, each with all that can refer to a contact. */
  async function twoAdas(shop: CrmSession): Promise<readonly [string, string]> {
    const company = await shop.companies.create({ name: 'Works' })
    const ids: string[] = []
    for (const name of ['ada', 'king']) {
      const { id } = await shop.contacts.upsert({
        externalRef: { system: 'shop', externalId: name },
        firstName: name,
        emails: [{ address: `${name}@example.com`, optOut: name === 'king' }],
        phones: [{ number: '+44 20 7946 0018' }],
        tags: [name],
      })
      await shop.orders.record({
        externalRef: { system: 'shop', externalId: `order of ${name}` },
        contactId: id,
        placedAt: '2026-01-05T00:00:00.000Z',
        total: { amountMinor: 4999, currency: 'EUR' },
      })
      await shop.tickets.open({ contactId: id, subject: 'Parcel never came', description: 'It did not.' })
      await shop.associations.link({
        fromType: 'contact',
        fromId: id,
        toType: 'company',
        toId: company.id,
        typeKey: 'worksAt',
      })
      const consent = { contactId: id, purpose: 'newsletter', channel: 'email' as const, source: 'checkout' }
      if (name === 'ada') await shop.consents.grant({ ...consent, capturedAt: '2026-02-01T00:00:00.000Z' })
      else await shop.consents.revoke({ ...consent, capturedAt: '2026-01-01T00:00:00.000Z' })
      ids.push(id)
    }
    const [ada, king] = ids as [string, string]
    const links = [king, ada].map((id) => ({ type: 'contact', id }))
    await shop.activities.log({ type: 'call', subject: 'Both on the phone', links })
    await shop.associations.link({ fromType: 'contact', fromId: ada, toType: 'contact', toId: king, typeKey: 'knows' })
    return [ada, king]
  }

  const bare = (value: unknown): unknown =>
    JSON.parse(
      JSON.stringify(value, (key, inner) => (['version', 'updatedAt', 'updatedBy'].includes(key) ? undefined : inner)),
    )

  const seen = async (shop: CrmSession, ids: readonly string[]): Promise<unknown> => {
    const views = await Promise.all(ids.map((id) => shop.contacts.view360(id)))
    const associations = await shop.associations.find({ orderBy: ['id'] })
    const activities = await shop.activities.find({ orderBy: ['id'] })
    const found = await Promise.all(
      ['ada@example.com', 'king@example.com'].map((mail) => shop.contacts.findByEmail(mail)),
    )
    return bare({ views, associations, activities, found })
  }

  test('contacts are merged with a dry run, all relations, the strictest consent and aliases, and unmerged without a trace', async () => {
    const shop = open()
    const [survivorId, mergedId] = await twoAdas(shop)
    const before = await seen(shop, [survivorId, mergedId])
    const preview = await shop.contacts.merge({ survivorId, mergedIds: [mergedId], dryRun: true })
    expect(preview.relations).toEqual({
      activity: 1,
      association: 2,
      consent: 1,
      conversation: 1,
      message: 1,
      order: 1,
      ticket: 1,
      timelineEntry: 3,
    })
    expect(await seen(shop, [survivorId, mergedId])).toEqual(before)
    on().calls.writes = 0
    const { mergeId } = await shop.contacts.merge({ survivorId, mergedIds: [mergedId] })
    expect(on().calls.writes).toBe(1)
    const view = await shop.contacts.view360(survivorId)
    expect(view.contact).toMatchObject({ firstName: 'ada', orderCount: 2, tags: ['ada', 'king'] })
    expect(view.contact.emails.map(({ address, optOut }) => [address, optOut])).toEqual([
      ['ada@example.com', false],
      ['king@example.com', true],
    ])
    expect(view.orders.count).toBe(2)
    expect(view.tickets.items).toHaveLength(2)
    expect(view.companies).toHaveLength(1)
    expect(view.timeline.items).toHaveLength(5)
    const question = { contactId: survivorId, purpose: 'newsletter', channel: 'email' } as const
    expect(await shop.consents.isGranted(question)).toBe(false)
    expect(await shop.contacts.resolveId(mergedId)).toBe(survivorId)
    expect(await shop.contacts.findByExternalRef({ system: 'shop', externalId: 'king' })).toMatchObject({
      id: survivorId,
    })
    expect((await shop.contacts.verifyHistory(survivorId)).intact).toBe(true)
    expect(await shop.contacts.unmerge(mergeId)).toMatchObject({ conflicts: [], kept: 0, restoredIds: [mergedId] })
    expect(await seen(shop, [survivorId, mergedId])).toEqual(before)
    expect((await shop.contacts.verifyHistory(mergedId)).intact).toBe(true)
  })

  test('custom references and the roll-ups over them move with a merge and come back, save what was changed since', async () => {
    const shop = open()
    const { register } = shop.customFields
    await register({ object: 'order', key: 'payer', type: 'reference', target: 'contact', label: 'Payer' })
    await register({
      object: 'company',
      key: 'head',
      type: 'reference',
      target: 'contact',
      label: 'Head',
      unique: true,
    })
    const rollUp = { entity: 'order', by: 'custom.payer', fn: 'sum', field: 'total' } as const
    await register({ object: 'contact', key: 'paid', type: 'rollUp', label: 'Paid', rollUp })
    const [ada, king, buyer] = (await Promise.all(
      ['Ada', 'King', 'Buyer'].map(async (firstName) => (await shop.contacts.create({ firstName })).id),
    )) as [string, string, string]
    const total = { amountMinor: 100, currency: 'EUR' }
    const order = { contactId: buyer, placedAt: '2026-01-05T00:00:00.000Z', total, custom: { payer: king } }
    const [first, second] = [await shop.orders.record(order), await shop.orders.record(order)]
    const heads = await Promise.all(
      [ada, king].map((head) => shop.companies.create({ name: 'Works', custom: { head } })),
    )
    const standing = async () => ({
      paid: (await shop.contacts.getMany([ada, king, buyer])).map((contact) => contact?.custom.paid),
      payers: (await shop.orders.getMany([first.id, second.id])).map((each) => each?.custom.payer),
      heads: (await shop.companies.getMany(heads.map(({ id }) => id))).map((company) => company?.custom.head),
    })
    const before = await standing()
    const merge = () => shop.contacts.merge({ survivorId: ada, mergedIds: [king] })
    const { mergeId, relations } = await merge()
    expect(relations).toEqual({ company: 1, order: 2 })
    expect(await standing()).toEqual({
      paid: [{ EUR: 200 }, undefined, undefined],
      payers: [ada, ada],
      heads: [ada, undefined],
    })
    expect(await shop.contacts.unmerge(mergeId)).toMatchObject({ kept: 0, conflicts: [] })
    expect(await standing()).toEqual(before)
    const again = await merge()
    await shop.orders.update(second.id, { custom: { payer: buyer } })
    expect(await shop.contacts.unmerge(again.mergeId)).toMatchObject({ kept: 1, conflicts: [] })
    expect(await standing()).toEqual({
      paid: [undefined, { EUR: 100 }, { EUR: 100 }],
      payers: [king, buyer],
      heads: [ada, king],
    })
  })

  test('many relations are moved in batches by a run that another process takes up', async () => {
    const tenantId = on().newTenant()
    const shop = open(tenantId)
    const [survivorId, mergedId] = await twoAdas(shop)
    const order = { placedAt: '2026-01-06T00:00:00.000Z', total: { amountMinor: 100, currency: 'EUR' } }
    await shop.orders.recordMany(Array.from({ length: 250 }, () => ({ ...order, contactId: mergedId })))
    const idle = { enqueue: async () => {}, work: async () => {}, close: async () => {} }
    const crashed = await on().another({ jobs: idle })
    const { mergeId, run } = await open(tenantId, crashed).contacts.merge({ survivorId, mergedIds: [mergedId] })
    await crashed.close()
    expect(run?.status).toBe('queued')
    expect((await shop.contacts.get(mergedId)).orderCount).toBe(251)
    await on().crm.tick()
    expect((await shop.runs.wait(run?.id as string)).status).toBe('done')
    expect(await shop.contacts.get(survivorId)).toMatchObject({ orderCount: 252 })
    expect(await shop.orders.count({ where: { contactId: survivorId } })).toBe(252)
    const back = await shop.contacts.unmerge(mergeId)
    expect((await shop.runs.wait(back.run?.id as string)).status).toBe('done')
    expect(await shop.contacts.get(mergedId)).toMatchObject({ orderCount: 251, firstName: 'king' })
    expect(await shop.contacts.get(survivorId)).toMatchObject({ orderCount: 1 })
  })

  test('companies are merged with their subsidiaries, orders and refs, and unmerged', async () => {
    const shop = open()
    const one = await shop.companies.upsert({ externalRef: { system: 'erp', externalId: '1' }, name: 'Works' })
    const two = await shop.companies.upsert({
      externalRef: { system: 'erp', externalId: '2' },
      name: 'Works Ltd',
      taxId: 'T2',
    })
    const branch = await shop.companies.create({ name: 'Branch', parentCompanyId: two.id })
    const before = bare((await shop.companies.find({ orderBy: ['id'] })).items)
    const fields = { name: { take: two.id } }
    const { mergeId } = await shop.companies.merge({ survivorId: one.id, mergedIds: [two.id], fields })
    expect(await shop.companies.get(one.id)).toMatchObject({ name: 'Works Ltd', taxId: 'T2' })
    expect((await shop.companies.get(branch.id)).parentCompanyId).toBe(one.id)
    const ref = { externalRef: { system: 'erp', externalId: '2' }, name: 'Works Ltd' }
    expect((await shop.companies.upsert(ref)).id).toBe(one.id)
    await shop.companies.unmerge(mergeId)
    expect(bare((await shop.companies.find({ orderBy: ['id'] })).items)).toEqual(before)
  })

  test('a merge is not taken back once the person was erased, and nothing of it is left to take', async () => {
    for (const mode of ['anonymise', 'delete'] as const) {
      const shop = open()
      const [survivorId, mergedId] = await twoAdas(shop)
      const { mergeId } = await shop.contacts.merge({ survivorId, mergedIds: [mergedId] })
      const erasure = await shop.privacy.erase(survivorId, { mode, reason: 'asked for' })
      expect((await shop.runs.wait(erasure.id)).status).toBe('done')
      await expect(shop.contacts.unmerge(mergeId)).rejects.toMatchObject({
        code: 'rule_violated',
        details: { reason: 'erased' },
      })
      expect(await shop.contacts.findByEmail('king@example.com')).toBeUndefined()
    }
  })

  test('what changes while records are merged is not lost', async () => {
    const shop = open()
    const [survivorId, mergedId] = await twoAdas(shop)
    const edits = Array.from({ length: 5 }, (_, index) =>
      shop.contacts.update(survivorId, { jobTitle: `Title ${index}` }),
    )
    const orders = Array.from({ length: 5 }, () =>
      shop.orders.record({ contactId: mergedId, placedAt: '2026-01-07', total: { amountMinor: 1, currency: 'EUR' } }),
    )
    await Promise.all([...edits, ...orders, shop.contacts.merge({ survivorId, mergedIds: [mergedId] })])
    expect((await shop.contacts.get(survivorId)).jobTitle).toMatch(/^Title \d$/)
    expect((await shop.contacts.get(survivorId)).tags).toEqual(['ada', 'king'])
    const moved = await shop.orders.count({ where: { contactId: survivorId } })
    expect(moved).toBeGreaterThanOrEqual(2)
    expect((await shop.contacts.get(survivorId)).orderCount).toBe(moved)
    expect(await shop.orders.count()).toBe(7)
  })

  test('duplicates are found by a scan, dismissed for good, or merged when verified', async () => {
    const shop = open()
    const names = ['Grace Hopper', 'Alan Turing', 'Edsger Dijkstra', 'Barbara Liskov', 'Donald Knuth', 'Frances Allen']
    for (const [index, name] of names.entries()) {
      const [firstName, lastName] = name.split(' ') as [string, string]
      await shop.contacts.create({ firstName, lastName, phones: [{ number: `+44 20 7946 ${1000 + index * 37}` }] })
    }
    const twice = async (firstName: string, lastName: string, phone: object, birthDate: string) => {
      for (const host of ['com', 'org']) {
        const emails = [{ address: `${firstName}.${lastName}@example.${host}` }]
        await shop.contacts.create({ firstName, lastName, birthDate, emails, phones: [phone as { number: string }] })
      }
    }
    await twice('Ada', 'Lovelace', { number: '+44 20 7946 0018' }, '1815-12-10')
    await twice('Mary', 'Somerville', { number: '+44 20 7946 0999', verifiedAt: '2026-01-01' }, '1780-12-26')
    const scan = async () => {
      const { id } = await shop.duplicates.scan({ object: 'contact', mergeVerified: true })
      return (await shop.runs.wait(id)).result
    }
    expect(await scan()).toMatchObject({ records: 10, pairs: 2, merged: 1 })
    const { items } = await shop.duplicates.find({ status: 'open' })
    expect(items).toHaveLength(1)
    expect(items[0]?.reasons).toContainEqual(expect.objectContaining({ what: 'phone.same' }))
    await shop.duplicates.dismiss(items[0]?.id as string)
    expect(await scan()).toMatchObject({ records: 9, pairs: 0, merged: 0 })
    expect((await shop.duplicates.find({ status: 'open' })).items).toEqual([])
  })
})

test('what PostgreSQL commits under an old id after the merge, since it began before, is moved by a later tick', async () => {
  const connectionString = inject('postgresUrl')
  const schema = 'late_reference'
  const clock = testClock()
  const storage = postgresStorage({ connectionString, schema, migrate: 'auto' })
  await using crm = await createCrm({ storage, clock })
  const shop = crm.session({ tenantId: 'acme', actor: staff })
  const [survivor, merged] = [await shop.contacts.create({}), await shop.contacts.create({})]
  const company = await shop.companies.create({ name: 'Works' })
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    await client.query('begin')
    await client.query(`select from ${schema}.company where id = $1 for update`, [company.id])
    const ticket = shop.tickets.open({ contactId: merged.id, companyId: company.id, subject: 'Parcel never came' })
    const waits = `select from pg_stat_activity where wait_event_type = 'Lock' and query like '%${schema}%'`
    while ((await client.query(waits)).rowCount === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    const { mergeId } = await shop.contacts.merge({ survivorId: survivor.id, mergedIds: [merged.id] })
    await client.query('commit')
    const { id } = await ticket
    expect((await shop.tickets.get(id)).contactId).toBe(merged.id)
    clock.advance(60_000)
    await crm.tick()
    expect((await shop.tickets.get(id)).contactId).toBe(survivor.id)
    expect((await shop.timeline.of({ type: 'contact', id: survivor.id })).items).toHaveLength(1)
    await shop.contacts.unmerge(mergeId)
    expect((await shop.tickets.get(id)).contactId).toBe(merged.id)
  } finally {
    await client.end()
  }
})
