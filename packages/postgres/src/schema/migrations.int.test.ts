import type { NewRow, StorageAdapter, Write } from '@rapport/core/storage'
import pg from 'pg'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { hostPGlite } from '../../test/fresh-pglite.fixture.js'
import { customer } from '../customer.fixture.js'
import type { PostgresConnection, PostgresDriver, Statement } from '../driver.js'
import { pgDriver } from '../pg-driver.js'
import { pgliteDriver } from '../pglite-driver.js'
import { asEngine } from '../profile/plain-postgres.fixture.js'
import type { ProfileName } from '../profile/profile.js'
import { type DriverStorageOptions, storageOnDriver } from '../storage-on-driver.js'
import { describeSchema, laterCustomer, makeFirstRelease, promote } from './grown-schema.fixture.js'
import { createMigrateRunner, type MigrateRunner } from './migrate-process-runner.fixture.js'
import { entityTable } from './tables.js'

const connectionString = inject('postgresUrl')
const pool = new pg.Pool({ connectionString, max: 40 })
let runner: MigrateRunner

beforeAll(async () => {
  runner = await createMigrateRunner()
})

afterAll(async () => {
  runner?.dispose()
  await pool.end()
})

const row = (id: string, fields: object = {}): NewRow => ({
  id,
  stage: 'new',
  updatedAt: '2026-03-01T10:00:00.000Z',
  ...fields,
})
const insert = (id: string, fields: object = {}): Write => ({
  do: 'insert',
  entity: customer.name,
  row: row(id, fields),
})

/** A driver that hands every statement to `see` before it runs. */
function watched(driver: PostgresDriver, see: (statement: Statement) => void): PostgresDriver {
  const seen = (connection: PostgresConnection): PostgresConnection => ({
    async query(statement) {
      see(statement)
      return connection.query(statement)
    },
  })
  return {
    ...seen(driver),
    transaction: (work) => driver.transaction((connection) => work(seen(connection))),
    close: () => driver.close(),
  }
}

async function opened(
  options: DriverStorageOptions,
  see: (statement: Statement) => void = () => {},
): Promise<StorageAdapter> {
  const driver = watched(pgDriver(pool), see)
  const storage = storageOnDriver(asEngine(driver, options.profile ?? 'postgres'), options)
  await storage.open()
  return storage
}

const stepsRecorded = async (schema: string): Promise<string[]> =>
  (await pool.query(`select step from "${schema}".rapport_schema_step order by id`)).rows.map(
    ({ step }) => step as string,
  )

test('a plan says what each step does and whether readers and writers go on; what was carried out is recorded', async () => {
  const schema = 'steps_recorded'
  const storage = await opened({ schema, promote })
  await makeFirstRelease(pool, await opened({ schema }), schema)
  const { steps } = await storage.plan([laterCustomer])
  expect(
    steps.map(({ id, online, destructive }) => [id.replaceAll(/[0-9a-f]{8,}/g, '…'), online, destructive]),
  ).toEqual([
    ['begin:…', true, false],
    ['column:customer:channel,custom__seats__float', true, false],
    ['fill:customer:custom__seats__float', true, false],
    ['hold:customer:custom__seats__float', true, false],
    ['refill:customer:custom__seats__float', true, false],
    ['validate:customer:custom__seats__float', true, false],
    ['index:ix_customer_by_channel_…', true, false],
    ['index:ix_customer_by_name_…', true, false],
    ['index:ix_customer_promoted_custom__seats_…', true, false],
    ['finish:…', true, false],
  ])
  const before = (await stepsRecorded(schema)).length
  await storage.apply({ target: [laterCustomer], steps })
  expect((await stepsRecorded(schema)).slice(before)).toEqual(steps.map(({ id }) => id))
  const { rows } = await pool.query(`select library, pending from "${schema}".rapport_schema order by id`)
  expect(rows).toEqual(Array.from({ length: 2 }, () => ({ library: '0.1.0', pending: false })))
  expect((await storage.plan([laterCustomer])).steps).toEqual([])
})

test('indexes of a big table are built concurrently, while writers go on', async () => {
  const schema = 'big_table'
  await makeFirstRelease(pool, await opened({ schema }), schema)
  const statements: string[] = []
  const storage = await opened({ schema }, ({ text }) => statements.push(text))
  const plan = await storage.plan([laterCustomer])
  const writer = await opened({ schema })
  await writer.plan([customer])
  let migrating = true
  let written = 0
  const writing = (async () => {
    while (migrating)
      await writer.session({ tenantId: 'large' }).write([insert(`w${++written}`, { name: 'written meanwhile' })])
  })()
  await storage.apply(plan)
  migrating = false
  await writing
  expect(written).toBeGreaterThan(0)
  expect(statements.filter((text) => text.startsWith('create index concurrently'))).toHaveLength(2)
  const { rows } = await storage.session({ tenantId: 'large' }).find({
    entity: customer.name,
    where: { op: 'eq', path: 'name', value: 'written meanwhile' },
    order: ['id'],
    limit: 1_000,
  })
  expect(rows.length).toBe(Math.min(written, 1_000))
})

