import { postgresStorage } from '@rapport/postgres'
import { expect, inject, test } from 'vitest'
import { fillForScan, walkAll } from './scan.fixture.js'
import { opened } from './storages.fixture.js'

test('walking 1,000,000 rows page by page keeps the heap flat', async () => {
  const storage = await opened(postgresStorage({ connectionString: inject('postgresUrl'), schema: 'scan_soak' }))
  try {
    const session = storage.session({ tenantId: 'scan' })
    await fillForScan(session, 1_000_000)
    const { seen, growth } = await walkAll(session, 1_000_000)
    console.info(`heap growth while walking 1,000,000 rows: ${(growth / 2 ** 20).toFixed(1)} MB`)
    expect(seen).toBe(1_000_000)
    expect(growth).toBeLessThan(4 * 2 ** 20)
  } finally {
    await storage.close()
  }
})
