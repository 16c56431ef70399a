import type { NewRow, StorageAdapter, Write } from '@rapport/core/storage'
import pg from 'pg'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { hostPGlite } from '../../test/fresh-pglite.fixture.js'
import { customer } from '../customer.fixture.js'
import { pgDriver } from '../pg-driver.js'
import { pgliteDriver } from '../pglite-driver.js'
import { asEngine, makeCitusFunctions } from '../profile/plain-postgres.fixture.js'
import { storageOnDriver } from '../storage-on-driver.js'

const schema = 'walled'
const table = `${schema}.customer`
const entity = customer.name
const owner = new pg.Pool({ connectionString: inject('postgresUrl') })
const roleUrl = new URL(inject('postgresUrl'))
roleUrl.username = 'rapport_app'
roleUrl.password = 'app'
/** The role of an application: it owns nothing and passes no policy. */
const app = new pg.Pool({ connectionString: roleUrl.href, max: 3 })

const row = (id: string, fields: object = {}): NewRow => ({
  id,
  stage: 'new',
  updatedAt: '2026-03-01T10:00:00.000Z',
  ...fields,
})
const insert = (id: string, fields: object = {}): Write => ({ do: 'insert', entity, row: row(id, fields) })

let storage: StorageAdapter

beforeAll(async () => {
  await owner.query("create role rapport_app login password 'app' nosuperuser nobypassrls")
  const migrating = storageOnDriver(pgDriver(owner), { schema, rowLevelSecurity: true })
  await migrating.open()
  await migrating.apply(await migrating.plan([customer]))
  await owner.query(
    `grant usage on schema ${schema} to rapport_app; grant select, insert, update, delete on all tables in schema ${schema} to rapport_app`,
  )
  storage = storageOnDriver(pgDriver(app), { schema, rowLevelSecurity: true })
  await storage.open()
  expect((await storage.plan([customer])).steps).toEqual([])
  await storage.session({ tenantId: 'acme' }).write([insert('a', { custom: { seats: 1 } })])
  await storage.session({ tenantId: 'globex' }).write([insert('a'), insert('b')])
})

afterAll(async () => {
  await app.end()
  await owner.query(
    `drop schema if exists ${schema} cascade; drop schema if exists walled_later cascade; drop role if exists rapport_app`,
  )
  await owner.end()
})

/** Runs statements by hand in one transaction of the application's role. */
async function byHand(tenant: string | undefined, text: string): Promise<pg.QueryResult> {
  const client = await app.connect()
  try {
    await client.query('begin')
    if (tenant !== undefined) await client.query("select set_config('rapport.tenant', $1, true)", [tenant])
    return await client.query(text)
  } finally {
    await client.query('rollback')
    client.release()
  }
}

test('SQL written by hand as a role that owns nothing reads the rows of its tenant and no other', async () => {
  expect((await byHand('acme', `select tenant_id, id from ${table}`)).rows).toEqual([{ tenant_id: 'acme', id: 'a' }])
  expect((await byHand('acme', `select * from ${table} where tenant_id = 'globex'`)).rows).toEqual([])
  expect((await byHand('acme', `select distinct tenant_id from ${schema}.change`)).rows).toEqual([
    { tenant_id: 'acme' },
  ])
  expect((await byHand('acme', `update ${table} set name = 'stolen' where tenant_id = 'globex'`)).rowCount).toBe(0)
  expect((await byHand('acme', `delete from ${table} where id = 'b'`)).rowCount).toBe(0)
})

test('an insert or a move into another tenant is refused', async () => {
  const values = "'x', 1, 'new', now()"
  const columns = '(tenant_id, id, version, stage, updated_at)'
  const refused = { code: '42501' }
  await expect(byHand('acme', `insert into ${table} ${columns} values ('globex', ${values})`)).rejects.toMatchObject(
    refused,
  )
  await expect(byHand('acme', `update ${table} set tenant_id = 'globex', id = 'y'`)).rejects.toMatchObject(refused)
  expect((await byHand('acme', `insert into ${table} ${columns} values ('acme', ${values})`)).rowCount).toBe(1)
})

test('a transaction that names no tenant sees nothing and writes nothing, on a connection that served one before too', async () => {
  await storage.session({ tenantId: 'acme' }).getMany(entity, ['a'])
  expect((await byHand(undefined, `select * from ${table}`)).rows).toEqual([])
  expect((await byHand('', `select * from ${table}`)).rows).toEqual([])
  await expect(
    byHand(
      undefined,
      `insert into ${table} (tenant_id, id, version, stage, updated_at) values ('acme', 'x', 1, 'new', now())`,
    ),
  ).rejects.toMatchObject({ code: '42501' })
  const asOwner = await owner.query(`select relforcerowsecurity as forced from pg_class where oid = $1::regclass`, [
    table,
  ])
  expect(asOwner.rows).toEqual([{ forced: true }])
})

