import { createCrm } from '@rapport/core'
import {
  definitionsOf,
  type GuardedSession,
  guardSession,
  type NewRow,
  orderValues,
  type Scalar,
  type StorageAdapter,
  withPromotedFields,
} from '@rapport/core/storage'
import pg from 'pg'
import { afterAll, describe, expect, inject, test } from 'vitest'
import { hostPGlite } from '../../test/fresh-pglite.fixture.js'
import { customer } from '../customer.fixture.js'
import { pgDriver } from '../pg-driver.js'
import { pgliteDriver } from '../pglite-driver.js'
import { postgresStorage } from '../postgres-storage.js'
import { type DriverStorageOptions, storageOnDriver } from '../storage-on-driver.js'
import { makeFirstRelease, manyRows } from './grown-schema.fixture.js'
import type { PromotedColumn } from './tables.js'

const pool = new pg.Pool({ connectionString: inject('postgresUrl'), max: 20 })
const pglite = await hostPGlite()
afterAll(async () => {
  await pool.end()
  await pglite.close()
})

const entity = customer.name
const seats: PromotedColumn = { entity, field: 'custom.seats', type: 'float', order: true }
const region: PromotedColumn = { entity, field: 'custom.region', type: 'text' }

const row = (id: string, custom?: unknown): NewRow => ({
  id,
  stage: 'new',
  updatedAt: '2026-03-01T10:00:00.000Z',
  ...(custom !== undefined && { custom }),
})

/** What core works with over a storage. */
function guarded(storage: StorageAdapter, tenantId = 'acme'): GuardedSession {
  const definitions = definitionsOf(withPromotedFields([customer], storage.capabilities.promoted))
  return guardSession(storage.session({ tenantId }), { definitions, capabilities: storage.capabilities })
}

async function migrated(storage: StorageAdapter): Promise<StorageAdapter> {
  await storage.open()
  await storage.apply(await storage.plan([customer]))
  return storage
}

const ids = async (session: GuardedSession, query: object): Promise<string[]> =>
  (await session.find({ entity, order: ['id'], limit: 100, ...query })).rows.map(({ id }) => id)

