import { inspect } from 'node:util'
import type { NewRow, StorageAdapter, Write } from '@rapport/core/storage'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { customer } from './customer.fixture.js'
import type { PostgresDriver } from './driver.js'
import { pgDriver } from './pg-driver.js'
import { type PostgresStorageOptions, postgresStorage } from './postgres-storage.js'
import { storageOnDriver } from './storage-on-driver.js'

const connectionString = inject('postgresUrl')
const entity = customer.name
const updatedAt = '2026-03-01T10:00:00.000Z'
const row = (id: string, fields: object = {}): NewRow => ({ id, stage: 'new', updatedAt, ...fields })
const insert = (id: string, fields: object = {}): Write => ({ do: 'insert', entity, row: row(id, fields) })

const pool = new pg.Pool({ connectionString })
const opened: StorageAdapter[] = []

async function openStorage(options: Partial<PostgresStorageOptions> = {}): Promise<StorageAdapter> {
  const storage = postgresStorage({ connectionString, schema: 'storage_tests', ...options })
  opened.push(storage)
  await storage.open()
  return storage
}

let storage: StorageAdapter

beforeAll(async () => {
  storage = await openStorage()
  await storage.apply(await storage.plan([customer]))
})

afterAll(async () => {
  for (const each of opened) await each.close()
  await pool.end()
})

describe('schema', () => {
  test('processes that start together do not collide', async () => {
    const starters = await Promise.all(Array.from({ length: 4 }, () => openStorage({ schema: 'started_together' })))
    const plans = await Promise.all(starters.map((each) => each.plan([customer])))
    await Promise.all(starters.map((each, index) => each.apply(plans[index]!)))
    for (const each of starters) expect((await each.plan([customer])).steps).toEqual([])
    const session = starters[0]!.session({ tenantId: 'acme' })
    await session.write([insert('a')])
  })

  test('a new field and index are added in readable steps, and rows from before are kept', async () => {
    const grown = await openStorage({ schema: 'grown' })
    await grown.apply(await grown.plan([customer]))
    await grown.session({ tenantId: 'acme' }).write([insert('old')])
    const later = {
      ...customer,
      fields: { ...customer.fields, channel: { type: 'text', required: true } },
      indexes: [...customer.indexes, { name: 'by_channel', on: ['channel'] }],
    } as const
    const plan = await grown.plan([later])
    const sql = plan.steps.flatMap((step) => step.sql ?? []).join('\n')
    expect(sql).toContain('alter table "grown"."customer" add column if not exists "channel" text collate "C"')
    expect(sql).toContain('create index if not exists')
    expect(plan.steps.some((step) => step.destructive)).toBe(false)
    await grown.apply(plan)
    await grown.apply(plan)
    expect((await grown.plan([later])).steps).toEqual([])
    const session = grown.session({ tenantId: 'acme' })
    await session.write([insert('new', { channel: 'shop' })])
    const page = await session.find({ entity, order: ['channel', 'id'], limit: 10 })
    expect(page.rows.map(({ id }) => id)).toEqual(['new', 'old'])
  })

  test('an index whose definition changed is replaced', async () => {
    const changed = await openStorage({ schema: 'changed' })
    await changed.apply(await changed.plan([customer]))
    const redefined = {
      ...customer,
      indexes: customer.indexes.map((index) =>
        index.name === 'unique_key' ? { name: 'unique_key', on: ['uniqueKey'] } : index,
      ),
    }
    await changed.apply(await changed.plan([redefined]))
    await changed
      .session({ tenantId: 'acme' })
      .write([insert('a', { uniqueKey: 'k' }), insert('b', { uniqueKey: 'k' })])
    expect((await changed.plan([redefined])).steps).toEqual([])
  })

  test('a field that changes its type is refused with the remedy', async () => {
    const changed = { ...customer, fields: { ...customer.fields, orders: { type: 'text' } } } as const
    await expect(storage.plan([changed])).rejects.toMatchObject({
      code: 'unsupported',
      details: { entity, field: 'orders' },
    })
  })

  test('without tables the error says what to do', async () => {
    const empty = await openStorage({ schema: 'nobody_applied' })
    await empty.plan([customer])
    await expect(empty.session({ tenantId: 'acme' }).getMany(entity, ['a'])).rejects.toMatchObject({
      code: 'storage_failed',
      details: { reason: 'schema', retriable: false, remedy: expect.stringContaining('apply the plan') },
    })
  })
})

