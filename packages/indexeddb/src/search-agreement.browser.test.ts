import { type CrmSession, createCrm } from '@rapport/core'
import { expect, onTestFinished, test } from 'vitest'
import { foundBy, seedTenant } from '../../postgres/test/acceptance/search-agreement.fixture.js'
import { indexedDbStorage } from './index.js'
import { freshName } from './opened-storage.fixture.js'

test('search results agree with those in memory, id by id and score by score', async () => {
  const seeded = await seedTenant(100, 2)
  onTestFinished(() => seeded.crm.close())
  const crm = await createCrm({ storage: indexedDbStorage({ name: freshName() }) })
  onTestFinished(() => crm.close())
  const shop: CrmSession = crm.session({ tenantId: seeded.shop.tenantId, actor: seeded.shop.actor })
  await shop.restore(seeded.backup)
  const found = await foundBy(shop, seeded.queries)
  expect(found).toEqual(await foundBy(seeded.shop, seeded.queries))
  expect([...found.values()].filter((hits) => hits.length === 0)).toEqual([])
})
