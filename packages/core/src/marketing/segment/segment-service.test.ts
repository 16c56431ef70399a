import { expect, test } from 'vitest'
import { createTestCrm } from '../../testing.js'

const staff = { type: 'user', id: 'u_7' } as const

test('a dynamic segment counts events over all devices of a contact', async () => {
  const crm = await createTestCrm()
  const shop = crm.session({ tenantId: 'acme', actor: staff })
  const ada = await shop.contacts.create({ firstName: 'Ada' })
  const bob = await shop.contacts.create({ firstName: 'Bob' })
  for (const _ of [1, 2]) {
    const { id: visitorId } = await shop.visitors.start()
    await shop.visitors.consents.grant({ visitorId, purpose: 'analytics', source: 'banner' })
    await shop.visitors.track({ visitorId, type: 'view', at: new Date(crm.clock.now()).toISOString() })
    await shop.visitors.identify({ visitorId, contactId: ada.id, verified: true })
  }
  const twice = await shop.segments.create({
    name: 'Looked twice',
    kind: 'dynamic',
    definition: { performed: { type: 'view', atLeast: 2 } },
  })
  expect((await shop.segments.members(twice.id)).items.map(({ id }) => id)).toEqual([ada.id])
  expect(await shop.segments.contains(twice.id, bob.id)).toBe(false)
})
