import { type PostgresStorageAdapter, postgresStorage } from '@rapport/postgres'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { freshPGlite } from './fresh-pglite.fixture.js'
import { entity, failureOf, feedIds, insert, opened, rows } from './storages.fixture.js'

const connectionString = inject('postgresUrl')

describe.each<[string, () => PostgresStorageAdapter | Promise<PostgresStorageAdapter>]>([
  ['PostgreSQL', () => postgresStorage({ connectionString, schema: 'prune_tests' })],
  ['PGlite', freshPGlite],
])('pruning the change feed on %s', (_name, create) => {
  let storage: PostgresStorageAdapter
  beforeAll(async () => {
    storage = await opened(create())
  })
  afterAll(() => storage.close())

  const later = (): string => new Date(Date.now() + 60_000).toISOString()
  const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20))

  test('removes what is older than the bound, and tells a poller that is further behind to start over', async () => {
    const session = storage.session({ tenantId: 'behind' })
    await session.write([insert('a1'), insert('a2')])
    await session.write([insert('b')])
    await pause()
    const bound = new Date().toISOString()
    await pause()
    await session.write([insert('c')])
    await expect.poll(() => feedIds(session)).toEqual(['a1', 'a2', 'b', 'c'])
    const feed = await session.changes!(undefined, 10)
    expect(await storage.pruneChanges({ before: bound })).toEqual({ removed: 2 })
    expect(await feedIds(session)).toEqual(['c'])
    for (const behind of [feed[0], feed[1]]) {
      expect(await failureOf(session.changes!(behind?.position, 10))).toMatchObject({
        code: 'not_found',
        details: { reason: 'pruned', retriable: false, remedy: expect.stringContaining('start over') },
      })
    }
    // Whoever had read all that was removed has missed nothing.
    expect(await feedIds(session, feed[2]?.position)).toEqual(['c'])
    expect(await feedIds(session, feed[3]?.position)).toEqual([])
    expect(await storage.pruneChanges({ before: bound })).toEqual({ removed: 0 })
  })

  test('a poller in the middle of a batch that is removed is told too', async () => {
    const session = storage.session({ tenantId: 'middle' })
    await session.load!(entity, [rows(5)])
    await expect.poll(() => feedIds(session)).toHaveLength(5)
    const feed = await session.changes!(undefined, 10)
    await storage.pruneChanges({ before: later() })
    expect(await failureOf(session.changes!(feed[3]?.position, 10))).toMatchObject({ details: { reason: 'pruned' } })
    expect(await session.changes!(feed[4]?.position, 10)).toEqual([])
  })

  test('a quiet tenant whose poller is up to date stays undisturbed, however often others are pruned', async () => {
    const quiet = storage.session({ tenantId: 'quiet' })
    await quiet.write([insert('a')])
    await expect.poll(() => feedIds(quiet)).toEqual(['a'])
    const [only] = await quiet.changes!(undefined, 1)
    const busy = storage.session({ tenantId: 'busy' })
    for (const id of ['x', 'y', 'z']) {
      await busy.write([insert(id)])
      await expect.poll(() => feedIds(busy)).toEqual([id])
      await storage.pruneChanges({ before: later() })
      expect(await quiet.changes!(only?.position, 10)).toEqual([])
    }
    await quiet.write([insert('b')])
    await expect.poll(() => feedIds(quiet, only?.position)).toEqual(['b'])
  })

  test('more entries than fit one transaction are removed in several', async () => {
    const session = storage.session({ tenantId: 'many entries' })
    const others = (await feedIds(storage.session({ tenantId: 'quiet' }))).length
    for (let start = 0; start < 2_500; start += 500) {
      await Promise.all(Array.from({ length: 500 }, (_, n) => session.write([insert(`c${start + n}`)])))
    }
    await expect.poll(async () => (await feedIds(session)).length).toBe(2_500)
    const { removed } = await storage.pruneChanges({ before: later() })
    expect(removed - others).toBe(2_500)
    expect(await feedIds(session)).toEqual([])
  })

  test('a bound that is no instant is refused', async () => {
    expect(await failureOf(storage.pruneChanges({ before: 'yesterday' }))).toMatchObject({ code: 'validation_failed' })
  })
})

test('an entry that a running transaction may still precede is not removed', async () => {
  const storage = await opened(postgresStorage({ connectionString, schema: 'prune_tests' }))
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    const session = storage.session({ tenantId: 'late' })
    await client.query('begin')
    await storage.session({ tenantId: 'late', transaction: client }).write([insert('late')])
    await session.write([insert('early')])
    await storage.pruneChanges({ before: new Date(Date.now() + 60_000).toISOString() })
    await client.query('commit')
    await expect.poll(async () => (await feedIds(session)).sort()).toEqual(['early', 'late'])
  } finally {
    await client.end()
    await storage.close()
  }
})

