import { createCrm, isCrmError } from '@rapport/core'
import { type PostgresStorageAdapter, pgliteStorage, postgresStorage, storageOnDriver } from '@rapport/postgres'
import pg from 'pg'
import { afterAll, describe, expect, inject, test } from 'vitest'
import { startPostgresServer } from '../../../scripts/postgres-server.js'
import { customer } from '../src/customer.fixture.js'
import type { PostgresDriver } from '../src/driver.js'
import { pgDriver } from '../src/pg-driver.js'
import { hostPGlite } from './fresh-pglite.fixture.js'
import { countOf, entity, failureOf, feedIds, insert, opened, rows } from './storages.fixture.js'
import { startTcpProxy } from './tcp-proxy.fixture.js'

const connectionString = inject('postgresUrl')
const schema = 'fault_tests'
const direct = postgresStorage({ connectionString, schema })
const ready = opened(direct)
afterAll(async () => direct.close())

const failed = (reason: string, retriable: boolean): object => ({
  code: 'storage_failed',
  details: { reason, retriable },
})

/** A storage whose wire a test can cut. */
async function onProxy(): Promise<{
  storage: PostgresStorageAdapter
  proxy: Awaited<ReturnType<typeof startTcpProxy>>
  [Symbol.asyncDispose](): Promise<void>
}> {
  await ready
  const proxy = await startTcpProxy(connectionString)
  const storage = postgresStorage({ connectionString: proxy.connectionString, schema })
  await storage.open()
  await storage.plan([customer])
  return {
    storage,
    proxy,
    async [Symbol.asyncDispose]() {
      await storage.close()
      await proxy.close()
    },
  }
}

test('connection refused: retriable, and the same storage works once the server is there', async () => {
  await ready
  const proxy = await startTcpProxy(connectionString)
  const storage = postgresStorage({ connectionString: proxy.connectionString, schema })
  await storage.open()
  await storage.plan([customer])
  const port = Number(new URL(proxy.connectionString).port)
  await proxy.close()
  // The pool drops its idle connections when it hears that they are closed.
  await new Promise((resolve) => setTimeout(resolve, 100))
  const session = storage.session({ tenantId: 'refused' })
  expect(await failureOf(session.write([insert('a')]))).toMatchObject(failed('connection', true))
  const back = await startTcpProxy(connectionString, port)
  await session.write([insert('a')])
  expect(await countOf(session)).toBe(1)
  await storage.close()
  await back.close()
})

