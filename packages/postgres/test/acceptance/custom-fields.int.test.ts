import type { CrmError, CrmSession } from '@rapport/core'
import { describe, expect, test } from 'vitest'
import { type AcceptanceCrm, describeOnEveryStorage } from './crm-on-every-storage.fixture.js'

const member = { type: 'user', id: 'u_1', teamIds: ['sales'] } as const
const at = '2026-03-01T10:00:00.000Z'
const eur = (amountMinor: number) => ({ amountMinor, currency: 'EUR' })

async function failureOf(work: Promise<unknown>): Promise<CrmError> {
  try {
    await work
  } catch (error) {
    return error as CrmError
  }
  throw new Error('expected the work to fail')
}

describeOnEveryStorage('custom fields', (on: () => AcceptanceCrm) => {
  const open = (tenantId = on().newTenant()): CrmSession => on().crm.session({ tenantId, actor: member })
  const register = async (shop: CrmSession, input: Parameters<CrmSession['customFields']['register']>[0]) => {
    const field = await shop.customFields.register(input)
    if (field.recomputeRunId) expect((await shop.runs.wait(field.recomputeRunId)).status).toBe('done')
    return field
  }

  test('every type of custom field is kept, checked and found by equality', async () => {
    const shop = open()
    const company = await shop.companies.create({ name: 'Acme' })
    const options = ['s', 'm']
    for (const input of [
      { key: 'note', type: 'text', value: 'x', bad: 5, where: { 'custom.note': 'x' } },
      { key: 'size', type: 'number', value: 1.5, bad: '1', where: { 'custom.size': 1.5 } },
      {
        key: 'price',
        type: 'money',
        value: eur(5),
        bad: { amountMinor: 0.5, currency: 'EUR' },
        where: { 'custom.price.amountMinor': 5 },
      },
      { key: 'vip', type: 'boolean', value: true, bad: 1, where: { 'custom.vip': true } },
      { key: 'since', type: 'date', value: '2024-02-29', bad: '2023-02-29', where: { 'custom.since': '2024-02-29' } },
      { key: 'seen', type: 'dateTime', value: at, bad: 'today', where: { 'custom.seen': at } },
      { key: 'shirt', type: 'select', options, value: 's', bad: 'xl', where: { 'custom.shirt': 's' } },
      {
        key: 'shirts',
        type: 'multiSelect',
        options,
        value: ['s', 'm'],
        bad: ['s', 's'],
        where: { 'custom.shirts': { has: 'm' } },
      },
      {
        key: 'dealer',
        type: 'reference',
        target: 'company',
        value: company.id,
        bad: 'nobody',
        where: { 'custom.dealer': company.id },
      },
      {
        key: 'site',
        type: 'url',
        value: 'https://example.com',
        bad: 'https://user:secret@example.com',
        where: { 'custom.site': 'https://example.com' },
      },
    ] as const) {
      const { value, bad, where, key, ...definition } = input
      await register(shop, { object: 'contact', label: key, key, ...definition } as never)
      const { id, custom } = await shop.contacts.create({ firstName: key, custom: { [key]: value } })
      expect(custom, key).toEqual({ [key]: value })
      expect(
        (await shop.contacts.find({ where })).items.map((contact) => contact.id),
        key,
      ).toEqual([id])
      expect(
        await failureOf(shop.contacts.create({ firstName: 'B', custom: { [key]: bad as never } })),
        key,
      ).toMatchObject({
        code: 'validation_failed',
        details: { field: `custom.${key}` },
      })
    }
  })

  test('a range or an order over a custom field is unsupported with the remedy, also over a computed one', async () => {
    const shop = open()
    await register(shop, { object: 'contact', key: 'size', type: 'number', label: 'Size' })
    await register(shop, {
      object: 'contact',
      key: 'double',
      type: 'formula',
      label: 'Double',
      formula: { multiply: [{ field: 'custom.size' }, 2] },
    })
    await shop.contacts.create({ firstName: 'Ada', custom: { size: 2 } })
    expect((await shop.contacts.find({ where: { 'custom.double': 4 } })).items).toHaveLength(1)
    for (const query of [{ where: { 'custom.double': { gt: 1 } } }, { orderBy: ['-custom.double'] }])
      expect(await failureOf(shop.contacts.find(query))).toMatchObject({
        code: 'unsupported',
        details: { remedy: expect.stringContaining('promote') },
      })
  })

  test('twenty #2790, #7139, #25459: formula and roll-up fields follow records through their whole life', async () => {
    const shop = open()
    const ada = await shop.contacts.create({ firstName: 'Ada' })
    const bob = await shop.contacts.create({ firstName: 'Bob' })
    const order = (contactId: string, amountMinor: number, currency = 'EUR') =>
      shop.orders.record({ contactId, placedAt: at, total: { amountMinor, currency } })
    const first = await order(ada.id, 500)
    await register(shop, {
      object: 'contact',
      key: 'revenue',
      type: 'rollUp',
      label: 'Revenue',
      rollUp: {
        entity: 'order',
        by: 'contactId',
        fn: 'sum',
        field: 'total',
        where: { status: { ne: 'canceled' } },
      },
    })
    await register(shop, {
      object: 'contact',
      key: 'level',
      type: 'formula',
      label: 'Level',
      formula: { if: [{ gte: [{ amountIn: [{ field: 'custom.revenue' }, 'EUR'] }, 700] }, 'gold', 'plain'] },
    })
    const of = async (id: string) => (await shop.contacts.get(id)).custom
    expect(await of(ada.id)).toEqual({ revenue: { EUR: 500 }, level: 'plain' })
    const second = await order(ada.id, 250)
    await order(ada.id, 30, 'USD')
    expect(await of(ada.id)).toEqual({ revenue: { EUR: 750, USD: 30 }, level: 'gold' })
    expect((await shop.contacts.find({ where: { 'custom.level': 'gold' } })).items.map(({ id }) => id)).toEqual([
      ada.id,
    ])
    expect((await shop.contacts.find({ where: { 'custom.revenue.EUR': 750 } })).items).toHaveLength(1)
    const { version } = await shop.contacts.get(ada.id)
    await shop.orders.update(second.id, { contactId: bob.id })
    expect(await of(ada.id)).toEqual({ revenue: { EUR: 500, USD: 30 }, level: 'plain' })
    expect(await of(bob.id)).toEqual({ revenue: { EUR: 250 }, level: 'plain' })
    await shop.orders.update(first.id, { status: 'canceled' })
    expect(await of(ada.id)).toEqual({ revenue: { USD: 30 }, level: 'plain' })
    await shop.orders.update(first.id, { status: 'completed' })
    await shop.orders.delete(second.id)
    expect(await of(bob.id)).toEqual({ level: 'plain' })
    await shop.orders.restore(second.id)
    expect((await shop.contacts.get(ada.id)).version).toBe(version)
    await shop.contacts.merge({ survivorId: ada.id, mergedIds: [bob.id] })
    expect(await of(ada.id)).toEqual({ revenue: { EUR: 750, USD: 30 }, level: 'gold' })
  })

  test('roll-ups of one record stay true when many write at once', async () => {
    const shop = open()
    await register(shop, {
      object: 'contact',
      key: 'orders',
      type: 'rollUp',
      label: 'N',
      rollUp: { entity: 'order', by: 'contactId', fn: 'count' },
    })
    await register(shop, { object: 'contact', key: 'size', type: 'number', label: 'Size' })
    const ada = await shop.contacts.create({ firstName: 'Ada' })
    await Promise.all(
      Array.from({ length: 8 }, (_, index) => [
        shop.orders.record({ contactId: ada.id, placedAt: at, total: eur(1) }),
        ...(index % 4 === 0 ? [shop.contacts.update(ada.id, { custom: { size: index } }).catch(() => {})] : []),
      ]).flat(),
    )
    expect((await shop.contacts.get(ada.id)).custom.orders).toBe(8)
  })

  test('a record that a process left behind is settled by the next tick', async () => {
    const tenantId = on().newTenant()
    const shop = open(tenantId)
    await register(shop, {
      object: 'contact',
      key: 'orders',
      type: 'rollUp',
      label: 'N',
      rollUp: { entity: 'order', by: 'contactId', fn: 'count' },
    })
    const ada = await shop.contacts.create({ firstName: 'Ada' })
    const session = on().storage.session({ tenantId })
    await session.write([
      { do: 'patch', entity: 'contact', id: ada.id, set: { custom: { orders: 7 } }, touch: false },
      { do: 'insert', entity: 'pendingRollUp', row: { id: 'left', record: `contact/${ada.id}`, updatedAt: at } },
    ])
    await on().crm.tick()
    expect((await shop.contacts.get(ada.id)).custom.orders).toBe(0)
    expect(await session.getMany('pendingRollUp', ['left'])).toEqual([undefined])
  })

  test('two live records never have the same value of a unique field', async () => {
    const shop = open()
    await register(shop, { object: 'contact', key: 'card', type: 'text', label: 'Card', unique: true, personal: true })
    const ada = await shop.contacts.create({ firstName: 'Ada', custom: { card: '7' } })
    const taken = { code: 'conflict', details: { field: 'custom.card', reason: 'unique' } }
    expect(await failureOf(shop.contacts.create({ firstName: 'Bob', custom: { card: '7' } }))).toMatchObject(taken)
    await shop.contacts.delete(ada.id)
    const bob = await shop.contacts.create({ firstName: 'Bob', custom: { card: '7' } })
    expect(await failureOf(shop.contacts.restore(ada.id))).toMatchObject(taken)
    await shop.contacts.update(bob.id, { custom: { card: '8' } })
    expect((await shop.contacts.restore(ada.id)).custom.card).toBe('7')
  })

  describe('saved views', () => {
    test('are opened and listed by whom they are shared with', async () => {
      const tenantId = on().newTenant()
      const shop = open(tenantId)
      await register(shop, { object: 'contact', key: 'size', type: 'number', label: 'Size' })
      const ada = await shop.contacts.create({ firstName: 'Ada', custom: { size: 4 } })
      await shop.contacts.create({ firstName: 'Bob', custom: { size: 5 } })
      const view = await shop.views.create({
        name: 'Four',
        object: 'contact',
        where: { 'custom.size': 4 },
        orderBy: ['-createdAt'],
        columns: ['fullName', 'custom.size'],
      })
      const { query, columns } = await shop.views.open(view.id)
      expect((await shop.contacts.find({ ...query, limit: 10 })).items.map(({ id }) => id)).toEqual([ada.id])
      expect(columns).toEqual(['fullName', 'custom.size'])
      const as = (id: string, teamIds: string[]) => on().crm.session({ tenantId, actor: { type: 'user', id, teamIds } })
      const seen = async (session: CrmSession) =>
        (await session.views.find({ object: 'contact' })).items.map(({ name }) => name)
      const [mate, other] = [as('u_2', ['sales']), as('u_3', ['support'])]
      expect([await seen(mate), await seen(other)]).toEqual([[], []])
      expect((await failureOf(mate.views.open(view.id))).code).toBe('not_found')
      await shop.views.update(view.id, { sharing: 'team', teamIds: ['sales'] })
      expect([await seen(mate), await seen(other)]).toEqual([['Four'], []])
      await shop.views.update(view.id, { sharing: 'tenant' })
      expect([await seen(mate), await seen(other)]).toEqual([['Four'], ['Four']])
      expect((await failureOf(mate.views.update(view.id, { name: 'Mine' }))).code).toBe('access_denied')
    })

    test('that name a deleted custom field are refused, marked, and whole again when it is restored', async () => {
      const shop = open()
      const field = await register(shop, { object: 'contact', key: 'size', type: 'number', label: 'Size' })
      const { id } = await shop.contacts.create({ firstName: 'Ada', custom: { size: 4 } })
      const view = await shop.views.create({
        name: 'Four',
        object: 'contact',
        where: { 'custom.size': 4 },
        columns: ['custom.size'],
      })
      await shop.customFields.update(field.id, { label: 'Waist', labels: { zh: '腰围' } })
      expect((await shop.views.open(view.id)).view.name).toBe('Four')
      await shop.customFields.delete(field.id)
      expect(await failureOf(shop.views.open(view.id))).toMatchObject({
        code: 'rule_violated',
        details: { field: 'custom.size', reason: 'broken_view', remedy: expect.stringContaining('restore the field') },
      })
      expect((await shop.views.find()).items.map(({ faults }) => faults)).toEqual([
        [{ field: 'custom.size', reason: 'removed' }],
      ])
      expect((await shop.contacts.get(id)).custom).toEqual({})
      expect(
        await failureOf(shop.customFields.register({ object: 'contact', key: 'size', type: 'text', label: 'S' })),
      ).toMatchObject({
        code: 'conflict',
        details: { field: 'key', reason: 'deleted' },
      })
      await shop.customFields.restore(field.id)
      const { query } = await shop.views.open(view.id)
      expect((await shop.contacts.find(query)).items.map(({ custom }) => custom)).toEqual([{ size: 4 }])
    })
  })
})
