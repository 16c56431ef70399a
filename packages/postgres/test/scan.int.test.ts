import { postgresStorage } from '@rapport/postgres'
import { expect, inject, test } from 'vitest'
import { fillForScan, walkAll } from './scan.fixture.js'
import { opened } from './storages.fixture.js'

test('walking 50,000 rows page by page keeps the heap flat', async () => {
  const storage = await opened(postgresStorage({ connectionString: inject('postgresUrl'), schema: 'scan_tests' }))
  try {
    const session = storage.session({ tenantId: 'scan' })
    await fillForScan(session, 50_000)
    const { seen, growth } = await walkAll(session, 50_000)
    expect(seen).toBe(50_000)
    // All the rows at once would take more than 20 MB.
    expect(growth).toBeLessThan(4 * 2 ** 20)
  } finally {
    await storage.close()
  }
})