describe('a connection cut in the middle of a write', () => {
  test('before the batch arrived, or before its answer did: the outcome is unknown, and all of it or nothing is there', async () => {
    await using wire = await onProxy()
    for (const [when, stored] of [
      ['lost', 0],
      ['answered', 150],
    ] as const) {
      const tenantId = `cut ${when}`
      const session = wire.storage.session({ tenantId })
      wire.proxy.cutOn('c00100', when)
      const batch = rows(150).map((row) => ({ do: 'insert', entity, row }) as const)
      expect(await failureOf(session.write(batch))).toMatchObject(failed('unknown_outcome', false))
      const known = direct.session({ tenantId })
      await expect.poll(() => countOf(known)).toBe(stored)
      await expect.poll(async () => (await feedIds(known)).length).toBe(stored)
    }
  })

  test('a large batch is cut before its commit: nothing happened; in its commit: unknown', async () => {
    await using wire = await onProxy()
    const session = wire.storage.session({ tenantId: 'cut copy' })
    const known = direct.session({ tenantId: 'cut copy' })
    const batch = rows(500).map((row) => ({ do: 'insert', entity, row }) as const)
    wire.proxy.cutOn('c00250', 'lost')
    expect(await failureOf(session.write(batch))).toMatchObject(failed('connection', true))
    expect(await countOf(known)).toBe(0)
    wire.proxy.cutOn('commit\u0000', 'answered')
    expect(await failureOf(session.write(batch))).toMatchObject(failed('unknown_outcome', false))
    await expect.poll(() => countOf(known)).toBe(500)
  })

  test('in its commit: unknown; before its commit: nothing happened, so it may be repeated', async () => {
    await using wire = await onProxy()
    const session = wire.storage.session({ tenantId: 'cut at the end' })
    const transfer = (id: string): Promise<void> =>
      session.transaction!(async (inside) => {
        await inside.write([insert(id)])
      })
    wire.proxy.cutOn('savepoint', 'lost')
    expect(await failureOf(transfer('a'))).toMatchObject(failed('connection', true))
    await transfer('a')
    wire.proxy.cutOn('commit\u0000', 'answered')
    expect(await failureOf(transfer('b'))).toMatchObject(failed('unknown_outcome', false))
    const known = direct.session({ tenantId: 'cut at the end' })
    expect((await known.getMany(entity, ['a', 'b'])).map((each) => each?.version)).toEqual([1, 1])
  })

  test('in the middle of a load: batches before it stay, the cut one is there whole or not at all', async () => {
    await using wire = await onProxy()
    const session = wire.storage.session({ tenantId: 'cut load' })
    wire.proxy.cutOn('b00250', 'lost')
    const failure = failureOf(session.load!(entity, [rows(500, 'a'), rows(500, 'b'), rows(500, 'c')]))
    expect(await failure).toMatchObject(failed('connection', true))
    const known = direct.session({ tenantId: 'cut load' })
    await expect.poll(() => countOf(known)).toBe(500)
    expect(await session.load!(entity, [rows(500, 'a'), rows(500, 'b')], { onExisting: 'skip' })).toEqual({
      loaded: 500,
      skipped: 500,
    })
  })

  test('a read is repeated at will', async () => {
    await using wire = await onProxy()
    const session = wire.storage.session({ tenantId: 'cut read' })
    wire.proxy.cutOn('customer', 'answered')
    expect(await failureOf(session.getMany(entity, ['a']))).toMatchObject(failed('connection', true))
    expect(await session.getMany(entity, ['a'])).toEqual([undefined])
  })

  test('core looks its journal entry up: what was committed counts once, what was not may be repeated', async () => {
    const proxy = await startTcpProxy(connectionString)
    const storage = postgresStorage({
      connectionString: proxy.connectionString,
      schema: 'fault_tests_crm',
      migrate: 'auto',
    })
    const crm = await createCrm({ storage })
    try {
      const shop = crm.session({ tenantId: 'acme', actor: { type: 'user', id: 'u1' } })
      const create = (lastName: string): Promise<unknown> => shop.contacts.create({ firstName: 'Ada', lastName })
      proxy.cutOn('Answered', 'answered')
      await create('Answered')
      proxy.cutOn('Lost', 'lost')
      expect(await failureOf(create('Lost'))).toMatchObject(failed('not_written', true))
      await create('Lost')
      const { items } = await shop.contacts.find({ orderBy: ['lastName'], limit: 10 })
      expect(items.map(({ lastName }) => lastName)).toEqual(['Answered', 'Lost'])
    } finally {
      await crm.close()
      await proxy.close()
    }
  })

  test('a connection that breaks between the statements of a transaction ends the transaction, not the process', async () => {
    const name = 'ended between statements'
    await ready
    const pool = new pg.Pool({ connectionString, application_name: name }).on('error', () => {})
    const operator = new pg.Client({ connectionString })
    await operator.connect()
    const storage = storageOnDriver(pgDriver(pool, true), { schema })
    try {
      await storage.open()
      await storage.plan([customer])
      const session = storage.session({ tenantId: name })
      const cut = session.transaction!(async (inside) => {
        await inside.write([insert('a')])
        await operator.query('select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1', [
          name,
        ])
        await new Promise((resolve) => setTimeout(resolve, 100))
        await inside.write([insert('b')])
      })
      expect(await failureOf(cut)).toMatchObject(failed('connection', true))
      expect(await countOf(session)).toBe(0)
    } finally {
      await operator.end()
      await storage.close()
    }
  })
})