describe('a batch', () => {
  async function counted(): Promise<{ storage: StorageAdapter; statements: string[] }> {
    const driver = pgDriver(pool)
    const statements: string[] = []
    const counting: PostgresDriver = {
      ...driver,
      query(statement) {
        statements.push(statement.text)
        return driver.query(statement)
      },
    }
    const counter = storageOnDriver(counting, { schema: 'storage_tests' })
    await counter.open()
    await counter.plan([customer])
    statements.length = 0
    return { storage: counter, statements }
  }

  test('of 1,000 writes of all kinds is one statement', async () => {
    const { storage: counter, statements } = await counted()
    const session = counter.session({ tenantId: 'thousand' })
    await session.write(Array.from({ length: 810 }, (_, n) => insert(`c${n}`, { orders: n })))
    statements.length = 0
    // Two hundred inserts and more would be copied, in a transaction with the rest.
    const mixed = Array.from({ length: 1_000 }, (_, n): Write => {
      if (n >= 810) return insert(`c${n}`)
      if (n % 3 === 0) return { do: 'patch', entity, id: `c${n}`, add: { orders: 1 }, ifVersion: 1 }
      return n % 3 === 1 ? { do: 'delete', entity, id: `c${n}` } : { do: 'check', entity, id: `c${n}`, is: 1 }
    })
    const results = await session.write(mixed)
    expect(statements).toHaveLength(1)
    expect(results.map(({ id }) => id)).toEqual(mixed.map((_, n) => `c${n}`))
    expect(results[597]).toEqual({ id: 'c597', version: 2, values: { orders: 598 } })
    const count = await session.aggregate!({ entity, compute: { rows: { fn: 'count' } } })
    expect(count[0]?.values.rows).toBe(730)
  })

  test('of more shapes than fit a statement is still all or nothing', async () => {
    const session = storage.session({ tenantId: 'shapes' })
    const fields = ['name', 'orders', 'active', 'lastOrderAt', 'uniqueKey']
    const values: Record<string, unknown> = {
      name: 'x',
      orders: 1,
      active: true,
      lastOrderAt: updatedAt,
      uniqueKey: null,
    }
    const ids = Array.from({ length: 31 }, (_, n) => `s${n}`)
    await session.write(ids.map((id) => insert(id)))
    const patches = ids.map((id, n): Write => {
      const set = Object.fromEntries(
        fields.filter((_, bit) => (n + 1) & (1 << bit)).map((field) => [field, values[field]]),
      )
      return { do: 'patch', entity, id, set }
    })
    await expect(session.write([...patches, { do: 'patch', entity, id: 'nobody' }])).rejects.toMatchObject({
      code: 'not_found',
      details: { id: 'nobody', writeIndex: 31 },
    })
    expect((await session.getMany(entity, ids)).every((found) => found?.version === 1)).toBe(true)
    const results = await session.write(patches)
    expect(results.every(({ version }) => version === 2)).toBe(true)
  })

  test('names the first write in its own order that cannot be done', async () => {
    const session = storage.session({ tenantId: 'offender' })
    await session.write([insert('a', { uniqueKey: 'taken' }), insert('b')])
    const failing = (batch: Write[]): Promise<unknown> => session.write(batch).catch((error: unknown) => error)
    expect(await failing([insert('z'), insert('y', { uniqueKey: 'taken' })])).toMatchObject({
      code: 'conflict',
      details: { reason: 'unique', index: 'unique_key', writeIndex: 1, id: 'y' },
    })
    expect(await failing([insert('z', { uniqueKey: 'k' }), insert('y', { uniqueKey: 'k' })])).toMatchObject({
      details: { reason: 'unique', writeIndex: 1, id: 'y' },
    })
    expect(await failing([insert('z'), insert('b'), { do: 'delete', entity, id: 'a', ifVersion: 4 }])).toMatchObject({
      details: { reason: 'exists', writeIndex: 1, id: 'b' },
    })
    expect(await failing([insert('z'), { do: 'patch', entity, id: 'a', set: {}, ifVersion: 4 }])).toMatchObject({
      details: { reason: 'version', writeIndex: 1, actualVersion: 1 },
    })
    const sum: Write = { do: 'patch', entity, id: 'a', add: { orders: Number.MAX_SAFE_INTEGER } }
    await session.write([sum])
    expect(await failing([sum])).toMatchObject({
      code: 'validation_failed',
      details: { field: 'orders', writeIndex: 0 },
    })
  })

  test('hands a unique value from one row to another', async () => {
    const session = storage.session({ tenantId: 'handover' })
    await session.write([insert('a', { uniqueKey: 'k1' }), insert('b', { uniqueKey: 'k2' })])
    await session.write([
      { do: 'delete', entity, id: 'a' },
      { do: 'patch', entity, id: 'b', set: { uniqueKey: 'k1' } },
      insert('c', { uniqueKey: 'k2' }),
    ])
    expect((await session.getMany(entity, ['b', 'c'])).map((found) => found?.uniqueKey)).toEqual(['k1', 'k2'])
  })
})

