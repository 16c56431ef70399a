import pg from 'pg'
import { expect, inject, test } from 'vitest'
import { pgDriver } from '../pg-driver.js'
import { storageOnDriver } from '../storage-on-driver.js'
import { describeSchema, laterCustomer, makeFirstRelease, promote } from './grown-schema.fixture.js'
import { createMigrateRunner } from './migrate-process-runner.fixture.js'

test('a process killed before or during any statement of a migration leaves nothing that applying again does not make good', async () => {
  const connectionString = inject('postgresUrl')
  const schema = 'killed_everywhere'
  const pool = new pg.Pool({ connectionString })
  const runner = await createMigrateRunner()
  try {
    const first = storageOnDriver(pgDriver(pool), { schema })
    const storage = storageOnDriver(pgDriver(pool), { schema, promote })
    await first.open()
    await storage.open()
    await makeFirstRelease(pool, first, schema)
    const statements = await runner.run(connectionString, schema)
    const whole = await describeSchema(pool, schema)
    let killed = 0
    for (let at = 1; at <= Number(statements); at++) {
      for (const moment of ['before', 'during'] as const) {
        await makeFirstRelease(pool, first, schema)
        if ((await runner.run(connectionString, schema, { at, moment })) === 'killed') killed++
        await storage.apply(await storage.plan([laterCustomer]))
        expect(await describeSchema(pool, schema), `${moment} statement ${at}`).toEqual(whole)
      }
    }
    expect(killed).toBeGreaterThanOrEqual(Number(statements))
  } finally {
    runner.dispose()
    await pool.end()
  }
})
