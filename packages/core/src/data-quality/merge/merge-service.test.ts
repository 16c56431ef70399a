import { expect, test } from 'vitest'
import { createTestCrm } from '../../testing.js'
import { readable } from './merge-scene.fixture.js'

const user = { type: 'user', id: 'u_1' } as const

test('smoke', async () => {
  const crm = await createTestCrm()
  const shop = crm.session({ tenantId: 'acme', actor: user })
  const ada = await shop.contacts.upsert({
    externalRef: { system: 'shop', externalId: '1' },
    firstName: 'Ada',
    emails: [{ address: 'ada@example.com' }],
    tags: ['a'],
  })
  const ada2 = await shop.contacts.upsert({
    externalRef: { system: 'shop', externalId: '2' },
    firstName: 'A.',
    lastName: 'King',
    emails: [{ address: 'king@example.com', optOut: true }],
    tags: ['b'],
    lifecycleStage: 'customer',
  })
  await shop.orders.record({ contactId: ada2.id, placedAt: '2026-01-01', total: { amountMinor: 100, currency: 'EUR' } })
  const ticket = await shop.tickets.open({ contactId: ada2.id, subject: 'Help', description: 'me' })
  await shop.activities.log({
    type: 'note',
    subject: 'n',
    links: [
      { type: 'contact', id: ada2.id },
      { type: 'contact', id: ada.id },
    ],
  })
  await shop.associations.link({
    fromType: 'contact',
    fromId: ada2.id,
    toType: 'contact',
    toId: ada.id,
    typeKey: 'knows',
  })
  await shop.consents.revoke({
    contactId: ada2.id,
    purpose: 'newsletter',
    channel: 'email',
    source: 'x',
    capturedAt: '2026-01-01',
  })
  await shop.consents.grant({
    contactId: ada.id,
    purpose: 'newsletter',
    channel: 'email',
    source: 'x',
    capturedAt: '2026-02-01',
  })
  const before = await readable(shop, [ada.id, ada2.id])
  const preview = await shop.contacts.merge({ survivorId: ada.id, mergedIds: [ada2.id], dryRun: true })
  console.log(preview.relations, preview.conflicts)
  const merged = await shop.contacts.merge({ survivorId: ada.id, mergedIds: [ada2.id] })
  const now = await shop.contacts.get(ada.id)
  console.log(JSON.stringify(now))
  console.log(JSON.stringify(await shop.contacts.view360(ada.id), null, 0))
  expect(await shop.consents.isGranted({ contactId: ada.id, purpose: 'newsletter', channel: 'email' })).toBe(false)
  expect(await shop.contacts.resolveId(ada2.id)).toBe(ada.id)
  expect((await shop.tickets.get(ticket.id)).contactId).toBe(ada.id)
  console.log(await shop.contacts.unmerge(merged.mergeId))
  expect(await readable(shop, [ada.id, ada2.id])).toEqual(before)
})