test('text that looks like SQL is text: in values, ids, tenants, lists, JSON keys and filters', async () => {
  const nasty = `'; drop table "customer"; -- \\ " $1 {} %_`
  const session = storage.session({ tenantId: nasty })
  const custom = { [nasty]: [nasty, { [nasty]: 1 }] }
  await session.write([insert(nasty, { name: nasty, tags: [nasty, ''], custom })])
  await session.write([insert('other', { name: nasty, tags: [nasty], custom }), insert('third', { name: 'x' })])
  expect(await session.getMany(entity, [nasty])).toEqual([
    { ...row(nasty, { name: nasty, tags: [nasty, ''], custom }), version: 1 },
  ])
  const page = await session.find({
    entity,
    where: {
      op: 'and',
      args: [
        { op: 'eq', path: 'name', value: nasty },
        { op: 'has', path: 'tags', value: nasty },
        { op: 'contains', path: 'name', value: '%_' },
        { op: 'has', path: `custom.${nasty}`, value: nasty },
      ],
    },
    order: ['id'],
    limit: 10,
  })
  expect(page.rows.map(({ id }) => id)).toEqual([nasty, 'other'])
  const asPath = session.find({
    entity,
    where: { op: 'eq', path: `stage" = '' or ""`, value: '' },
    order: ['id'],
    limit: 1,
  })
  await expect(asPath).rejects.toMatchObject({ code: 'validation_failed' })
})

describe("the host's transaction", () => {
  test('carries our writes: they commit and roll back with it', async () => {
    const client = await pool.connect()
    const outside = storage.session({ tenantId: 'host' })
    try {
      for (const ending of ['rollback', 'commit'] as const) {
        await client.query('begin')
        const inside = storage.session({ tenantId: 'host', transaction: client })
        await inside.write([insert('a'), insert('b')])
        expect((await inside.getMany(entity, ['a']))[0]).toBeDefined()
        expect(await outside.getMany(entity, ['a'])).toEqual([undefined])
        await client.query(ending)
      }
      expect((await outside.getMany(entity, ['a', 'b'])).map((found) => found?.id)).toEqual(['a', 'b'])
    } finally {
      client.release()
    }
  })

  test('outlives a write of ours that fails', async () => {
    const client = await pool.connect()
    try {
      await client.query('begin')
      const inside = storage.session({ tenantId: 'host-failing', transaction: client })
      await inside.write([insert('a')])
      await expect(inside.write([insert('b'), insert('a')])).rejects.toMatchObject({
        code: 'conflict',
        details: { writeIndex: 1 },
      })
      await Promise.all([inside.write([insert('c')]), inside.write([insert('d')])])
      await client.query('commit')
    } finally {
      client.release()
    }
    const found = await storage.session({ tenantId: 'host-failing' }).getMany(entity, ['a', 'b', 'c', 'd'])
    expect(found.map((each) => each?.id)).toEqual(['a', undefined, 'c', 'd'])
  })

  test('must have a query method', () => {
    expect(() => storage.session({ tenantId: 'host', transaction: {} })).toThrow(TypeError)
  })
})

