import { describe, expect, test } from 'vitest'
import { createTestCrm } from '../../testing.js'

const staff = { type: 'user', id: 'u_7' } as const

async function openShop() {
  const crm = await createTestCrm()
  return { crm, shop: crm.session({ tenantId: 'acme', actor: staff }) }
}

describe('track', () => {
  test('keeps an event under consent', async () => {
    const { crm, shop } = await openShop()
    const visitor = await shop.visitors.start()
    await shop.visitors.consents.grant({ visitorId: visitor.id, purpose: 'analytics', source: 'banner' })
    crm.clock.advance(1_000)
    const at = new Date(crm.clock.now()).toISOString()
    const report = await shop.visitors.track({
      visitorId: visitor.id,
      type: 'view',
      at,
      page: '/a',
      properties: { n: 1, tags: ['x'] },
    })
    expect(report).toMatchObject({ outcome: 'stored' })
    expect(await shop.visitors.events({ visitorId: visitor.id })).toMatchObject({
      items: [{ type: 'view', page: '/a' }],
    })
  })
})
