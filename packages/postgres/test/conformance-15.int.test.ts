import { runStorageConformance } from '@rapport/conformance'
import { postgresStorage } from '@rapport/postgres'
import { afterAll, describe, test } from 'vitest'
import { startPostgresServer } from '../../../scripts/postgres-server.js'

// The newest server runs the contract with prepared statements, the oldest one without; the long runs cross them.
describe('A PostgreSQL 15 server keeps the storage contract, without prepared statements', async () => {
  const server = await startPostgresServer({ release: 15, settings: { fsync: 'off' } })
  afterAll(() => server.stop())
  const create = () => postgresStorage({ connectionString: server.connectionString, preparedStatements: false })
  await runStorageConformance({ test, level: 'full', create, reopen: create })
})