describe('the change feed', () => {
  test('loses no row that commits late', async () => {
    const client = await pool.connect()
    const session = storage.session({ tenantId: 'late' })
    try {
      await session.write([insert('before')])
      await client.query('begin')
      await storage.session({ tenantId: 'late', transaction: client }).write([insert('late')])
      await session.write([insert('early')])
      const idsAfter = async (position?: string): Promise<string[]> =>
        (await session.changes!(position, 100)).map(({ id }) => id).sort()
      // Transactions of other tests may hold the feed back for a moment.
      await expect.poll(() => idsAfter()).toEqual(['before'])
      const [before] = await session.changes!(undefined, 1)
      await client.query('commit')
      await expect.poll(() => idsAfter(before?.position)).toEqual(['early', 'late'])
    } finally {
      client.release()
    }
  })

  test('tells the newest state of a record, so that it never goes back', async () => {
    const client = await pool.connect()
    const session = storage.session({ tenantId: 'order' })
    try {
      await session.write([insert('first'), insert('shared')])
      await expect.poll(async () => (await session.changes!(undefined, 100)).length).toBe(2)
      const start = (await session.changes!(undefined, 100)).at(-1)?.position
      await client.query('begin')
      const older = storage.session({ tenantId: 'order', transaction: client })
      await older.write([{ do: 'patch', entity, id: 'first', set: { orders: 1 } }])
      await session.write([{ do: 'patch', entity, id: 'shared', set: { orders: 1 } }])
      await older.write([{ do: 'patch', entity, id: 'shared', set: { orders: 2 } }])
      await client.query('commit')
      const versions = async (): Promise<number[]> =>
        (await session.changes!(start, 100)).filter(({ id }) => id === 'shared').map(({ version }) => version)
      await expect.poll(versions).toEqual([3, 3])
    } finally {
      client.release()
    }
  })

  test('refuses a position it did not give', async () => {
    const changes = storage.session({ tenantId: 'late' }).changes!("1' or '1", 10)
    await expect(changes).rejects.toMatchObject({ code: 'validation_failed' })
  })
})

