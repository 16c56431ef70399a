import pg from 'pg'
import { afterAll, expect, inject, test } from 'vitest'
import { customer } from '../customer.fixture.js'
import { pgDriver } from '../pg-driver.js'
import { storageOnDriver } from '../storage-on-driver.js'
import { makeFirstRelease } from './grown-schema.fixture.js'
import { pauseMs } from './pause.js'
import { waitForRunningDefinitions } from './running-definitions.js'
import { entityTable } from './tables.js'

const byName = { ...customer, indexes: [...customer.indexes, { name: 'by_name', on: ['name'] }] }

const connectionString = inject('postgresUrl')
const pool = new pg.Pool({ connectionString })
const driver = pgDriver(pool)
afterAll(() => pool.end())

/** A build that a writer holds up, and whose process is gone: the server goes on with it as soon as the writer has committed. */
async function abandonBuild(schema: string): Promise<{ readonly index: string; readonly letGo: () => Promise<void> }> {
  const { name, createSql } = entityTable(byName, schema).indexes.find(({ declared }) => declared === 'by_name')!
  const writer = await pool.connect()
  await writer.query('begin')
  await writer.query(`update "${schema}".customer set stage = 'held' where id = 'c00001'`)
  const process = new pg.Client({ connectionString })
  process.on('error', () => {})
  await process.connect()
  const { rows } = await process.query('select pg_backend_pid() as pid')
  process.query(createSql(true)).catch(() => {})
  const isWaiting = async (): Promise<boolean> =>
    (
      await pool.query(
        "select 1 from pg_stat_progress_create_index where pid = $1 and phase like 'waiting for writers%'",
        [rows[0].pid],
      )
    ).rows.length > 0
  while (!(await isWaiting())) await pauseMs(10)
  // Without a word of farewell, as when it is killed.
  void process.end().catch(() => {})
  return {
    index: `"${schema}"."${name}"`,
    async letGo() {
      await writer.query('commit')
      writer.release()
    },
  }
}

const oidOf = async (index: string): Promise<unknown> =>
  (await pool.query('select $1::regclass::oid as oid', [index])).rows[0].oid

test('an index that the server still builds for a killed process is waited for and kept', async () => {
  const schema = 'abandoned_build'
  const first = storageOnDriver(driver, { schema })
  await first.open()
  await makeFirstRelease(pool, first, schema)
  const { index, letGo } = await abandonBuild(schema)
  const oid = await oidOf(index)
  const looked = Promise.withResolvers<void>()
  const definitions: string[] = []
  let looks = 0
  const storage = storageOnDriver(
    {
      ...driver,
      query(statement) {
        if (statement.text.includes('pg_stat_activity') && ++looks === 2) looked.resolve()
        if (/^(?:create|drop) /.test(statement.text)) definitions.push(statement.text)
        return driver.query(statement)
      },
    },
    { schema },
  )
  await storage.open()
  const applied = storage.plan([byName]).then((plan) => storage.apply(plan))
  await Promise.race([looked.promise, applied])
  await letGo()
  await applied
  expect(definitions).toEqual([])
  expect(await oidOf(index)).toBe(oid)
  expect((await storage.plan([byName])).steps).toEqual([])
})

test('waiting for a statement of a killed process can be aborted, and statements of other schemas are not waited for', async () => {
  const schema = 'abandoned_and_aborted'
  const first = storageOnDriver(driver, { schema })
  await first.open()
  await makeFirstRelease(pool, first, schema)
  const { letGo } = await abandonBuild(schema)
  const abort = new AbortController()
  const waiting = waitForRunningDefinitions(driver, schema, abort.signal)
  expect(await waitForRunningDefinitions(driver, 'abandoned')).toBe(false)
  abort.abort()
  await expect(waiting).rejects.toMatchObject({ code: 'aborted' })
  await letGo()
  await waitForRunningDefinitions(driver, schema)
  expect(await waitForRunningDefinitions(driver, schema)).toBe(false)
})
