import type { NewRow } from '@rapport/core/storage'
import { type PostgresStorageAdapter, postgresStorage } from '@rapport/postgres'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { customer } from '../src/customer.fixture.js'
import { countOf, entity, failureOf, insert, opened, row, rows } from './storages.fixture.js'

const connectionString = inject('postgresUrl')
const schema = 'abort_tests'

describe('a signal ends what runs', () => {
  /** One connection, so that a call shows whether the one before left it usable. */
  const pool = new pg.Pool({ connectionString, max: 1, application_name: 'abort tests' })
  const observer = new pg.Client({ connectionString })
  let storage: PostgresStorageAdapter

  beforeAll(async () => {
    await observer.connect()
    const operator = await opened(postgresStorage({ connectionString, schema }))
    await operator.close()
    storage = postgresStorage({ pool, schema })
    await storage.open()
    await storage.plan([customer])
  })
  afterAll(async () => {
    await observer.end()
    await storage.close()
    await pool.end()
  })

  /** Until `rollback`, nobody else gets to the table. */
  beforeEach(async () => {
    await observer.query('begin')
    await observer.query(`lock table ${schema}.customer in access exclusive mode`)
  })
  afterEach(async () => {
    await observer.query('rollback')
  })

  const waitingStatements = async (): Promise<number> => {
    const text = `select count(*) from pg_stat_activity where application_name = 'abort tests' and wait_event_type = 'Lock'`
    return Number((await observer.query(text)).rows[0].count)
  }

  /** Starts a call that has to wait for the lock, aborts it there, and returns how it failed. */
  async function aborted(call: (signal: AbortSignal) => Promise<unknown>): Promise<unknown> {
    const leaving = new AbortController()
    const failure = failureOf(call(leaving.signal))
    await expect.poll(waitingStatements).toBe(1)
    leaving.abort(new Error('the caller left'))
    const error = await failure
    expect(await waitingStatements()).toBe(0)
    return error
  }

  const pid = async (): Promise<number> => (await pool.query('select pg_backend_pid() as pid')).rows[0].pid

  test.each<[string, (signal: AbortSignal) => Promise<unknown>]>([
    ['getMany', (signal) => storage.session({ tenantId: 'acme' }).getMany(entity, ['a'], { signal })],
    ['find', (signal) => storage.session({ tenantId: 'acme' }).find({ entity, order: ['id'], limit: 1, signal })],
    ['write', (signal) => storage.session({ tenantId: 'acme' }).write([insert('a')], { signal })],
    ['load', (signal) => storage.session({ tenantId: 'acme' }).load!(entity, [rows(300)], { signal })],
    [
      'aggregate',
      (signal) =>
        storage.session({ tenantId: 'acme' }).aggregate!({ entity, compute: { rows: { fn: 'count' } }, signal }),
    ],
    [
      'transaction',
      (signal) =>
        storage.session({ tenantId: 'acme' }).transaction!(
          async (inside) => {
            await inside.write([insert('b')])
          },
          { signal },
        ),
    ],
  ])('%s on the server, and leaves the connection to the next caller', async (_name, call) => {
    const before = await pid()
    const error = await aborted(call)
    expect(error).toMatchObject({ code: 'aborted', cause: { message: 'the caller left' } })
    expect(await pid()).toBe(before)
    await observer.query('rollback')
    expect(await countOf(storage.session({ tenantId: 'acme' }))).toBe(0)
  })

  test('a call that waits for a connection leaves the queue', async () => {
    const held = await pool.connect()
    try {
      const leaving = new AbortController()
      const call = storage.session({ tenantId: 'acme' }).getMany(entity, ['a'], { signal: leaving.signal })
      leaving.abort()
      expect(await failureOf(call)).toMatchObject({ code: 'aborted' })
    } finally {
      held.release()
    }
    await observer.query('rollback')
    expect(await countOf(storage.session({ tenantId: 'acme' }))).toBe(0)
  })

  test('a write that cannot be cancelled is cut off, and its outcome is unknown', async () => {
    const client = await pool.connect()
    // As behind a proxy that passes no requests to cancel on.
    Object.assign(client, { secretKey: null })
    client.release()
    const before = await pid()
    const leaving = new AbortController()
    const failure = failureOf(storage.session({ tenantId: 'unknown' }).write([insert('a')], { signal: leaving.signal }))
    await expect.poll(waitingStatements).toBe(1)
    leaving.abort()
    expect(await failure).toMatchObject({
      code: 'storage_failed',
      details: { reason: 'unknown_outcome', retriable: false },
    })
    expect(await pid()).not.toBe(before)
    await observer.query('rollback')
    // Nobody told the server: it went on, which is why the outcome was unknown.
    await expect.poll(() => countOf(storage.session({ tenantId: 'unknown' }))).toBe(1)
  })
})

test('a load that is aborted within a batch keeps the batches before it and nothing of this one', async () => {
  const storage = await opened(postgresStorage({ connectionString, schema: 'abort_load_tests' }))
  const blocker = new pg.Client({ connectionString })
  await blocker.connect()
  try {
    const session = storage.session({ tenantId: 'cut load' })
    const leaving = new AbortController()
    async function* batches(): AsyncGenerator<NewRow[]> {
      yield rows(300, 'a')
      await blocker.query('begin')
      await storage.session({ tenantId: 'cut load', transaction: blocker }).write([insert('x', { uniqueKey: 'taken' })])
      setTimeout(() => leaving.abort(), 100)
      // Waits for the blocker's transaction at the value both want.
      yield [...rows(300, 'b'), row('y', { uniqueKey: 'taken' })]
    }
    expect(await failureOf(session.load!(entity, batches(), { signal: leaving.signal }))).toMatchObject({
      code: 'aborted',
    })
    await blocker.query('rollback')
    expect(await countOf(session)).toBe(300)
  } finally {
    await blocker.end()
    await storage.close()
  }
})