describe('failures', () => {
  test('a server that is not there is a retriable storage_failed without the password', async () => {
    const away = postgresStorage({ connectionString: 'postgresql://someone:topsecret@127.0.0.1:1/nowhere' })
    const error: unknown = await away.open().catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'storage_failed', details: { reason: 'connection', retriable: true } })
    expect(inspect(error)).not.toContain('topsecret')
    await away.close()
  })

  test('a database that is not there is named as such', async () => {
    const url = new URL(connectionString)
    url.pathname = '/no_such_database'
    const away = postgresStorage({ connectionString: url.href })
    await expect(away.open()).rejects.toMatchObject({
      code: 'storage_failed',
      details: { reason: 'database', retriable: false },
    })
  })

  test('a statement that waits too long is ended', async () => {
    const hasty = await openStorage({ statementTimeoutMs: 200 })
    await hasty.plan([customer])
    await storage.session({ tenantId: 'slow' }).write([insert('a')])
    const client = await pool.connect()
    try {
      await client.query('begin')
      await client.query(`select 1 from storage_tests.customer where tenant_id = 'slow' for update`)
      const write = hasty.session({ tenantId: 'slow' }).write([{ do: 'patch', entity, id: 'a', set: { orders: 1 } }])
      await expect(write).rejects.toMatchObject({
        code: 'storage_failed',
        details: { reason: 'timeout', retriable: true },
      })
    } finally {
      await client.query('rollback')
      client.release()
    }
  })

  test('a connection that the server ends is replaced', async () => {
    const url = new URL(connectionString)
    url.searchParams.set('application_name', 'about to be lost')
    const other = await openStorage({ connectionString: url.href })
    await other.plan([customer])
    const session = other.session({ tenantId: 'lost' })
    await session.write([insert('a')])
    await pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'about to be lost'`,
    )
    await expect
      .poll(() =>
        session.getMany(entity, ['a']).then(
          (rows) => rows[0]?.id,
          () => undefined,
        ),
      )
      .toBe('a')
  })

  test('before open, calls fail with storage_failed', async () => {
    const unopened = postgresStorage({ connectionString })
    await expect(unopened.plan([customer])).rejects.toMatchObject({
      code: 'storage_failed',
      details: { reason: 'closed' },
    })
  })

  test('wrong options are a TypeError', () => {
    expect(() => postgresStorage({})).toThrow(TypeError)
    expect(() => postgresStorage({ connectionString, pool })).toThrow(TypeError)
    expect(() => postgresStorage({ pool, statementTimeoutMs: 5 })).toThrow(TypeError)
    expect(() => postgresStorage({ connectionString, statementTimeoutMs: 0.5 })).toThrow(TypeError)
    expect(() => postgresStorage({ connectionString, schema: '' })).toThrow(TypeError)
    expect(() => storage.session({ tenantId: '' })).toThrow(TypeError)
  })
})

test("a host's pool with another time zone still gives instants in UTC", async () => {
  const abroad = new pg.Pool({ connectionString, options: '-c TimeZone=Asia/Kolkata' })
  try {
    const here = storageOnDriver(pgDriver(abroad), { schema: 'storage_tests' })
    await here.open()
    await here.plan([customer])
    const session = here.session({ tenantId: 'zone' })
    await session.write([insert('a', { lastOrderAt: '2026-03-01T23:45:00.007Z' })])
    expect((await session.getMany(entity, ['a']))[0]?.lastOrderAt).toBe('2026-03-01T23:45:00.007Z')
    const [later] = await session.write([
      { do: 'patch', entity, id: 'a', max: { lastOrderAt: '2026-04-01T00:00:00.000Z' } },
    ])
    expect(later?.values).toEqual({ lastOrderAt: '2026-04-01T00:00:00.000Z' })
  } finally {
    await abroad.end()
  }
})

test('a page deep in a list reads no more of the index than it returns', async () => {
  const session = storage.session({ tenantId: 'deep' })
  const day = (n: number): string => new Date(Date.UTC(2026, 0, 1) + n * 60_000).toISOString()
  const rows = Array.from({ length: 5_000 }, (_, n) =>
    row(`d${String(n).padStart(5, '0')}`, { updatedAt: day(n), stage: 'won' }),
  )
  await session.load!(entity, [rows])
  await pool.query('vacuum analyze storage_tests.customer')
  const plan = await pool.query(
    `explain (analyze, format json) select id from storage_tests.customer where tenant_id = 'deep' and stage = 'won'
     and (updated_at, id) < ('${day(2_000)}', 'd02000') order by updated_at desc, id desc limit 51`,
  )
  const [top] = plan.rows[0]['QUERY PLAN'] as [{ Plan: { Plans: [{ 'Node Type': string; 'Actual Rows': number }] } }]
  expect(top.Plan.Plans[0]['Node Type']).toMatch(/Index/)
  expect(top.Plan.Plans[0]['Actual Rows']).toBe(51)
  const page = await session.find({
    entity,
    where: { op: 'eq', path: 'stage', value: 'won' },
    order: ['-updatedAt', '-id'],
    after: [day(2_000), 'd02000'],
    limit: 50,
  })
  expect(page.rows[0]?.id).toBe('d01999')
  expect(page.rows).toHaveLength(50)
})

test('ids are looked up by the primary key also in a table that was never analysed', async () => {
  const texts: string[] = []
  const driver = pgDriver(pool)
  const fresh = storageOnDriver(
    {
      ...driver,
      query(statement, options) {
        texts.push(statement.text)
        return driver.query(statement, options)
      },
    },
    { schema: 'never_analysed' },
  )
  await fresh.open()
  try {
    await fresh.apply(await fresh.plan([customer]))
    await pool.query('alter table never_analysed.customer set (autovacuum_enabled = false)')
    const session = fresh.session({ tenantId: 'grows' })
    for (let start = 0; start < 2_000; start += 500)
      await session.load!(entity, [Array.from({ length: 500 }, (_, n) => row(`r${start + n}`))])
    texts.length = 0
    const found = await session.getMany(entity, ['r7', 'absent', 'r1999', 'r7'])
    expect(found.map((each) => each?.id)).toEqual(['r7', undefined, 'r1999', 'r7'])
    const plan = await pool.query(`explain (generic_plan) ${texts[0]}`)
    const lines = plan.rows.map((line) => line['QUERY PLAN'] as string).join('\n')
    expect(lines).toContain('Index Scan using pk_customer')
    expect(lines).not.toContain('Bitmap')
  } finally {
    await fresh.close()
  }
})
