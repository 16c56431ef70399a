import { expect, test } from 'vitest'
import { createTestCrm } from '../../testing.js'

test('on the day of its first orders a shop gets no predictions: nobody is called gone for want of time', async () => {
  await using crm = await createTestCrm()
  const shop = crm.session({ tenantId: 'acme', actor: { type: 'user', id: 'u_7' } })
  const ada = await shop.contacts.create({ firstName: 'Ada' })
  await shop.orders.record({ contactId: ada.id, placedAt: '2026-03-01', total: { amountMinor: 4999, currency: 'EUR' } })

  const all = await shop.scores.refresh(['rfm', 'clv', 'value'], { asOf: '2026-03-01' })
  expect(await shop.runs.wait(all.id)).toMatchObject({
    status: 'done',
    result: { mbgNbd: { status: 'failed', limit: 'no_observation_time' } },
  })
  expect((await shop.contacts.get(ada.id)).scores).toEqual({ rfm: expect.objectContaining({ recency: 5 }) })
  expect((await shop.scores.of({ type: 'contact', id: ada.id })).map(({ model }) => model)).toEqual(['rfm'])

  const valueAlone = await shop.scores.refresh(['clv'], { asOf: '2026-03-01' })
  expect((await shop.runs.wait(valueAlone.id)).status).toBe('done')

  const later = await shop.scores.refresh(['clv'], { asOf: '2026-03-31' })
  await shop.runs.wait(later.id)
  expect((await shop.contacts.get(ada.id)).scores?.clv?.probabilityAlive).toBeGreaterThan(0)
})