test('sessions work as ever: batches, pages, loads, transactions, the feed and reads across tenants', async () => {
  const session = storage.session({ tenantId: 'initech' })
  await session.write([insert('a'), insert('b', { orders: 2 })])
  await expect(session.write([insert('c'), insert('a')])).rejects.toMatchObject({
    code: 'conflict',
    details: { writeIndex: 1 },
  })
  expect(await session.load!(entity, [Array.from({ length: 300 }, (_, n) => row(`l${n}`))])).toEqual({
    loaded: 300,
    skipped: 0,
  })
  await session.transaction!(async (inside) => {
    await inside.write([{ do: 'patch', entity, id: 'b', add: { orders: 1 } }])
    await expect(inside.write([insert('a')])).rejects.toMatchObject({ code: 'conflict' })
    expect((await inside.getMany(entity, ['b']))[0]?.orders).toBe(3)
  })
  expect((await session.find({ entity, order: ['id'], limit: 10 })).rows).toHaveLength(10)
  expect((await session.aggregate!({ entity, compute: { rows: { fn: 'count' } } }))[0]?.values).toEqual({ rows: 302 })
  // The feed waits for transactions that began before, of other tests too.
  await expect.poll(async () => (await session.changes!(undefined, 1_000)).length).toBeGreaterThan(0)
  const found = await storage.system!().find({
    entity,
    where: { op: 'eq', path: 'id', value: 'a' },
    order: ['id'],
    limit: 10,
  })
  expect(found.map(({ tenantId }) => tenantId)).toEqual(['acme', 'globex', 'initech'])
  const tenants: string[] = []
  for await (const tenant of storage.tenants()) tenants.push(tenant)
  expect(tenants).toEqual(['acme', 'globex', 'initech'])
})

test("a host's transaction serves several tenants, each its own rows", async () => {
  const client = await app.connect()
  try {
    await client.query('begin')
    const acme = storage.session({ tenantId: 'acme', transaction: client })
    const globex = storage.session({ tenantId: 'globex', transaction: client })
    await acme.write([insert('h')])
    await expect(acme.write([insert('h')])).rejects.toMatchObject({ code: 'conflict' })
    expect(await globex.getMany(entity, ['h'])).toEqual([undefined])
    expect((await acme.getMany(entity, ['h']))[0]?.id).toBe('h')
    await client.query('rollback')
  } finally {
    client.release()
  }
})

test('it is put on tables with rows, promotes fields behind it, is noticed where it was not told, and is given up', async () => {
  const later = 'walled_later'
  const settings = { schema: later }
  const open = async (options: object): Promise<StorageAdapter> => {
    const opened = storageOnDriver(pgDriver(owner), { ...settings, ...options })
    await opened.open()
    return opened
  }
  const plain = await open({})
  await plain.apply(await plain.plan([customer]))
  await plain.session({ tenantId: 'acme' }).write([insert('a', { custom: { seats: 7 } })])
  await owner.query(`alter schema ${later} owner to rapport_app; do $$ declare t text; begin
    for t in select tablename from pg_tables where schemaname = '${later}' loop execute format('alter table ${later}.%I owner to rapport_app', t); end loop; end $$`)
  const promote = [{ entity, field: 'custom.seats', type: 'float' }] as const
  // The owner of the tables, who is no superuser: the policies hold for the backfill too.
  const walled = storageOnDriver(pgDriver(app), { schema: later, rowLevelSecurity: true })
  await walled.open()
  await walled.apply(await walled.plan([customer]))
  const promoting = storageOnDriver(pgDriver(app), { schema: later, rowLevelSecurity: true, promote })
  await promoting.open()
  await promoting.apply(await promoting.plan([customer]))
  const page = await promoting
    .session({ tenantId: 'acme' })
    .find({ entity, where: { op: 'gt', path: 'custom.seats', value: 6 }, order: ['id'], limit: 5 })
  expect(page.rows.map(({ id }) => id)).toEqual(['a'])
  await expect((await open({})).plan([customer])).rejects.toMatchObject({
    code: 'unsupported',
    details: { reason: 'row_level_security', remedy: expect.stringContaining('rowLevelSecurity: true') },
  })
  const giving = await open({ rowLevelSecurity: false })
  const plan = await giving.plan([customer])
  expect(plan.steps.map(({ id }) => id.split(':')[0])).toEqual(['begin', 'unsecure', 'unsecure', 'finish'])
  await giving.apply(plan)
  expect((await app.query(`select id from ${later}.customer`)).rows).toEqual([{ id: 'a' }])
})

test('on Citus the tenant is named by a statement that reaches the nodes, whatever it is called', async () => {
  const functions = 'walled_citus_functions'
  await makeCitusFunctions(owner, functions)
  const pool = new pg.Pool({ connectionString: inject('postgresUrl'), options: `-c search_path=${functions}` })
  try {
    const citus = storageOnDriver(asEngine(pgDriver(pool), 'citus'), {
      schema: 'walled_citus',
      profile: 'citus',
      rowLevelSecurity: true,
    })
    await citus.open()
    await citus.apply(await citus.plan([customer]))
    for (const tenantId of ['acme', "o'hara \\ sons", "\\'; drop table x; --"]) {
      await citus.session({ tenantId }).write([insert('a')])
      expect((await citus.session({ tenantId }).getMany(entity, ['a']))[0]?.id).toBe('a')
    }
  } finally {
    await pool.end()
  }
})

test('on PGlite it works too', async () => {
  const pglite = await hostPGlite()
  try {
    const walled = storageOnDriver(pgliteDriver(pglite), { profile: 'pglite', rowLevelSecurity: true })
    await walled.open()
    await walled.apply(await walled.plan([customer]))
    await walled.session({ tenantId: 'acme' }).write([insert('a')])
    await pglite.exec(
      'create role app; grant usage on schema rapport to app; grant select on all tables in schema rapport to app; set role app',
    )
    expect((await pglite.query('select id from rapport.customer')).rows).toEqual([])
    await pglite.transaction(async (transaction) => {
      await transaction.query("select set_config('rapport.tenant', 'acme', true)")
      expect((await transaction.query('select id from rapport.customer')).rows).toEqual([{ id: 'a' }])
    })
  } finally {
    await pglite.close()
  }
})
