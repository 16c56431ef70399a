import type { NewRow } from '@rapport/core/storage'
import { type PostgresStorageAdapter, postgresStorage, storageOnDriver } from '@rapport/postgres'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { pgDriver } from '../src/pg-driver.js'
import { freshPGlite } from './fresh-pglite.fixture.js'
import { countOf, entity, failureOf, feedIds, opened, row, rows } from './storages.fixture.js'

const connectionString = inject('postgresUrl')
const schema = 'load_tests'

describe.each<[string, () => PostgresStorageAdapter | Promise<PostgresStorageAdapter>]>([
  ['PostgreSQL', () => postgresStorage({ connectionString, schema })],
  ['PGlite', freshPGlite],
])('load on %s', (name, create) => {
  let storage: PostgresStorageAdapter
  beforeAll(async () => {
    storage = await opened(create())
  })
  afterAll(() => storage.close())

  const nasty: NewRow = row('nasty', {
    name: 'tab\tline\nreturn\rback\\slash \\N \\. "quote" 😀',
    tags: ['a,b', '{c}', '"d"', '\\e', '', 'NULL', 'tab\tnew\nline'],
    custom: { list: [1, '2', null, true], 'q"\\': '\n\t\\' },
    orders: -7,
    active: false,
    lastOrderAt: '2026-03-01T10:00:00.007Z',
    'scores.clv.value': 1e-7,
  })

  test('a large batch is copied: every value comes back, and the change feed names every row once', async () => {
    const session = storage.session({ tenantId: `values ${name}\t\\N` })
    const batch = [nasty, ...rows(999, 'c', (n) => ({ version: n + 1, orders: n }))]
    expect(await session.load!(entity, [batch])).toEqual({ loaded: 1_000, skipped: 0 })
    expect(await session.getMany(entity, ['nasty', 'c00041'])).toEqual([
      { ...nasty, version: 1 },
      { ...row('c00041', { orders: 41 }), version: 42 },
    ])
    await expect.poll(async () => (await feedIds(session)).sort()).toEqual(batch.map(({ id }) => id).sort())
  })

  test('an id or a unique value that exists fails its batch alone, and names the row', async () => {
    const session = storage.session({ tenantId: 'refused' })
    const first = rows(300, 'a', (n) => ({ uniqueKey: `key ${n}` }))
    const again = [...rows(299, 'b'), row('a00007')]
    expect(await failureOf(session.load!(entity, [first, again]))).toMatchObject({
      code: 'conflict',
      details: { reason: 'exists', id: 'a00007', writeIndex: 299 },
    })
    const taken = [...rows(299, 'b'), row('fresh', { uniqueKey: 'key 7' })]
    expect(await failureOf(session.load!(entity, [taken]))).toMatchObject({
      code: 'conflict',
      details: { reason: 'unique', index: 'unique_key', id: 'fresh' },
    })
    expect(await countOf(session)).toBe(300)
    await expect.poll(async () => (await feedIds(session)).length).toBe(300)
  })

  test('skip and replace meet rows that exist and rows that come twice', async () => {
    const session = storage.session({ tenantId: 'existing' })
    await session.load!(entity, [rows(250, 'c', () => ({ name: 'first', orders: 1 }))])
    const mixed = [...rows(500, 'c', () => ({ name: 'second' })), row('c00499', { name: 'third' })]
    expect(await session.load!(entity, [mixed], { onExisting: 'skip' })).toEqual({ loaded: 250, skipped: 251 })
    const names = async (): Promise<unknown[]> =>
      (await session.getMany(entity, ['c00000', 'c00499'])).map((each) => [each?.name, each?.orders, each?.version])
    expect(await names()).toEqual([
      ['first', 1, 1],
      ['second', undefined, 1],
    ])
    expect(await session.load!(entity, [mixed], { onExisting: 'replace' })).toEqual({ loaded: 501, skipped: 0 })
    expect(await names()).toEqual([
      ['second', undefined, 2],
      ['third', undefined, 2],
    ])
    expect(await countOf(session)).toBe(500)
  })

  test('a stream is taken batch by batch: none is asked for before the last is stored', async () => {
    const session = storage.session({ tenantId: 'stream' })
    const storedWhenAsked: number[] = []
    async function* batches(): AsyncGenerator<NewRow[]> {
      for (const prefix of ['a', 'b', 'c', 'd']) {
        storedWhenAsked.push(await countOf(session))
        yield rows(400, prefix)
      }
    }
    await session.load!(entity, batches())
    expect(storedWhenAsked).toEqual([0, 400, 800, 1_200])
  })

  test('a signal between batches ends the load and keeps what is stored', async () => {
    const session = storage.session({ tenantId: 'aborted' })
    const leaving = new AbortController()
    async function* batches(): AsyncGenerator<NewRow[]> {
      yield rows(400, 'a')
      leaving.abort()
      yield rows(400, 'b')
    }
    const failure = await failureOf(session.load!(entity, batches(), { signal: leaving.signal }))
    expect(failure).toMatchObject({ code: 'aborted' })
    expect(await countOf(session)).toBe(400)
  })

  test('is part of a transaction', async () => {
    const session = storage.session({ tenantId: 'within' })
    const undone = session.transaction!(async (inside) => {
      await inside.load!(entity, [rows(400)])
      expect(await countOf(inside)).toBe(400)
      throw new Error('changed my mind')
    })
    await expect(undone).rejects.toThrow('changed my mind')
    expect(await countOf(session)).toBe(0)
  })
})

