import { runStorageConformance } from '@rapport/conformance'
import { postgresStorage } from '@rapport/postgres'
import { afterAll, describe, inject, test } from 'vitest'
import { startPostgresServer } from '../../../scripts/postgres-server.js'

describe('A PostgreSQL 15 server keeps the storage contract, with prepared statements', async () => {
  const server = await startPostgresServer({ release: 15, settings: { fsync: 'off' } })
  afterAll(() => server.stop())
  const create = () => postgresStorage({ connectionString: server.connectionString })
  await runStorageConformance({ test, level: 'full', create, reopen: create })
})

describe('A PostgreSQL 18 server keeps the storage contract, without prepared statements', async () => {
  const connectionString = inject('postgresUrl')
  const create = () =>
    postgresStorage({ connectionString, schema: 'conformance "unprepared"', preparedStatements: false })
  await runStorageConformance({ test, level: 'full', create, reopen: create })
})
