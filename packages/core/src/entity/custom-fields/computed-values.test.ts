import { describe, expect, test } from 'vitest'
import type { CrmError } from '../../kernel/crm-error.js'
import { createTestCrm } from '../../testing.js'
import { failureOf } from '../session-context.fixture.js'

async function opened() {
  const crm = await createTestCrm()
  const shop = crm.session({ tenantId: 'acme', actor: { type: 'user', id: 'u_1' } })
  return { crm, shop }
}

const at = '2026-03-01T10:00:00.000Z'

describe('formulas', () => {
  test('are computed with the record, follow each other, and leave no trace in the journal', async () => {
    const { shop } = await opened()
    const base = { object: 'contact', personal: false } as const
    await shop.customFields.register({ ...base, key: 'price', type: 'money', label: 'Price' })
    await shop.customFields.register({ ...base, key: 'visits', type: 'number', label: 'Visits' })
    await shop.customFields.register({
      ...base,
      key: 'gross',
      type: 'formula',
      label: 'Gross',
      formula: { multiply: [{ field: 'custom.price' }, 1.19] },
    })
    await shop.customFields.register({
      ...base,
      key: 'kind',
      type: 'formula',
      label: 'Kind',
      formula: {
        if: [{ gt: [{ field: 'custom.gross' }, { money: { amountMinor: 1000, currency: 'EUR' } }] }, 'big', 'small'],
      },
    })
    const ada = await shop.contacts.create({
      firstName: 'Ada',
      custom: { price: { amountMinor: 999, currency: 'EUR' }, visits: 1 },
    })
    expect(ada.custom).toEqual({
      price: { amountMinor: 999, currency: 'EUR' },
      visits: 1,
      gross: { amountMinor: 1189, currency: 'EUR' },
      kind: 'big',
    })
    const changed = await shop.contacts.update(ada.id, { custom: { price: { amountMinor: 100, currency: 'EUR' } } })
    expect(changed.custom).toMatchObject({ gross: { amountMinor: 119, currency: 'EUR' }, kind: 'small' })
    expect((await shop.contacts.get(ada.id)).custom).toEqual(changed.custom)
    const history = await shop.contacts.history(ada.id)
    expect(history.items.map(({ changes }) => changes.map(({ field }) => field))).toEqual(
      [['custom.price'], ['firstName', 'custom.price', 'custom.visits'].sort()].map((fields) =>
        expect.arrayContaining(fields),
      ),
    )
    expect(JSON.stringify(history)).not.toContain('custom.gross')
    expect((await shop.contacts.find({ where: { 'custom.kind': 'small' } })).items.map(({ id }) => id)).toEqual([
      ada.id,
    ])
    const error: CrmError = await failureOf(shop.contacts.update(ada.id, { custom: { kind: 'big' } }))
    expect(error).toMatchObject({ code: 'validation_failed', details: { field: 'custom.kind' } })
    const cleared = await shop.contacts.update(ada.id, { custom: null })
    expect(cleared.custom).toEqual({ kind: 'small' })
  })
})

test('a formula whose operand is cleared is empty again, though nothing else is left', async () => {
  const { shop } = await opened()
  await shop.customFields.register({ object: 'contact', key: 'size', type: 'number', label: 'Size' })
  const formula = { multiply: [{ field: 'custom.size' }, 2] }
  await shop.customFields.register({ object: 'contact', key: 'double', type: 'formula', label: 'Double', formula })
  const ada = await shop.contacts.create({ firstName: 'Ada', custom: { size: 2 } })
  expect((await shop.contacts.update(ada.id, { custom: { size: null } })).custom).toEqual({})
  expect((await shop.contacts.get(ada.id)).custom).toEqual({})
})

describe('roll-ups', () => {
  test('follow orders', async () => {
    const { shop, crm } = await opened()
    const ada = await shop.contacts.create({ firstName: 'Ada' })
    const bob = await shop.contacts.create({ firstName: 'Bob' })
    const order = await shop.orders.record({
      contactId: ada.id,
      placedAt: at,
      total: { amountMinor: 500, currency: 'EUR' },
    })
    const field = await shop.customFields.register({
      object: 'contact',
      key: 'revenue',
      type: 'rollUp',
      label: 'Revenue',
      rollUp: { entity: 'order', by: 'contactId', fn: 'sum', field: 'total' },
    })
    const orders = await shop.customFields.register({
      object: 'contact',
      key: 'orders',
      type: 'rollUp',
      label: 'Orders',
      rollUp: { entity: 'order', by: 'contactId', fn: 'count' },
    })
    expect((await shop.runs.wait(field.recomputeRunId as string)).status).toBe('done')
    expect((await shop.runs.wait(orders.recomputeRunId as string)).status).toBe('done')
    await shop.customFields.register({
      object: 'contact',
      key: 'mean',
      type: 'formula',
      label: 'Mean',
      formula: { divide: [{ moneyIn: [{ field: 'custom.revenue' }, 'EUR'] }, { field: 'custom.orders' }] },
    })
    expect((await shop.contacts.get(ada.id)).custom).toMatchObject({ revenue: { EUR: 500 }, orders: 1 })
    expect((await shop.contacts.get(bob.id)).custom).toMatchObject({ orders: 0 })
    const second = await shop.orders.record({
      contactId: ada.id,
      placedAt: at,
      total: { amountMinor: 250, currency: 'EUR' },
    })
    expect((await shop.contacts.get(ada.id)).custom).toEqual({
      revenue: { EUR: 750 },
      orders: 2,
      mean: { amountMinor: 375, currency: 'EUR' },
    })
    await shop.orders.update(second.id, { contactId: bob.id })
    expect((await shop.contacts.get(ada.id)).custom).toMatchObject({ revenue: { EUR: 500 }, orders: 1 })
    expect((await shop.contacts.get(bob.id)).custom).toMatchObject({ revenue: { EUR: 250 }, orders: 1 })
    await shop.orders.delete(order.id)
    expect((await shop.contacts.get(ada.id)).custom).toEqual({ orders: 0 })
    await shop.orders.restore(order.id)
    expect((await shop.contacts.get(ada.id)).custom).toMatchObject({ revenue: { EUR: 500 }, orders: 1 })
    expect((await shop.contacts.find({ where: { 'custom.revenue.EUR': 500 } })).items.map(({ id }) => id)).toEqual([
      ada.id,
    ])
    await crm.close()
  })
})
