import { runStorageConformance } from '@rapport/conformance'
import pg from 'pg'
import { afterAll, describe, inject, test } from 'vitest'
import { observedDriver } from './observed-driver.fixture.js'
import { pgDriver } from './pg-driver.js'
import { postgresStorage } from './postgres-storage.js'
import { storageOnDriver } from './storage-on-driver.js'

const connectionString = inject('postgresUrl')

describe('A PostgreSQL server keeps the storage contract', async () => {
  const schema = 'conformance'
  const pool = new pg.Pool({ connectionString })
  afterAll(() => pool.end())
  const { counter, faults, ...driver } = observedDriver(pgDriver(pool))
  await runStorageConformance({
    test,
    create: () => storageOnDriver(driver, { schema, watch: 'server' }),
    reopen: () => postgresStorage({ connectionString, schema }),
    counter,
    faults,
    async hostTransaction() {
      const client = await pool.connect()
      const end = async (ending: 'commit' | 'rollback'): Promise<void> => {
        await client.query(ending)
        client.release()
      }
      await client.query('begin')
      return { transaction: client, commit: () => end('commit'), rollback: () => end('rollback') }
    },
  })
})
