import { expect, test } from 'vitest'
import { createTestCrm } from '../testing.js'

const dayMs = 86_400_000

test('a hold on somebody keeps their orders after they were merged into another one, twice', async () => {
  await using crm = await createTestCrm()
  const shop = crm.session({ tenantId: 'acme', actor: { type: 'user', id: 'u_1' } })
  const [held, between, survivor] = [
    (await shop.contacts.create({})).id,
    (await shop.contacts.create({})).id,
    (await shop.contacts.create({})).id,
  ]
  const total = { amountMinor: 100, currency: 'EUR' }
  const order = await shop.orders.record({ contactId: held, placedAt: '2026-01-01', total })
  const hold = await shop.privacy.holds.place({ objectType: 'contact', recordId: held, reason: 'case 1' })
  await shop.contacts.merge({ survivorId: between, mergedIds: [held] })
  await shop.contacts.merge({ survivorId: survivor, mergedIds: [between] })
  await shop.privacy.retention.create({ object: 'order', since: 'createdAt', afterDays: 1, action: 'delete' })
  crm.clock.advance(2 * dayMs)
  expect(await shop.privacy.retention.plan()).toMatchObject([{ due: 0, held: 1 }])
  const apply = async () => (await shop.runs.wait((await shop.privacy.retention.apply()).id)).result
  expect(await apply()).toEqual({ applied: 0, held: 1 })
  expect(await shop.orders.get(order.id)).toMatchObject({ contactId: survivor })
  await shop.privacy.holds.lift(hold.id)
  expect(await apply()).toEqual({ applied: 1, held: 0 })
})
