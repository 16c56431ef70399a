import { runStorageConformance } from '@rapport/conformance'
import { postgresStorage } from '@rapport/postgres'
import { afterAll, describe, test } from 'vitest'
import { startPostgresServer } from '../../../scripts/postgres-server.js'

describe('A PostgreSQL 15 server keeps the storage contract', async () => {
  const server = await startPostgresServer({ release: 15, settings: { fsync: 'off' } })
  afterAll(() => server.stop())
  const create = () => postgresStorage({ connectionString: server.connectionString })
  await runStorageConformance({ test, level: 'full', create, reopen: create })
})
