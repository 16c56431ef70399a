import pg from 'pg'
import { expect, inject, test } from 'vitest'
import { customer } from '../customer.fixture.js'
import { pgDriver } from '../pg-driver.js'
import { storageOnDriver } from '../storage-on-driver.js'
import { asEngine, makeCitusFunctions } from './plain-postgres.fixture.js'

test('every table is handed to Citus once: by tenant beside the change feed, or whole to all nodes', async () => {
  const functions = 'citus_calls'
  const pool = new pg.Pool({ connectionString: inject('postgresUrl'), options: `-c search_path=${functions}` })
  try {
    await makeCitusFunctions(pool, functions)
    const storage = storageOnDriver(asEngine(pgDriver(pool), 'citus'), { schema: 'on_citus', profile: 'citus' })
    await storage.open()
    await storage.apply(await storage.plan([customer]))
    const company = { name: 'company', fields: { name: { type: 'text' } }, indexes: [] } as const
    await storage.apply(await storage.plan([customer, company]))
    const { rows } = await pool.query('select function, relation, distribution, beside from call order by id')
    const beside = '"on_citus"."change"'
    expect(rows.map((row) => Object.values(row as object))).toEqual([
      ['create_reference_table', 'on_citus.rapport_schema', null, null],
      ['create_reference_table', 'on_citus.rapport_schema_step', null, null],
      ['create_distributed_table', 'on_citus.change', 'tenant_id', 'none'],
      ['create_distributed_table', 'on_citus.customer', 'tenant_id', beside],
      ['create_distributed_table', 'on_citus.company', 'tenant_id', beside],
    ])
  } finally {
    await pool.end()
  }
})