test('rows are copied on a server, and inserted where the connection has no copy', async () => {
  const pool = new pg.Pool({ connectionString })
  try {
    for (const copies of [true, false]) {
      const driver = pgDriver(pool)
      const copied: string[] = []
      const copy: typeof driver.copy = (text, chunks, options) => {
        copied.push(text)
        return driver.copy!(text, chunks, options)
      }
      const { copy: _, ...bare } = driver
      const observed = {
        ...bare,
        ...(copies && { copy }),
        transaction: <T>(work: (on: typeof bare) => Promise<T>): Promise<T> =>
          driver.transaction((on) =>
            work({
              ...bare,
              query: on.query.bind(on),
              ...(copies && {
                copy: (text: string, chunks: Iterable<Uint8Array<ArrayBuffer>>) => {
                  copied.push(text)
                  return on.copy!(text, chunks)
                },
              }),
            }),
          ),
      }
      const storage = await opened(storageOnDriver(observed, { schema }))
      const session = storage.session({ tenantId: `copies ${copies}` })
      await session.load!(entity, [rows(200), rows(10, 'few')])
      expect(copied).toHaveLength(copies ? 1 : 0)
      expect(await countOf(session)).toBe(210)
    }
  } finally {
    await pool.end()
  }
})

test('a server that refuses copy into a table is not asked again', async () => {
  const pool = new pg.Pool({ connectionString })
  try {
    const driver = pgDriver(pool)
    let asked = 0
    const refusing = {
      ...driver,
      transaction: <T>(work: (on: typeof driver) => Promise<T>): Promise<T> =>
        driver.transaction((on) =>
          work({
            ...driver,
            query: on.query.bind(on),
            copy: async () => {
              asked++
              throw Object.assign(new Error('COPY FROM not supported with row-level security'), { code: '0A000' })
            },
          }),
        ),
    }
    const storage = await opened(storageOnDriver(refusing, { schema }))
    const session = storage.session({ tenantId: 'refuses copy' })
    expect(await session.load!(entity, [rows(300, 'a'), rows(300, 'b')])).toEqual({ loaded: 600, skipped: 0 })
    expect(asked).toBe(1)
    expect(await countOf(session)).toBe(600)
  } finally {
    await pool.end()
  }
})
