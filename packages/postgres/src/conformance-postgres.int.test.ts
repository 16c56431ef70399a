import { runStorageConformance } from '@rapport/conformance'
import { describe, inject, test } from 'vitest'
import { postgresStorage } from './postgres-storage.js'

const connectionString = inject('postgresUrl')

describe('A PostgreSQL server keeps the storage contract', async () => {
  const create = () => postgresStorage({ connectionString, schema: 'conformance' })
  await runStorageConformance({ test, create, reopen: create })
})

describe('A PostgreSQL server keeps the storage contract without prepared statements', async () => {
  await runStorageConformance({
    test,
    level: 'basic',
    create: () => postgresStorage({ connectionString, schema: 'conformance "unprepared"', preparedStatements: false }),
  })
})
