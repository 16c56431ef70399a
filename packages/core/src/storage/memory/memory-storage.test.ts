import { describe, expect, it, vi } from 'vitest'
import type { EntityDef, IndexDef } from '../entity-def.js'
import { sample } from '../sample-entity.fixture.js'
import type { StorageAdapter, StorageSession } from '../storage-adapter.js'
import type { Write } from '../write.js'
import { openMemory } from './memory-storage.fixture.js'
import { memoryStorage } from './memory-storage.js'

const at = '2026-03-01T10:00:00.000Z'
const row = (id: string, values: Readonly<Record<string, unknown>> = {}) => ({ id, stage: 'new', at, ...values })
const insert = (id: string, values?: Readonly<Record<string, unknown>>): Write => ({
  do: 'insert',
  entity: 'sample',
  row: row(id, values),
})
const idsIn = async (session: StorageSession): Promise<string[]> =>
  (await session.find({ entity: 'sample', order: ['id'], limit: 1_000 })).rows.map(({ id }) => id)

async function tenantIds(storage: StorageAdapter): Promise<string[]> {
  const ids: string[] = []
  for await (const id of storage.tenants()) ids.push(id)
  return ids
}

describe('memoryStorage', () => {
  it('keeps tenants apart, also with the same ids and unique values', async () => {
    const { storage, session } = await openMemory()
    const other = storage.session({ tenantId: 'other' })
    await session.write([insert('a', { uniqueKey: 'k', stage: 'mine' })])
    await other.write([insert('a', { uniqueKey: 'k', stage: 'yours' }), insert('b')])
    expect(await idsIn(session)).toEqual(['a'])
    expect((await session.getMany('sample', ['a', 'b'])).map((found) => found?.stage)).toEqual(['mine', undefined])
    expect(await tenantIds(storage)).toEqual(['acme', 'other'])
    await session.write([{ do: 'delete', entity: 'sample', id: 'a' }])
    expect(await tenantIds(storage)).toEqual(['other'])
    expect(await idsIn(other)).toEqual(['a', 'b'])
  })

  it('reads across tenants in the order of (query order, tenant)', async () => {
    const { storage, session } = await openMemory()
    await session.write([insert('a', { size: 2 }), insert('b', { size: 1 })])
    await storage.session({ tenantId: 'aa' }).write([insert('b', { size: 1 }), insert('c')])
    const found = await storage.system?.().find({ entity: 'sample', order: ['size', 'id'], limit: 3 })
    expect(found?.map((hit) => [hit.tenantId, hit.row.id])).toEqual([
      ['aa', 'b'],
      ['acme', 'b'],
      ['acme', 'a'],
    ])
  })

  it('refuses every call before open, after close, and for what is not declared', async () => {
    const closed = memoryStorage()
    const failure = { code: 'storage_failed', details: { reason: 'closed' } }
    await expect(closed.plan([])).rejects.toMatchObject(failure)
    await expect(closed.session({ tenantId: 't' }).getMany('sample', [])).rejects.toMatchObject(failure)
    const { storage, session } = await openMemory()
    await expect(session.getMany('nope', ['a'])).rejects.toMatchObject({ code: 'validation_failed' })
    expect(() => storage.session({ tenantId: '' })).toThrow(TypeError)
    expect(() => storage.session({ tenantId: 't', transaction: {} })).toThrow(/cannot join/)
    await storage.close()
    await storage.close()
    await expect(session.write([insert('a')])).rejects.toMatchObject(failure)
    await expect(idsIn(session)).rejects.toMatchObject(failure)
    expect(() => session.watch?.(() => {})).toThrow(/not open/)
  })

  it('refuses a call whose signal has fired', async () => {
    const { session } = await openMemory()
    const signal = AbortSignal.abort()
    await expect(session.write([insert('a')], { signal })).rejects.toMatchObject({ code: 'aborted' })
    await expect(session.find({ entity: 'sample', order: ['id'], limit: 1, signal })).rejects.toMatchObject({
      code: 'aborted',
    })
    expect(await idsIn(session)).toEqual([])
  })

  it('plans nothing twice, and serves rows under new definitions', async () => {
    const { storage, session, visits } = await openMemory()
    await session.write([insert('a', { name: 'x' }), insert('b', { name: 'y' })])
    expect((await storage.plan([sample])).steps).toEqual([])
    const grown: EntityDef = { ...sample, indexes: [...sample.indexes, { name: 'all_names', on: ['name'] }] }
    const plan = await storage.plan([grown])
    expect(plan.steps).toMatchObject([{ id: 'change:sample', destructive: false }])
    await storage.apply(plan)
    visits.count = 0
    await session.find({ entity: 'sample', where: { op: 'eq', path: 'name', value: 'y' }, order: ['id'], limit: 5 })
    expect(visits.count).toBe(1)
    const { name: _, ...fewer } = sample.fields
    const smaller = { ...sample, fields: fewer, indexes: [] }
    expect((await storage.plan([smaller])).steps).toMatchObject([{ destructive: true }])
  })

  it('refuses a unique index that the rows do not hold, and an index that cannot be made', async () => {
    const { storage, session } = await openMemory()
    await session.write([insert('a', { size: 1 }), insert('b', { size: 1 })])
    const unique: EntityDef = { ...sample, indexes: [{ name: 'one_size', on: ['size'], unique: true }] }
    await expect(storage.plan([unique]).then((plan) => storage.apply(plan))).rejects.toMatchObject({
      code: 'conflict',
      details: { index: 'one_size' },
    })
    const plan = (index: IndexDef) => storage.plan([{ ...sample, indexes: [index] }])
    await expect(plan({ name: 'bad', on: ['name'], kind: 'member' })).rejects.toMatchObject({
      code: 'validation_failed',
    })
    await expect(plan({ name: 'bad', on: ['custom'] })).rejects.toMatchObject({
      code: 'validation_failed',
    })
  })

  describe('change feed', () => {
    it('shows the newest change of each record behind a position', async () => {
      const { session } = await openMemory()
      await session.write([insert('a'), insert('b')])
      await session.write([{ do: 'patch', entity: 'sample', id: 'a', set: { size: 1 } }])
      const changes = (await session.changes?.(undefined, 10)) ?? []
      expect(changes.map(({ id, kind, version }) => [id, kind, version])).toEqual([
        ['b', 'put', 1],
        ['a', 'put', 2],
      ])
      await session.write([{ do: 'delete', entity: 'sample', id: 'b' }])
      expect(await session.changes?.(changes.at(-1)?.position, 10)).toMatchObject([
        { id: 'b', kind: 'delete', version: 1 },
      ])
      await expect(session.changes?.('999', 10)).rejects.toMatchObject({ code: 'validation_failed' })
      await expect(session.changes?.('x', 10)).rejects.toMatchObject({ code: 'validation_failed' })
    })

    it('loses nothing while it drops what is superseded', async () => {
      const { session } = await openMemory()
      await session.write([insert('a'), insert('b')])
      for (let round = 0; round < 3_000; round++) {
        await session.write([{ do: 'patch', entity: 'sample', id: 'a', set: { size: round } }])
      }
      const changes = (await session.changes?.(undefined, 10)) ?? []
      expect(changes.map(({ id, version }) => [id, version])).toEqual([
        ['b', 1],
        ['a', 3_001],
      ])
    })

    it('wakes watchers after a commit, until they stop', async () => {
      const { storage, session } = await openMemory()
      const wake = vi.fn()
      const stop = session.watch?.(wake)
      await session.write([insert('a')])
      await storage.session({ tenantId: 'other' }).write([insert('a')])
      await session.write([{ do: 'check', entity: 'sample', id: 'a', is: 'present' }])
      expect(wake).toHaveBeenCalledTimes(1)
      stop?.()
      await session.write([insert('b')])
      expect(wake).toHaveBeenCalledTimes(1)
    })
  })

  describe('transaction', () => {
    it('shows its writes to itself only, until it commits', async () => {
      const { session } = await openMemory()
      const result = await session.transaction?.(async (inner) => {
        await inner.write([insert('a')])
        await inner.write([{ do: 'patch', entity: 'sample', id: 'a', set: { size: 2 } }])
        expect(await idsIn(inner)).toEqual(['a'])
        expect(await idsIn(session)).toEqual([])
        return 'done'
      })
      expect(result).toBe('done')
      expect(await session.getMany('sample', ['a'])).toMatchObject([{ version: 2, size: 2 }])
    })

    it('leaves nothing behind when its work throws', async () => {
      const { session } = await openMemory()
      const failure = new Error('no')
      const work = session.transaction?.(async (inner) => {
        await inner.write([insert('a')])
        throw failure
      })
      await expect(work).rejects.toBe(failure)
      expect(await idsIn(session)).toEqual([])
      expect(await session.changes?.(undefined, 10)).toEqual([])
    })

    it('fails with a retriable conflict when what it read was changed meanwhile, so no update is lost', async () => {
      const { session } = await openMemory()
      await session.write([insert('a', { size: 0 })])
      const increment = (): Promise<void> =>
        session.transaction!(async (inner) => {
          const [found] = await inner.getMany('sample', ['a'])
          await Promise.resolve()
          await inner.write([{ do: 'patch', entity: 'sample', id: 'a', set: { size: Number(found?.size) + 1 } }])
        }).catch((error: unknown) => {
          expect(error).toMatchObject({ code: 'conflict', details: { reason: 'serialization', retriable: true } })
          return increment()
        })
      await Promise.all(Array.from({ length: 10 }, increment))
      expect(await session.getMany('sample', ['a'])).toMatchObject([{ size: 10 }])
    })
  })

  it('loads a stream, failing, skipping or replacing what exists', async () => {
    const { session } = await openMemory()
    await session.write([insert('a', { size: 1 })])
    const batches = [[row('a', { size: 2 }), row('b')], [row('c')]]
    await expect(session.load?.('sample', batches)).rejects.toMatchObject({ code: 'conflict' })
    expect(await idsIn(session)).toEqual(['a'])
    expect(await session.load?.('sample', batches, { onExisting: 'skip' })).toEqual({ loaded: 2, skipped: 1 })
    expect(await session.getMany('sample', ['a'])).toMatchObject([{ size: 1, version: 1 }])
    expect(await session.load?.('sample', batches, { onExisting: 'replace' })).toEqual({ loaded: 3, skipped: 0 })
    expect(await session.getMany('sample', ['a'])).toMatchObject([{ size: 2, version: 2 }])
  })

  it('searches by shared terms, best first, ties by id, within a filter', async () => {
    const { session } = await openMemory()
    await session.write([
      insert('a', { terms: ['x', 'y'] }),
      insert('b', { terms: ['x', 'y', 'z'], stage: 'won' }),
      insert('c', { terms: ['x', 'x'] }),
      insert('d', { terms: ['z', 'y'], stage: 'won' }),
    ])
    const search = { entity: 'sample', path: 'terms', terms: ['x', 'y', 'z'], atLeast: 2, limit: 10 } as const
    expect(await session.search?.(search)).toEqual([
      { id: 'b', overlap: 3 },
      { id: 'a', overlap: 2 },
      { id: 'd', overlap: 2 },
    ])
    const where = { op: 'eq', path: 'stage', value: 'won' } as const
    expect(await session.search?.({ ...search, where, limit: 1 })).toEqual([{ id: 'b', overlap: 3 }])
    await session.write([
      { do: 'patch', entity: 'sample', id: 'b', set: { terms: ['q'] } },
      { do: 'delete', entity: 'sample', id: 'a' },
    ])
    expect(await session.search?.(search)).toEqual([{ id: 'd', overlap: 2 }])
  })

  it('still finds rows by their terms after thousands of changes', async () => {
    const { session } = await openMemory()
    await session.write([insert('a'), insert('b', { tags: ['t1'] })])
    for (let round = 0; round < 3_000; round++) {
      await session.write([{ do: 'patch', entity: 'sample', id: 'a', set: { tags: [`t${round % 5}`] } }])
    }
    const tagged = (tag: string) =>
      session.find({ entity: 'sample', where: { op: 'has', path: 'tags', value: tag }, order: ['id'], limit: 9 })
    expect((await tagged('t4')).rows.map(({ id }) => id)).toEqual(['a'])
    expect((await tagged('t1')).rows.map(({ id }) => id)).toEqual(['b'])
  })
})