test('an index that a crash left invalid is dropped and built anew', async () => {
  const schema = 'invalid_index'
  await makeFirstRelease(pool, await opened({ schema }), schema)
  const unique = {
    ...customer,
    indexes: [...customer.indexes, { name: 'one_name', on: ['name'], unique: true }],
  } as const
  const index = entityTable(unique, schema).indexes.find(({ declared }) => declared === 'one_name')!
  await pool.query(`update "${schema}".customer set name = 'same' where id in ('c00001', 'c00002')`)
  await expect(pool.query(index.createSql(true))).rejects.toMatchObject({ code: '23505' })
  const isValid = async (): Promise<unknown> =>
    (
      await pool.query('select indisvalid from pg_index where indexrelid = $1::regclass', [
        `"${schema}"."${index.name}"`,
      ])
    ).rows[0]?.indisvalid
  expect(await isValid()).toBe(false)
  const storage = await opened({ schema })
  const step = (await storage.plan([unique])).steps.find(({ id }) => id === `index:${index.name}`)
  expect(step?.sql).toEqual([expect.stringMatching(/^drop index concurrently if exists/), index.createSql(true)])
  await expect(storage.apply(await storage.plan([unique]))).rejects.toMatchObject({ code: 'conflict' })
  await pool.query(`update "${schema}".customer set name = 'other' where id = 'c00002'`)
  await storage.apply(await storage.plan([unique]))
  expect(await isValid()).toBe(true)
  expect((await storage.plan([unique])).steps).toEqual([])
})

test.each([['40P01'], ['42P07'], ['55P03']])(
  'a build that %s ends, for a statement of a killed process or a writer, is looked up again and done',
  async (code) => {
    const schema = `lost_${code.toLowerCase()}`
    await makeFirstRelease(pool, await opened({ schema }), schema)
    let losses = 0
    const driver = pgDriver(pool)
    const losing: PostgresDriver = {
      ...driver,
      async query(statement) {
        if (!statement.text.startsWith('create index concurrently') || ++losses > 1) return driver.query(statement)
        // What a build that broke off leaves behind.
        await driver.query(statement)
        await pool.query('update pg_index set indisvalid = false where indexrelid = $1::regclass', [
          `${schema}.${/"(ix_[^"]+)"/.exec(statement.text)?.[1]}`,
        ])
        throw Object.assign(new Error('lost'), { code })
      },
    }
    const storage = storageOnDriver(losing, { schema })
    await storage.open()
    await storage.apply(await storage.plan([laterCustomer]))
    expect(losses).toBe(3)
    expect((await storage.plan([laterCustomer])).steps).toEqual([])
  },
)

test('a change feed of before its entries had a time gets it', async () => {
  const schema = 'feed_without_time'
  const storage = await opened({ schema })
  await storage.apply(await storage.plan([customer]))
  await storage.session({ tenantId: 'large' }).write([insert('before')])
  await pool.query(`alter table "${schema}".change drop column "at"`)
  const plan = await storage.plan([customer])
  expect(plan.steps.map(({ id }) => id.replace(/[0-9a-f]{8,}/, '…'))).toEqual(['schema:columns', 'begin:…', 'finish:…'])
  await storage.apply(plan)
  const { rows } = await pool.query(`select ids from "${schema}".change where "at" <= now()`)
  expect(rows).toEqual([{ ids: ['before'] }])
  expect((await storage.plan([customer])).steps).toEqual([])
})

test('a schema that a newer version changed is refused, and says which version', async () => {
  const schema = 'from_the_future'
  const storage = await opened({ schema })
  const plan = await storage.plan([customer])
  await storage.apply(plan)
  await pool.query(`insert into "${schema}".rapport_schema (fingerprint, library) values ('later', '0.10.2')`)
  const refused = {
    code: 'storage_failed',
    details: { reason: 'schema_newer', retriable: false, remedy: expect.stringContaining('0.10.2') },
  }
  await expect(storage.plan([customer])).rejects.toMatchObject(refused)
  await expect(storage.apply(plan)).rejects.toMatchObject(refused)
})

