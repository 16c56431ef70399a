import { createCrm } from '@rapport/core'
import type { StorageSession } from '@rapport/core/storage'
import { pgliteStorage, postgresStorage } from '@rapport/postgres'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { hostPGlite } from './fresh-pglite.fixture.js'
import { entity, failureOf, insert, opened, rows } from './storages.fixture.js'

const connectionString = inject('postgresUrl')
const storage = postgresStorage({ connectionString, schema: 'host_tests' })
const client = new pg.Client({ connectionString })

beforeAll(async () => {
  await opened(storage)
  await client.connect()
})
afterAll(async () => {
  await client.end()
  await storage.close()
})

interface Question {
  readonly text: string
  readonly values: readonly unknown[]
}

/** What hosts hold while a transaction of theirs runs, as something with a `query`. */
const hosts: readonly (readonly [name: string, transaction: { query(question: Question): Promise<unknown> }])[] = [
  ['a client of pg', client as unknown as { query(question: Question): Promise<unknown> }],
  [
    // `sql.unsafe(text, values)` answers with a list of rows that is an array itself.
    'postgres.js',
    {
      async query({ text, values }) {
        const { rows: found } = await client.query(text, [...values])
        return { rows: Object.assign(found, { count: found.length }) }
      },
    },
  ],
  [
    // `executeQuery(CompiledQuery.raw(text, values))` answers with rows as objects and a bigint of rows changed.
    'Kysely',
    {
      async query({ text, values }) {
        const { rows: found, rowCount } = await client.query(text, [...values])
        return { rows: found, numAffectedRows: BigInt(rowCount ?? 0) }
      },
    },
  ],
  [
    // The session of Drizzle over pg hands on the answer of pg itself, rows as objects parsed by pg's own parsers.
    'Drizzle',
    { query: ({ text, values }) => client.query({ text, values: [...values] }) },
  ],
]

describe.each(hosts)('the transaction of a host that has %s', (name, transaction) => {
  const outside = storage.session({ tenantId: name })
  const full = {
    name: 'Ada',
    orders: 3,
    active: true,
    lastOrderAt: '2026-03-01T10:00:00.007Z',
    tags: ['a', 'b,c'],
    custom: { region: 'eu', list: [1, null] },
    uniqueKey: 'only one',
    'scores.clv.value': 0.5,
  }

  async function everyCall(session: StorageSession): Promise<unknown[]> {
    const a = ['a', 'missing']
    return [
      await session.getMany(entity, a),
      await session.find({ entity, where: { op: 'eq', path: 'custom.region', value: 'eu' }, order: ['id'], limit: 5 }),
      await session.aggregate!({
        entity,
        by: ['stage', { path: 'updatedAt', bucket: 'month' }],
        compute: {
          rows: { fn: 'count' },
          named: { fn: 'count', path: 'name' },
          first: { fn: 'min', path: 'lastOrderAt' },
          last: { fn: 'max', path: 'lastOrderAt' },
          sum: { fn: 'sum', path: 'orders' },
          total: { fn: 'sum', path: 'scores.clv.value' },
          average: { fn: 'avg', path: 'orders' },
        },
      }),
      await session.search!({ entity, path: 'terms', terms: ['ada', 'kin'], atLeast: 1, limit: 5 }),
    ]
  }

  test('carries every call as our own connection does, and commits or undoes it', async () => {
    for (const ending of ['rollback', 'commit'] as const) {
      await client.query('begin')
      const inside = storage.session({ tenantId: name, transaction })
      await inside.write([insert('a', { ...full, terms: ['ada', 'lov'] }), insert('b'), insert('c')])
      expect(
        await inside.write([
          { do: 'patch', entity, id: 'a', add: { orders: 2 }, max: { lastOrderAt: '2026-04-01T00:00:00.000Z' } },
          { do: 'delete', entity, id: 'b', ifVersion: 1 },
          { do: 'check', entity, id: 'c', is: 1 },
        ]),
      ).toMatchObject([{ version: 2, values: { orders: 5, lastOrderAt: '2026-04-01T00:00:00.000Z' } }, {}, {}])
      expect(await inside.write([{ do: 'patch', entity, id: 'c', set: { orders: 1 }, ifVersion: 1 }])).toEqual([
        { id: 'c', version: 2 },
      ])
      expect(await inside.load!(entity, [rows(300, 'l')], { onExisting: 'skip' })).toEqual({ loaded: 300, skipped: 0 })
      expect(await outside.getMany(entity, ['a'])).toEqual([undefined])
      const seen = await everyCall(inside)
      await client.query(ending)
      if (ending === 'commit') expect(seen).toEqual(await everyCall(outside))
    }
  })

  test('outlives conflicts of ours, each told apart', async () => {
    await client.query('begin')
    const inside = storage.session({ tenantId: `${name} conflicts`, transaction })
    await inside.write([insert('a', { uniqueKey: 'k' })])
    const reasons = [
      await failureOf(inside.write([insert('a')])),
      await failureOf(inside.write([insert('x'), insert('b', { uniqueKey: 'k' })])),
      await failureOf(inside.write([{ do: 'patch', entity, id: 'a', set: { orders: 1 }, ifVersion: 7 }])),
      await failureOf(inside.write([{ do: 'delete', entity, id: 'nobody' }])),
    ]
    expect(reasons).toMatchObject([
      { code: 'conflict', details: { reason: 'exists' } },
      { code: 'conflict', details: { reason: 'unique', id: 'b' } },
      { code: 'conflict', details: { reason: 'version', actualVersion: 1 } },
      { code: 'not_found' },
    ])
    await inside.write([insert('c')])
    await client.query('commit')
    const found = await storage.session({ tenantId: `${name} conflicts` }).getMany(entity, ['a', 'x', 'b', 'c'])
    expect(found.map((each) => each?.id)).toEqual(['a', undefined, undefined, 'c'])
  })
})