test('a server that is restarted: what was acknowledged is there, and the storage goes on by itself', async () => {
  const server = await startPostgresServer()
  const storage = await opened(postgresStorage({ connectionString: server.connectionString }))
  try {
    const session = storage.session({ tenantId: 'restarted' })
    await session.write([insert('before')])
    const restarting = server.restart()
    const failures: unknown[] = []
    let id = 0
    const write = (): Promise<unknown> => session.write([insert(`during ${id++}`)])
    const acknowledged: string[] = []
    for (let isBack = false; !isBack; ) {
      try {
        await write()
        acknowledged.push(`during ${id - 1}`)
        isBack = failures.length > 0
      } catch (error) {
        failures.push(error)
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    }
    await restarting
    for (const failure of failures) {
      const known = isCrmError(failure, 'storage_failed') ? failure.details : {}
      expect(['connection true', 'unknown_outcome false']).toContain(`${known.reason} ${known.retriable}`)
    }
    const found = await session.getMany(entity, ['before', ...acknowledged])
    expect(found.every((each) => each?.version === 1)).toBe(true)
  } finally {
    await storage.close()
    await server.stop()
  }
})

describe('a disk that is full', () => {
  /** A driver whose statements with these words fail as a server does that finds no room. */
  const full = (driver: PostgresDriver, words: string): PostgresDriver => {
    const on = <C extends Pick<PostgresDriver, 'query'>>(connection: C): Pick<PostgresDriver, 'query'> => ({
      async query(statement, options) {
        if (statement.text.includes(words)) {
          throw Object.assign(new Error('could not extend file "base/5/1": No space left on device'), { code: '53100' })
        }
        return connection.query(statement, options)
      },
    })
    return {
      ...on(driver),
      transaction: (work, options) => driver.transaction((connection) => work(on(connection)), options),
      close: () => driver.close(),
    }
  }

  test('in the middle of a batch of several statements: nothing of it is there, and repeating does not help', async () => {
    await ready
    const pool = new pg.Pool({ connectionString })
    const storage = storageOnDriver(full(pgDriver(pool, true), '"custom" ='), { schema })
    await storage.open()
    await storage.plan([customer])
    const session = storage.session({ tenantId: 'full disk' })
    await session.write(rows(20).map((row) => ({ do: 'insert', entity, row })))
    const fields = ['name', 'orders', 'active', 'stage', 'custom']
    const values: Record<string, unknown> = { name: 'x', orders: 1, active: true, stage: 'won', custom: {} }
    const patches = rows(20).map(({ id }, n) => {
      const set = Object.fromEntries(
        fields.filter((_, bit) => (n + 1) & (1 << bit)).map((name) => [name, values[name]]),
      )
      return { do: 'patch', entity, id, set } as const
    })
    expect(await failureOf(session.write(patches))).toMatchObject(failed('resources', false))
    const found = await session.getMany(
      entity,
      rows(20).map(({ id }) => id),
    )
    expect(found.every((each) => each?.version === 1)).toBe(true)
    await storage.close()
  })

  test('a real limit on temporary files is told in the same words', async () => {
    await ready
    await direct.session({ tenantId: 'many' }).load!(entity, [rows(5_000, 'c', (n) => ({ name: `name ${n}` }))])
    const pool = new pg.Pool({ connectionString, options: '-c temp_file_limit=64kB -c work_mem=64kB' })
    const storage = storageOnDriver(pgDriver(pool, true), { schema })
    await storage.open()
    await storage.plan([customer])
    const session = storage.session({ tenantId: 'many' })
    const byName = session.aggregate!({ entity, by: ['name'], compute: { rows: { fn: 'count' } }, limit: 10_000 })
    expect(await failureOf(byName)).toMatchObject(failed('resources', false))
    expect(await countOf(session)).toBe(5_000)
    await storage.close()
  })
})

test('a deadlock: one of the two goes through, the other may be run again', async () => {
  await ready
  const session = direct.session({ tenantId: 'deadlock' })
  await session.write([insert('a', { orders: 0 }), insert('b', { orders: 0 })])
  let waiting = 0
  const met = Promise.withResolvers<void>()
  const both = async (first: string, second: string): Promise<void> =>
    session.transaction!(async (inside) => {
      await inside.write([{ do: 'patch', entity, id: first, add: { orders: 1 } }])
      if (++waiting === 2) met.resolve()
      await met.promise
      await inside.write([{ do: 'patch', entity, id: second, add: { orders: 1 } }])
    })
  const settled = await Promise.allSettled([both('a', 'b'), both('b', 'a')])
  const reasons = settled.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []))
  expect(reasons).toMatchObject([{ code: 'conflict', details: { reason: 'deadlock', retriable: true } }])
  await both('a', 'b')
  expect((await session.getMany(entity, ['a', 'b'])).map((each) => each?.orders)).toEqual([2, 2])
})

