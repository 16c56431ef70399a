import { adminRole, type CrmSession, type DomainEvent, type Job, type Role } from '@rapport/core'
import { beforeEach, expect, test } from 'vitest'
import { describeOnEveryStorage, staff } from './crm-on-every-storage.fixture.js'

describeOnEveryStorage('floor', (on) => {
  let shop: CrmSession
  beforeEach(() => {
    shop = on().crm.session({ tenantId: on().newTenant(), actor: staff })
  })

  test('the example of the design does what it says', async () => {
    const asOf = '2026-03-31'
    const ada = await shop.contacts.upsert({
      externalRef: { system: 'shop', externalId: 'c-1042' },
      firstName: 'Ada',
      lastName: 'King',
      emails: [{ address: 'ada@example.com' }],
    })
    await shop.orders.record({
      externalRef: { system: 'shop', externalId: 'o-77' },
      contactId: ada.id,
      placedAt: '2026-03-01T10:00:00.000Z',
      total: { amountMinor: 4999, currency: 'EUR' },
    })
    const ticket = await shop.tickets.open({ contactId: ada.id, subject: 'Parcel never came', priority: 'high' })
    await shop.tickets.reply(ticket.id, { body: 'We are on it.', visibility: 'public' })
    const run = await shop.scores.refresh(['rfm', 'clv'], { asOf })
    expect(await shop.runs.wait(run.id)).toMatchObject({ status: 'done', kind: 'scores.refresh' })

    const view = await shop.contacts.view360(ada.id)
    expect(view).toMatchObject({
      contact: { fullName: 'Ada King', orderCount: 1, lastOrderAt: '2026-03-01T10:00:00.000Z' },
      orders: { count: 1, totals: [{ amountMinor: 4999, currency: 'EUR' }] },
      tickets: { openCount: 1, items: [{ number: 1, priority: 'high', category: 'waitingOnCustomer' }] },
    })
    expect(view.scores.map(({ model }) => model)).toEqual(['clv', 'rfm'])
    expect(view.scores.every(({ reasons }) => reasons.length > 0)).toBe(true)
    expect(view.timeline.items.map(({ recordType }) => recordType).sort()).toEqual(['order', 'ticket'])
    const clv = view.contact.scores?.clv?.probabilityAlive as number
    const find = (lt: number) =>
      shop.contacts.find({
        where: { 'scores.clv.probabilityAlive': { lt } },
        orderBy: ['-lastOrderAt'],
        limit: 50,
      })
    expect((await find(clv)).items).toEqual([])
    expect((await find(clv + 0.01)).items.map(({ id }) => id)).toEqual([ada.id])
  })

  test('every change has its entry in a journal whose chain shows tampering', async () => {
    const { id } = await shop.contacts.create({ firstName: 'Ada', lastName: 'King' })
    await shop.contacts.update(id, { lastName: 'Lovelace', jobTitle: 'Countess' })
    await shop.contacts.delete(id)
    await shop.contacts.restore(id)
    const history = (await shop.contacts.history(id)).items
    expect(history.map(({ version, change }) => [version, change])).toEqual([
      [4, 'restored'],
      [3, 'deleted'],
      [2, 'updated'],
      [1, 'created'],
    ])
    expect(history[2]).toMatchObject({ actor: { type: 'user', id: 'u_7' }, at: '2026-03-01T10:00:00.000Z' })
    expect([...(history[2]?.changes ?? [])].sort((a, b) => (a.field < b.field ? -1 : 1))).toEqual([
      { field: 'jobTitle', after: 'Countess' },
      { field: 'lastName', before: 'King', after: 'Lovelace' },
    ])
    expect(await shop.contacts.verifyHistory(id)).toMatchObject({ intact: true, entries: 4 })

    const storage = on().storage.session({ tenantId: shop.tenantId })
    const entries = await storage.find({
      entity: 'journal',
      where: { op: 'and', args: [{ op: 'eq', path: 'recordId', value: id }] },
      order: ['recordVersion', 'id'],
      limit: 10,
    })
    const second = entries.rows[1] as (typeof entries.rows)[number]
    const changes = (second.changes as { after: unknown }[]).map((change) => ({ ...change, after: 'Forged' }))
    await storage.write([{ do: 'patch', entity: 'journal', id: second.id, set: { changes } }])
    expect(await shop.contacts.verifyHistory(id)).toMatchObject({ intact: false })
  })

  test('edits of different fields merge, edits of the same field conflict', async () => {
    const read = await shop.contacts.create({ firstName: 'Ada', lastName: 'King', tags: ['a'] })
    await shop.contacts.update(read.id, { lastName: 'Lovelace' })
    const merged = await shop.contacts.update(read.id, { jobTitle: 'Countess' }, { ifVersion: 1 })
    expect(merged).toMatchObject({ version: 3, lastName: 'Lovelace', jobTitle: 'Countess' })
    const conflict = { code: 'conflict', details: { field: 'lastName', actualVersion: 3, remedy: expect.any(String) } }
    await expect(shop.contacts.update(read.id, { lastName: 'Byron' }, { ifVersion: 1 })).rejects.toMatchObject(conflict)
    await expect(shop.contacts.update(read.id, { lastName: 'Byron' }, { base: { ...read } })).rejects.toMatchObject(
      conflict,
    )
    await expect(
      shop.contacts.update(read.id, { lastName: 'Lovelace', tags: ['b'] }, { base: { ...read } }),
    ).resolves.toMatchObject({ version: 4, tags: ['b'] })
    await expect(shop.contacts.delete(read.id, { ifVersion: 3 })).rejects.toMatchObject({ code: 'conflict' })
  })

  test('five edits of five fields at once all arrive', async () => {
    const { id } = await shop.contacts.create({ firstName: 'Ada' })
    const fields = ['salutation', 'lastName', 'jobTitle', 'locale', 'leadSource'] as const
    await Promise.all(fields.map((field) => shop.contacts.update(id, { [field]: field })))
    const contact = await shop.contacts.get(id)
    expect(contact).toMatchObject({ version: 6, ...Object.fromEntries(fields.map((field) => [field, field])) })
    expect(await shop.contacts.verifyHistory(id)).toMatchObject({ intact: true, entries: 6 })
  })

  test('derived fields leave version, updatedAt and journal alone, and the change feed hears of them', async () => {
    const ada = await shop.contacts.create({ firstName: 'Ada' })
    const storage = on().storage.session({ tenantId: shop.tenantId })
    const seen = (await storage.changes?.(undefined, 1_000)) ?? []
    on().clock.advance(60_000)
    const total = { amountMinor: 1, currency: 'EUR' }
    await shop.orders.record({ contactId: ada.id, placedAt: '2026-02-01', total })
    on().clock.advance(-60_000)
    expect(await shop.contacts.get(ada.id)).toMatchObject({ version: 1, updatedAt: ada.updatedAt, orderCount: 1 })
    expect((await shop.contacts.history(ada.id)).items).toHaveLength(1)
    await expect
      .poll(
        async () => {
          const news = (await storage.changes?.(seen.at(-1)?.position, 1_000)) ?? []
          return news.some(({ entity, id }) => entity === 'contact' && id === ada.id)
        },
        { timeout: 10_000 },
      )
      .toBe(true)
  })

  test('a deleted record is hidden, kept, and comes back', async () => {
    const { id } = await shop.companies.create({ name: 'Works' })
    await shop.companies.delete(id)
    expect([await shop.companies.count(), (await shop.companies.find()).items]).toEqual([0, []])
    expect(await shop.companies.getMany([id])).toEqual([undefined])
    await expect(shop.companies.get(id)).rejects.toMatchObject({ code: 'not_found' })
    await expect(shop.companies.update(id, { name: 'X' })).rejects.toMatchObject({ code: 'not_found' })
    await expect(shop.companies.delete(id)).rejects.toMatchObject({ code: 'not_found' })
    const [kept] = (await shop.companies.find({ includeDeleted: true })).items
    expect(kept).toMatchObject({ id, version: 2, deletedAt: '2026-03-01T10:00:00.000Z' })
    expect((await shop.companies.restore(id)).deletedAt).toBeUndefined()
    expect(await shop.companies.restore(id)).toMatchObject({ version: 3 })
    expect(await shop.companies.count()).toBe(1)
  })

  test('custom fields are registered, checked, kept and found by equality', async () => {
    const field = { object: 'contact', key: 'shoeSize', type: 'number', label: 'Shoe size' } as const
    await expect(shop.contacts.create({ custom: { shoeSize: 42 } })).rejects.toMatchObject({
      details: { field: 'custom.shoeSize' },
    })
    await shop.customFields.register(field)
    await shop.customFields.register({ ...field, key: 'plan', type: 'select', options: ['free', 'pro'] })
    await expect(shop.customFields.register(field)).rejects.toMatchObject({
      code: 'conflict',
      details: { field: 'key' },
    })
    const wrong: Record<string, string>[] = [{ shoeSize: 'big' }, { plan: 'gold' }, { planet: 'Mars' }]
    for (const custom of wrong) {
      await expect(shop.contacts.create({ custom })).rejects.toMatchObject({
        code: 'validation_failed',
        details: { field: `custom.${Object.keys(custom)[0]}` },
      })
    }
    const ada = await shop.contacts.create({ firstName: 'Ada', custom: { shoeSize: 37, plan: 'pro' } })
    const eve = await shop.contacts.create({ firstName: 'Eve', custom: { shoeSize: 42 } })
    const found = async (where: object): Promise<string[]> =>
      (await shop.contacts.find({ where: where as never })).items.map(({ id }) => id)
    expect(await found({ 'custom.shoeSize': 37 })).toEqual([ada.id])
    expect(await found({ 'custom.plan': 'pro' })).toEqual([ada.id])
    expect(await found({ 'custom.plan': { isNull: true } })).toEqual([eve.id])
    await expect(found({ 'custom.planet': 'Mars' })).rejects.toMatchObject({ code: 'validation_failed' })
    const changed = await shop.contacts.update(ada.id, { custom: { shoeSize: 38 } })
    expect(changed.custom).toEqual({ shoeSize: 38, plan: 'pro' })
    const stranger = on().crm.session({ tenantId: on().newTenant(), actor: staff })
    await expect(stranger.contacts.create({ custom: { shoeSize: 1 } })).rejects.toMatchObject({
      code: 'validation_failed',
    })
  })

  test('events are heard at once in this process, and delivered from the journal across a restart', async () => {
    const heard: DomainEvent[] = []
    const stop = on().crm.on('*', (event) => {
      if (event.tenantId === shop.tenantId) heard.push(event)
    })
    const name = `ledger of ${shop.tenantId}`
    const delivered: DomainEvent[] = []
    let failOnce = true
    const subscription = {
      name,
      from: 'beginning',
      types: ['contact.created', 'contact.updated'],
      handle: (event: DomainEvent) => {
        if (event.tenantId !== shop.tenantId) return
        if (event.type === 'contact.updated' && failOnce) {
          failOnce = false
          throw new Error('not now')
        }
        delivered.push(event)
      },
    } as const
    const ada = await shop.contacts.create({ firstName: 'Ada' })
    const unsubscribe = on().crm.subscribe(subscription)
    await shop.contacts.update(ada.id, { firstName: 'Augusta' })
    await expect
      .poll(
        async () => {
          await on().crm.tick()
          return delivered.map(({ type }) => type)
        },
        { timeout: 20_000 },
      )
      .toEqual(['contact.created', 'contact.updated'])
    unsubscribe()
    stop()
    await shop.contacts.update(ada.id, { firstName: 'Ada' })
    expect(heard.map(({ type }) => type)).toEqual(['contact.created', 'contact.updated'])
    expect(delivered).toEqual(heard)
    expect(heard[0]).toMatchObject({ entity: 'contact', recordId: ada.id, version: 1, actor: staff })

    const next = await on().another()
    next.subscribe(subscription)
    await expect
      .poll(
        async () => {
          await next.tick()
          return delivered.map(({ version }) => version)
        },
        { timeout: 20_000 },
      )
      .toEqual([1, 2, 3])
    await next.close()
  })

  test('a run is queued, worked, watched and cancelled by whatever runner does the work', async () => {
    const queue: Job[] = []
    let handle: (job: Job) => Promise<void> = async () => {}
    const crm = await on().another({
      jobs: {
        enqueue: async (job) => void queue.push(job),
        work: async (handler) => {
          handle = handler
        },
        close: async () => {},
      },
    })
    const session = crm.session({ tenantId: shop.tenantId, actor: staff })
    const [first, second] = [
      await session.scores.refresh(['rfm'], { asOf: '2026-02-28' }),
      await session.scores.refresh(['clv'], { asOf: '2026-02-28' }),
    ]
    expect(queue).toEqual([first, second].map(({ id }) => ({ tenantId: shop.tenantId, runId: id })))
    expect(await session.runs.cancel(second.id)).toMatchObject({ status: 'canceled' })
    for (const job of queue) await handle(job)
    const { items } = await session.runs.find({ where: { kind: 'scores.refresh' }, orderBy: ['id'] })
    expect(items.map(({ status }) => status)).toEqual(['done', 'canceled'])
    expect(items[0]).toMatchObject({ params: { models: ['rfm'] }, result: { customers: 0 }, ownerId: 'u_7' })
    await expect(session.runs.cancel(first.id)).rejects.toMatchObject({ code: 'rule_violated' })
    const stranger = on().crm.session({ tenantId: on().newTenant(), actor: staff })
    await expect(stranger.runs.get(first.id)).rejects.toMatchObject({ code: 'not_found' })
    await crm.close()
  })

  test('a tenant has settings, checked and journaled', async () => {
    expect(await shop.tenant.get()).toBeUndefined()
    expect(await shop.tenant.update({ name: 'Acme', currency: 'EUR', timeZone: 'Europe/Berlin' })).toMatchObject({
      version: 1,
    })
    expect(await shop.tenant.update({ name: null })).toMatchObject({ currency: 'EUR', version: 2 })
    expect((await shop.tenant.get())?.name).toBeUndefined()
    for (const [field, patch] of [
      ['currency', { currency: 'QQQ' }],
      ['timeZone', { timeZone: 'Mars/Base' }],
      ['planet', { planet: 'Mars' }],
    ] as const) {
      await expect(shop.tenant.update(patch as never)).rejects.toMatchObject({ details: { field } })
    }
    expect(await on().crm.session({ tenantId: on().newTenant(), actor: staff }).tenant.get()).toBeUndefined()
  })

  test('roles of the host decide: levels own and team, and masks in reading, listing, counting and history', async () => {
    const level = (reach: 'own' | 'team', more: object = {}): Role => ({
      key: reach,
      rights: {
        contact: { create: reach, read: reach, update: reach, hiddenFields: ['birthDate', 'scores'], ...more },
        order: { read: reach },
        timelineEntry: { read: reach },
      },
    })
    const asked: string[] = []
    const crm = await on().another({
      roles: (tenantId, actor) => {
        asked.push(`${tenantId}/${actor.id}`)
        if (actor.id === 'u_7') return [adminRole]
        return actor.id === 'own' ? [level('own', { readOnlyFields: ['lifecycleStage'] })] : [level('team')]
      },
    })
    const { tenantId } = shop
    const admin = crm.session({ tenantId, actor: staff })
    const own = crm.session({ tenantId, actor: { type: 'user', id: 'own' } })
    const team = crm.session({ tenantId, actor: { type: 'user', id: 'mate', teamIds: ['north'] } })
    const mine = await own.contacts.create({ firstName: 'Mine', birthDate: undefined })
    expect(mine.ownerId).toBe('own')
    const north = await admin.contacts.create({ firstName: 'North', teamIds: ['north'], birthDate: '1990-01-01' })
    const south = await admin.contacts.create({ firstName: 'South', teamIds: ['south'] })
    const total = { amountMinor: 5, currency: 'EUR' }
    await admin.orders.record({ contactId: mine.id, placedAt: '2026-02-01', total })
    await admin.orders.record({ contactId: south.id, placedAt: '2026-02-01', total })

    const names = async (session: CrmSession): Promise<(string | undefined)[]> =>
      (await session.contacts.find({ orderBy: ['fullName'] })).items.map(({ fullName }) => fullName)
    expect([await names(admin), await names(own), await names(team)]).toEqual([
      ['Mine', 'North', 'South'],
      ['Mine'],
      ['North'],
    ])
    expect([await admin.contacts.count(), await own.contacts.count(), await team.contacts.count()]).toEqual([3, 1, 1])
    await expect(own.contacts.get(north.id)).rejects.toMatchObject({ code: 'not_found' })
    await expect(team.contacts.update(south.id, { firstName: 'X' })).rejects.toMatchObject({ code: 'not_found' })
    await expect(team.contacts.delete(north.id)).rejects.toMatchObject({ code: 'access_denied' })
    expect((await own.orders.find({ where: { contactId: mine.id } })).items).toHaveLength(1)
    await expect(own.orders.find({ where: { contactId: south.id } })).rejects.toMatchObject({ code: 'access_denied' })
    await expect(own.orders.find()).rejects.toMatchObject({ code: 'access_denied', details: { field: 'contactId' } })
    await expect(own.companies.find()).rejects.toMatchObject({ code: 'access_denied' })

    expect(await team.contacts.get(north.id)).not.toHaveProperty('birthDate')
    expect((await team.contacts.find()).items[0]).not.toHaveProperty('birthDate')
    const fields = (await team.contacts.history(north.id)).items.flatMap(({ changes }) =>
      changes.map(({ field }) => field),
    )
    expect(fields).toContain('firstName')
    expect(fields).not.toContain('birthDate')
    const probes = await Promise.allSettled([
      team.contacts.find({ where: { birthDate: '1990-01-01' } }),
      team.contacts.find({ orderBy: ['birthDate'] }),
      team.contacts.find({ where: { or: [{ 'scores.clv.amountMinor': { gt: 5 } }] } }),
      team.contacts.count({ where: { not: { birthDate: { lt: '1990-01-01' } } } }),
      team.contacts.update(north.id, { birthDate: '1991-01-01' }),
      own.contacts.update(mine.id, { lifecycleStage: 'customer' }),
    ])
    for (const probe of probes) {
      const reason = { code: 'access_denied', details: { field: expect.any(String) } }
      expect(probe).toMatchObject({ status: 'rejected', reason })
    }
    expect(new Set(asked).size).toBe(3)
    expect(asked.length).toBe(3)
    await crm.close()
  })
})