describe.each([
  ['PostgreSQL', (options: DriverStorageOptions) => storageOnDriver(pgDriver(pool), options)],
  [
    'PGlite',
    (options: DriverStorageOptions) => storageOnDriver(pgliteDriver(pglite), { ...options, profile: 'pglite' }),
  ],
] as const)('a promoted custom field on %s', (_, create) => {
  test('is compared by range, ordered and aggregated, in rows from before and after; without promotion all that is unsupported', async () => {
    const schema = 'promoted'
    const plain = guarded(await migrated(create({ schema })))
    const values: unknown[] = [
      { seats: 5 },
      { seats: 40, region: 'north' },
      { seats: 'many', region: 7 },
      { region: 'south' },
      null,
    ]
    await plain.write(values.map((custom, n) => ({ do: 'insert', entity, row: row(`old${n}`, custom ?? undefined) })))
    const range = { op: 'gte', path: 'custom.seats', value: 6 } as const
    const unsupported = {
      code: 'unsupported',
      details: { entity, field: 'custom.seats', remedy: expect.stringContaining('promote') },
    }
    await expect(plain.find({ entity, where: range, order: ['id'], limit: 5 })).rejects.toMatchObject(unsupported)
    await expect(plain.find({ entity, order: ['custom.seats'], limit: 5 })).rejects.toMatchObject(unsupported)

    const session = guarded(await migrated(create({ schema, promote: [seats, region] })))
    await session.write([
      { do: 'insert', entity, row: row('new0', { seats: 12, region: 'north-east' }) },
      { do: 'upsert', entity, row: row('old0', { seats: 6 }) },
      { do: 'patch', entity, id: 'old1', set: { custom: { seats: 2, region: 'north' } } },
      { do: 'patch', entity, id: 'old3', set: { name: 'unmoved' } },
    ])
    await session.load(entity, [[row('new1', { seats: -1 })]])
    expect(await ids(session, { where: range })).toEqual(['new0', 'old0'])
    expect(await ids(session, { where: { op: 'prefix', path: 'custom.region', value: 'north' } })).toEqual([
      'new0',
      'old1',
    ])
    expect(await ids(session, { where: { op: 'eq', path: 'custom.region', value: 7 } })).toEqual(['old2'])
    expect(await ids(session, { order: ['-custom.seats'] })).toEqual([
      'new0',
      'old0',
      'old1',
      'new1',
      'old4',
      'old3',
      'old2',
    ])
    const [total] = await session.aggregate({
      entity,
      by: ['custom.region'],
      where: { op: 'eq', path: 'custom.region', value: 'north' },
      compute: { seats: { fn: 'sum', path: 'custom.seats' }, most: { fn: 'max', path: 'custom.seats' } },
    })
    expect(total).toEqual({ keys: ['north'], values: { seats: 2, most: 2 } })
    const [stored] = await session.getMany(entity, ['old1'])
    expect(stored).toEqual({ ...row('old1', { seats: 2, region: 'north' }), version: 2 })
    await session.write([{ do: 'patch', entity, id: 'new0', set: { custom: null } }])
    expect(await ids(session, { where: range })).toEqual(['old0'])
  })

  test('is walked page by page, with values of other types among the missing ones', async () => {
    const session = guarded(await migrated(create({ schema: 'promoted_pages', promote: [seats] })))
    const custom = (n: number): object => ({ seats: n % 7 === 0 ? 'x' : n % 5 })
    await session.write(
      Array.from({ length: 60 }, (_, n) => ({
        do: 'insert',
        entity,
        row: row(`p${String(n).padStart(2, '0')}`, custom(n)),
      })),
    )
    const whole = await ids(session, { order: ['custom.seats'] })
    const definition = withPromotedFields([customer], [seats])[0]!
    const walked: string[] = []
    for (let after: readonly (Scalar | null)[] | undefined; ; ) {
      const page = await session.find({
        entity,
        order: ['custom.seats', 'id'],
        limit: 7,
        fields: ['name'],
        ...(after && { after }),
      })
      walked.push(...page.rows.map(({ id }) => id))
      if (page.done) break
      after = orderValues(definition, page.rows.at(-1)!, ['custom.seats', 'id'])
    }
    expect(walked).toEqual(whole)
    expect(new Set(walked).size).toBe(60)
  })

  test('that is ordered by refuses text that is too long for an index', async () => {
    const session = guarded(await migrated(create({ schema: 'promoted_text', promote: [{ ...region, order: true }] })))
    const write = (region: string) => session.write([{ do: 'upsert', entity, row: row('a', { region }) }])
    await write('x'.repeat(512))
    await expect(write('x'.repeat(513))).rejects.toMatchObject({
      code: 'validation_failed',
      details: { field: 'custom.region' },
    })
  })

  test('is demoted without losing a value, promoted again with what was written meanwhile, and as another type', async () => {
    const schema = 'demoted'
    const promoted = guarded(await migrated(create({ schema, promote: [seats] })))
    await promoted.write([{ do: 'insert', entity, row: row('a', { seats: 1 }) }])
    const demoting = create({ schema, promote: [] })
    await demoting.open()
    const plan = await demoting.plan([customer])
    expect(plan.steps.map(({ id, destructive }) => [id.split(':')[0], destructive])).toEqual([
      ['begin', false],
      ['demote', false],
      ['drop-index', false],
      ['finish', false],
    ])
    await demoting.apply(plan)
    const demoted = guarded(demoting)
    await demoted.write([{ do: 'patch', entity, id: 'a', set: { custom: { seats: 9, note: 'kept' } } }])
    expect((await demoted.getMany(entity, ['a']))[0]?.custom).toEqual({ seats: 9, note: 'kept' })
    const again = guarded(await migrated(create({ schema, promote: [seats] })))
    expect(await ids(again, { where: { op: 'gt', path: 'custom.seats', value: 8 } })).toEqual(['a'])
    const asText = guarded(await migrated(create({ schema, promote: [{ ...seats, type: 'text' }] })))
    await asText.write([{ do: 'insert', entity, row: row('b', { seats: 'nine' }) }])
    expect(await ids(asText, { order: ['custom.seats'] })).toEqual(['b', 'a'])
  })
})