test('a schema left half migrated is refused until the plan is applied again, which goes on', async () => {
  const schema = 'half_migrated'
  await makeFirstRelease(pool, await opened({ schema }), schema)
  const broken = await opened({ schema }, ({ text }) => {
    if (text.startsWith('create index concurrently')) throw Object.assign(new Error('cut'), { code: '08006' })
  })
  await expect(broken.apply(await broken.plan([laterCustomer]))).rejects.toMatchObject({
    details: { reason: 'connection' },
  })
  const next = await opened({ schema })
  const plan = await next.plan([laterCustomer])
  expect(plan.steps.map(({ id }) => id.split(':')[0])).toEqual(['begin', 'index', 'index', 'finish'])
  const session = next.session({ tenantId: 'large' })
  const refused = {
    code: 'storage_failed',
    details: { reason: 'schema_half_migrated', retriable: false, remedy: expect.stringContaining('apply') },
  }
  await expect(session.getMany(customer.name, ['c00001'])).rejects.toMatchObject(refused)
  await expect(session.write([insert('new')])).rejects.toMatchObject(refused)
  await next.apply(plan)
  expect((await session.getMany(customer.name, ['c00001']))[0]?.id).toBe('c00001')
  expect((await next.plan([laterCustomer])).steps).toEqual([])
})

test.each<[ProfileName]>([['postgres'], ['cockroach']])(
  'pools that start together under the lock of %s carry out each step once',
  async (profile) => {
    const schema = `together_${profile}`
    await makeFirstRelease(pool, await opened({ schema, profile }), schema)
    await pool.query(`truncate "${schema}".rapport_schema_step`)
    const starters = await Promise.all(Array.from({ length: 4 }, () => opened({ schema, profile, promote })))
    await Promise.all(starters.map(async (each) => each.apply(await each.plan([laterCustomer]))))
    const steps = await stepsRecorded(schema)
    expect(steps.filter((step) => !step.startsWith('begin'))).toEqual(
      [...new Set(steps)].filter((step) => !step.startsWith('begin')),
    )
    for (const each of starters) expect((await each.plan([laterCustomer])).steps).toEqual([])
  },
)

test('pools of one connection each migrate in one transaction, one after the other', async () => {
  const schema = 'one_connection'
  await makeFirstRelease(pool, await opened({ schema }), schema)
  const single = [1, 2].map(() => new pg.Pool({ connectionString, max: 1 }))
  try {
    await Promise.all(
      single.map(async (each) => {
        const storage = storageOnDriver(pgDriver(each), { schema, promote })
        await storage.open()
        await storage.apply(await storage.plan([laterCustomer]))
        expect((await storage.plan([laterCustomer])).steps).toEqual([])
      }),
    )
  } finally {
    for (const each of single) await each.end()
  }
})

test('processes that start together carry out each step once', async () => {
  const schema = 'processes_together'
  await makeFirstRelease(pool, await opened({ schema }), schema)
  await pool.query(`truncate "${schema}".rapport_schema_step`)
  await Promise.all([1, 2, 3].map(() => runner.run(connectionString, schema)))
  const steps = await stepsRecorded(schema)
  expect(steps).toHaveLength(10)
  expect(new Set(steps).size).toBe(10)
})

test('a process killed in the middle of a migration leaves nothing that applying again does not make good', async () => {
  const schema = 'killed'
  const storage = await opened({ schema, promote })
  const first = await opened({ schema })
  await makeFirstRelease(pool, first, schema)
  const statements = await runner.run(connectionString, schema)
  const whole = await describeSchema(pool, schema)
  for (const [share, moment] of [
    [0.4, 'during'],
    [0.7, 'before'],
    [0.9, 'during'],
  ] as const) {
    await makeFirstRelease(pool, first, schema)
    const at = Math.floor(Number(statements) * share)
    expect(await runner.run(connectionString, schema, { at, moment })).toBe('killed')
    await storage.apply(await storage.plan([laterCustomer]))
    expect((await storage.plan([laterCustomer])).steps).toEqual([])
    expect(await describeSchema(pool, schema), `killed ${moment} statement ${at}`).toEqual(whole)
    const wrong = await pool.query(
      `select count(*)::int as rows from "${schema}".customer where custom__seats__float is distinct from (custom->>'seats')::float`,
    )
    expect(wrong.rows).toEqual([{ rows: 0 }])
  }
})

test('on PGlite a migration that fails has not happened', async () => {
  const pglite = await hostPGlite()
  let cut = true
  const driver = watched(pgliteDriver(pglite), ({ text }) => {
    if (cut && text.includes('validate constraint')) throw new Error('cut')
  })
  try {
    const first = storageOnDriver(driver, { profile: 'pglite' })
    await first.open()
    await first.apply(await first.plan([customer]))
    await first.session({ tenantId: 'acme' }).write([insert('a', { custom: { seats: 3 } })])
    const storage = storageOnDriver(driver, { profile: 'pglite', promote })
    await storage.open()
    const plan = await storage.plan([laterCustomer])
    await expect(storage.apply(plan)).rejects.toMatchObject({ code: 'storage_failed' })
    expect((await storage.plan([laterCustomer])).steps.map(({ id }) => id)).toEqual(plan.steps.map(({ id }) => id))
    cut = false
    await storage.apply(plan)
    expect((await storage.plan([laterCustomer])).steps).toEqual([])
  } finally {
    await pglite.close()
  }
})