test('PGlite hands its transaction over, load by copy included', async () => {
  const pglite = await hostPGlite()
  const embedded = await opened(pgliteStorage({ pglite }))
  await pglite.transaction(async (transaction) => {
    const inside = embedded.session({ tenantId: 'acme', transaction })
    await inside.write([insert('a')])
    await inside.load!(entity, [rows(300)])
    expect(await failureOf(inside.write([insert('a')]))).toMatchObject({ code: 'conflict' })
  })
  const [group] = await embedded.session({ tenantId: 'acme' }).aggregate!({
    entity,
    compute: { rows: { fn: 'count' } },
  })
  expect(group?.values.rows).toBe(301)
  await embedded.close()
  await pglite.close()
})

test('numbers counted within host transactions stay unique, and the first of a tenant does not end its transaction', async () => {
  const numbered = postgresStorage({ connectionString, schema: 'host_numbers', migrate: 'auto' })
  const crm = await createCrm({ storage: numbered })
  const first = new pg.Client({ connectionString })
  const second = new pg.Client({ connectionString })
  try {
    await Promise.all([first.connect(), second.connect()])
    const actor = { type: 'user', id: 'u1' } as const
    const { id: contactId } = await crm.session({ tenantId: 'acme', actor }).contacts.create({ firstName: 'Ada' })
    const open = (transaction: pg.Client): Promise<{ number: number }> =>
      crm.session({ tenantId: 'acme', actor, transaction }).tickets.open({ contactId, subject: 'Parcel never came' })
    await first.query('begin')
    await second.query('begin')
    const one = await open(first)
    // Waits for the first at the counter that neither has found.
    const two = open(second)
    await new Promise((resolve) => setTimeout(resolve, 100))
    await first.query('commit')
    expect((await two).number).toBe(2)
    await second.query('commit')
    expect(one.number).toBe(1)
  } finally {
    await Promise.all([first.end(), second.end()])
    await crm.close()
  }
})