test('a field is promoted online: writers go on, and every row is right in the end', async () => {
  const schema = 'promoted_online'
  const first = storageOnDriver(pgDriver(pool), { schema })
  await first.open()
  await makeFirstRelease(pool, first, schema)
  const storage = storageOnDriver(pgDriver(pool), { schema, promote: [seats] })
  await storage.open()
  const plan = await storage.plan([customer])
  // The column is there when a process starts with it; from then on it writes beside the backfill.
  await pool.query(`alter table "${schema}".customer add column custom__seats__float double precision`)
  const writers = [1, 2, 3].map((writer) => guarded(storage, writer === 1 ? 'small' : 'large'))
  let migrating = true
  let writes = 0
  const writing = writers.map(async (session, writer) => {
    for (let n = writer; migrating; n += 7) {
      const id = `c${String((n * 37) % manyRows).padStart(5, '0')}`
      await session
        .write([
          { do: 'patch', entity, id, set: { custom: { seats: n } } },
          { do: 'insert', entity, row: row(`w${writer}-${n}`, { seats: -n }) },
        ])
        .then(
          () => writes++,
          (error: { code?: string }) => expect(error.code).toBe('not_found'),
        )
    }
  })
  await storage.apply(plan)
  migrating = false
  await Promise.all(writing)
  expect(writes).toBeGreaterThan(0)
  const wrong = await pool.query(
    `select count(*)::int as rows from "${schema}".customer where custom__seats__float is distinct from (custom->>'seats')::float`,
  )
  expect(wrong.rows).toEqual([{ rows: 0 }])
  const explained = await pool.query(
    `explain select id from "${schema}".customer where tenant_id = 'large' order by custom__seats__float asc, id asc limit 50`,
  )
  expect(JSON.stringify(explained.rows)).toContain('ix_customer_promoted_custom__seats')
})

test('a process that was told of no promotion keeps the column filled once it has planned, and before that is refused', async () => {
  const schema = 'untold'
  const running = storageOnDriver(pgDriver(pool), { schema })
  await migrated(running)
  await migrated(storageOnDriver(pgDriver(pool), { schema, promote: [seats] }))
  const write = (storage: StorageAdapter, id: string) =>
    storage.session({ tenantId: 'acme' }).write([{ do: 'insert', entity, row: row(id, { seats: 4 }) }])
  await expect(write(running, 'a')).rejects.toMatchObject({
    code: 'storage_failed',
    details: { reason: 'promotion', remedy: expect.stringContaining('restart') },
  })
  const restarted = storageOnDriver(pgDriver(pool), { schema })
  await restarted.open()
  expect((await restarted.plan([customer])).steps).toEqual([])
  await write(restarted, 'a')
  const { rows } = await pool.query(`select custom__seats__float as seats from "${schema}".customer`)
  expect(rows).toEqual([{ seats: 4 }])
})

test.each([
  ['a field of its own', { entity, field: 'name', type: 'text' }],
  ['a place two keys deep', { entity, field: 'custom.a.b', type: 'text' }],
  ['a key in another style', { entity, field: 'custom.a_b', type: 'text' }],
  ['a key too long for a name', { entity, field: `custom.${'k'.repeat(60)}`, type: 'text' }],
  ['an unknown type', { entity, field: 'custom.a', type: 'jsonb' as 'text' }],
] as const)('%s cannot be promoted', async (_, field) => {
  const storage = storageOnDriver(pgDriver(pool), { schema: 'refused', promote: [field] })
  await storage.open()
  await expect(storage.plan([customer])).rejects.toThrow(TypeError)
})

test('a CRM lists contacts by a range and in the order of a custom field that its operator promoted', async () => {
  const options = { connectionString: inject('postgresUrl'), schema: 'promoted_crm', migrate: 'auto' } as const
  const promote = [{ entity: 'contact', field: 'custom.seats', type: 'float', order: true }] as const
  const list = { where: { 'custom.seats': { gte: 10 } }, orderBy: ['-custom.seats'], limit: 1 }
  const actor = { type: 'user', id: 'u_1' } as const
  {
    await using crm = await createCrm({ storage: postgresStorage(options) })
    const shop = crm.session({ tenantId: 'acme', actor })
    await shop.customFields.register({ object: 'contact', key: 'seats', type: 'number', label: 'Seats' })
    for (const seats of [5, 10, 40]) await shop.contacts.create({ lastName: `with ${seats}`, custom: { seats } })
    await expect(shop.contacts.find(list)).rejects.toMatchObject({
      code: 'unsupported',
      details: { field: 'custom.seats', remedy: expect.stringContaining('promote') },
    })
  }
  await using crm = await createCrm({ storage: postgresStorage({ ...options, promote }) })
  const shop = crm.session({ tenantId: 'acme', actor })
  const first = await shop.contacts.find(list)
  expect(first.items.map(({ lastName }) => lastName)).toEqual(['with 40'])
  const second = await shop.contacts.find({ ...list, cursor: first.cursor! })
  expect(second.items.map(({ lastName }) => lastName)).toEqual(['with 10'])
  const mistaken = postgresStorage({ ...options, promote: [{ ...promote[0], entity: 'contcat' }] })
  await expect(createCrm({ storage: mistaken })).rejects.toThrow(TypeError)
})