describe('watch', () => {
  const schema = 'watch_tests'
  const watching = (): Promise<PostgresStorageAdapter> =>
    opened(postgresStorage({ connectionString, schema, watch: 'server' }))
  const listeners = new pg.Pool({ connectionString })
  afterAll(() => listeners.end())
  const listenerPids = async (): Promise<number[]> =>
    (await listeners.query(`select pid from pg_stat_activity where query like 'listen "rapport_%'`)).rows.map(
      ({ pid }) => pid,
    )

  test('hears of another process, of a host when it commits, and not of other tenants', async () => {
    const [here, there] = [await watching(), await watching()]
    const client = new pg.Client({ connectionString })
    await client.connect()
    try {
      const wake = vi.fn()
      const other = vi.fn()
      here.session({ tenantId: 'watched' }).watch!(wake)
      here.session({ tenantId: 'other' }).watch!(other)
      await expect.poll(listenerPids).toHaveLength(1)
      const woken = async (times: number): Promise<void> => {
        await expect.poll(() => wake.mock.calls.length).toBe(times)
      }
      await there.session({ tenantId: 'watched' }).write([insert('a')])
      await woken(1)
      await there.session({ tenantId: 'watched' }).load!(entity, [rows(3)])
      await woken(2)
      await there.session({ tenantId: 'watched' }).transaction!(async (inside) => {
        await inside.write([insert('t1')])
        await inside.write([insert('t2')])
      })
      await woken(3)
      await client.query('begin')
      await there.session({ tenantId: 'watched', transaction: client }).write([insert('host')])
      await client.query('commit')
      await woken(4)
      expect(other).not.toHaveBeenCalled()
    } finally {
      await client.end()
      await here.close()
      await there.close()
    }
    await expect.poll(listenerPids).toEqual([])
  })

  test('listens again when its connection broke, and wakes everybody who may have missed something', async () => {
    const [here, there] = [await watching(), await watching()]
    try {
      const wake = vi.fn()
      here.session({ tenantId: 'reconnects' }).watch!(wake)
      await expect.poll(listenerPids).toHaveLength(1)
      const [first] = await listenerPids()
      await listeners.query('select pg_terminate_backend($1)', [first])
      await expect.poll(() => wake.mock.calls.length).toBe(1)
      await there.session({ tenantId: 'reconnects' }).write([insert('a')])
      await expect.poll(() => wake.mock.calls.length).toBe(2)
      expect(await listenerPids()).not.toEqual([first])
    } finally {
      await here.close()
      await there.close()
    }
  })

  test('stops listening with the last watcher', async () => {
    const here = await watching()
    try {
      const session = here.session({ tenantId: 'stops' })
      const stops = [session.watch!(() => {}), session.watch!(() => {})]
      await expect.poll(listenerPids).toHaveLength(1)
      stops[0]?.()
      expect(await listenerPids()).toHaveLength(1)
      stops[1]?.()
      await expect.poll(listenerPids).toEqual([])
    } finally {
      await here.close()
    }
  })

  test('within one process, takes neither a connection nor a statement; PGlite has it from the start', async () => {
    for (const storage of [postgresStorage({ connectionString, schema, watch: 'process' }), await freshPGlite()]) {
      await opened(storage)
      expect(storage.capabilities.watch).toBe(true)
      const wake = vi.fn()
      const stop = storage.session({ tenantId: 'process' }).watch!(wake)
      await storage.session({ tenantId: 'process' }).write([insert('p')])
      await storage.session({ tenantId: 'somebody else' }).write([insert('p')])
      await Promise.resolve()
      expect(wake).toHaveBeenCalledTimes(1)
      stop()
      await storage.session({ tenantId: 'process' }).write([insert('q')])
      expect(wake).toHaveBeenCalledTimes(1)
      expect(await listenerPids()).toEqual([])
      await storage.close()
    }
  })

  test('is off on a server unless asked for, and refused where it cannot be', async () => {
    const silent = postgresStorage({ connectionString, schema })
    await opened(silent)
    expect(silent.capabilities.watch).toBe(false)
    expect(silent.session({ tenantId: 'silent' }).watch).toBeUndefined()
    await silent.close()
    const single = new pg.Pool({ connectionString, max: 1 })
    expect(() => postgresStorage({ pool: single, watch: 'server' })).toThrow(TypeError)
    expect(() => postgresStorage({ connectionString, profile: 'cockroach', watch: 'server' })).toThrow(TypeError)
    await single.end()
  })
})
