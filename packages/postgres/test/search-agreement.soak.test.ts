import { createCrm } from '@rapport/core'
import { postgresStorage } from '@rapport/postgres'
import { expect, inject, test } from 'vitest'
import { foundBy, seedTenant } from './acceptance/search-agreement.fixture.js'
import { freshPGlite } from './fresh-pglite.fixture.js'

test('thousands of customers are found alike in memory, on PGlite and on PostgreSQL', async () => {
  const seeded = await seedTenant(3_000, 30)
  const expected = await foundBy(seeded.shop, seeded.queries)
  const schema = 'search_agreement'
  const storages = [
    await freshPGlite({ schema, migrate: 'auto' }),
    postgresStorage({ connectionString: inject('postgresUrl'), schema, migrate: 'auto' }),
  ]
  for (const storage of storages) {
    await using crm = await createCrm({ storage })
    const shop = crm.session({ tenantId: seeded.shop.tenantId, actor: seeded.shop.actor })
    await shop.restore(seeded.backup)
    expect(await foundBy(shop, seeded.queries), storage.name).toEqual(expected)
  }
  await seeded.crm.close()
})