test('a serialization failure within a host transaction may be run again', async () => {
  await ready
  const session = direct.session({ tenantId: 'serialization' })
  await session.write([insert('a', { orders: 0 })])
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    const addOne = async (meanwhile: () => Promise<unknown>): Promise<void> => {
      await client.query('begin isolation level repeatable read')
      const inside = direct.session({ tenantId: 'serialization', transaction: client })
      await inside.getMany(entity, ['a'])
      await meanwhile()
      await inside.write([{ do: 'patch', entity, id: 'a', add: { orders: 1 } }])
      await client.query('commit')
    }
    const interfered = addOne(() => session.write([{ do: 'patch', entity, id: 'a', add: { orders: 1 } }]))
    expect(await failureOf(interfered)).toMatchObject({
      code: 'conflict',
      details: { reason: 'serialization', retriable: true },
    })
    await client.query('rollback')
    await addOne(async () => {})
    expect((await session.getMany(entity, ['a']))[0]?.orders).toBe(2)
  } finally {
    await client.end()
  }
})

test('an exhausted pool: retriable, and served again when a connection comes free', async () => {
  await ready
  const pool = new pg.Pool({ connectionString, max: 1, connectionTimeoutMillis: 100 })
  const storage = storageOnDriver(pgDriver(pool, true), { schema })
  await storage.open()
  await storage.plan([customer])
  const session = storage.session({ tenantId: 'exhausted' })
  const held = await pool.connect()
  expect(await failureOf(session.write([insert('a')]))).toMatchObject(failed('connections', true))
  held.release()
  await session.write([insert('a')])
  expect(await countOf(session)).toBe(1)
  await storage.close()
})

test('an error of the server leaves the connection in the pool', async () => {
  await ready
  const pool = new pg.Pool({ connectionString, max: 1 })
  const storage = storageOnDriver(pgDriver(pool, true), { schema })
  await storage.open()
  await storage.plan([customer])
  const session = storage.session({ tenantId: 'kept' })
  const pid = async (): Promise<unknown> => (await pool.query('select pg_backend_pid() as pid')).rows[0].pid
  const before = await pid()
  await session.write([insert('a')])
  expect(await failureOf(session.write([insert('a')]))).toMatchObject({ code: 'conflict' })
  expect(await pid()).toBe(before)
  await storage.close()
})

test('PGlite that its host has closed fails like a lost connection', async () => {
  const pglite = await hostPGlite()
  const storage = await opened(pgliteStorage({ pglite }))
  await pglite.close()
  const session = storage.session({ tenantId: 'closed' })
  expect(await failureOf(session.write([insert('a')]))).toMatchObject(failed('connection', true))
})
