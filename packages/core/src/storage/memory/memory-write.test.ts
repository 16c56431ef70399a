import { describe, expect, it } from 'vitest'
import type { NewRow } from '../row.js'
import type { Write } from '../write.js'
import { openMemory } from './memory-storage.fixture.js'

const at = '2026-03-01T10:00:00.000Z'
const insert = (id: string, values: Readonly<Record<string, unknown>> = {}): Write => ({
  do: 'insert',
  entity: 'sample',
  row: { id, stage: 'new', at, ...values },
})
const patch = (id: string, rest: Readonly<Record<string, unknown>>): Write => ({
  do: 'patch',
  entity: 'sample',
  id,
  ...rest,
})

describe('write', () => {
  it('inserts with version 1, or the version given', async () => {
    const { session } = await openMemory()
    expect(await session.write([insert('a'), insert('b', { version: 7 })])).toEqual([
      { id: 'a', version: 1 },
      { id: 'b', version: 7 },
    ])
  })

  it('refuses an id that exists, with nothing of the batch left behind', async () => {
    const { session } = await openMemory()
    await session.write([insert('a', { tags: ['x'] })])
    const batch: Write[] = [
      patch('a', { set: { stage: 'won', tags: ['y'] } }),
      insert('b'),
      { do: 'delete', entity: 'sample', id: 'a' },
      insert('b'),
    ]
    await expect(session.write(batch)).rejects.toMatchObject({
      code: 'conflict',
      details: { writeIndex: 3, reason: 'exists' },
    })
    expect(await session.getMany('sample', ['a', 'b'])).toEqual([
      { id: 'a', version: 1, stage: 'new', at, tags: ['x'] },
      undefined,
    ])
    const won = await session.find({
      entity: 'sample',
      where: { op: 'eq', path: 'stage', value: 'won' },
      order: ['id'],
      limit: 10,
    })
    expect(won.rows).toEqual([])
    const tagged = await session.find({
      entity: 'sample',
      where: { op: 'has', path: 'tags', value: 'x' },
      order: ['id'],
      limit: 10,
    })
    expect(tagged.rows).toHaveLength(1)
    expect((await session.changes?.(undefined, 10))?.map(({ id, kind }) => [id, kind])).toEqual([['a', 'put']])
  })

  it('patches: sets, makes absent, adds, keeps extremes, and returns the new values', async () => {
    const { session } = await openMemory()
    await session.write([insert('a', { name: 'old', size: 2, dueAt: at })])
    const later = '2026-03-02T10:00:00.000Z'
    const [result] = await session.write([
      patch('a', {
        set: { name: null, open: true },
        add: { size: 3, 'scores.value': 0.5 },
        max: { dueAt: later },
        min: { at: later },
      }),
    ])
    expect(result).toEqual({ id: 'a', version: 2, values: { size: 5, 'scores.value': 0.5, dueAt: later, at } })
    expect(await session.getMany('sample', ['a'])).toEqual([
      { id: 'a', version: 2, stage: 'new', at, open: true, size: 5, 'scores.value': 0.5, dueAt: later },
    ])
  })

  it('keeps the version with touch: false, while the change feed advances', async () => {
    const { session } = await openMemory()
    await session.write([insert('a')])
    const [first] = (await session.changes?.(undefined, 10)) ?? []
    expect(await session.write([patch('a', { set: { size: 1 }, touch: false })])).toEqual([{ id: 'a', version: 1 }])
    expect(await session.changes?.(first?.position, 10)).toMatchObject([{ id: 'a', version: 1, kind: 'put' }])
  })

  it('checks versions and presence', async () => {
    const { session } = await openMemory()
    await session.write([insert('a'), insert('b')])
    await session.write([patch('a', { set: { size: 1 }, ifVersion: 1 })])
    await expect(session.write([patch('a', { ifVersion: 1 })])).rejects.toMatchObject({
      code: 'conflict',
      details: { reason: 'version', actualVersion: 2 },
    })
    await expect(session.write([{ do: 'delete', entity: 'sample', id: 'a', ifVersion: 1 }])).rejects.toMatchObject({
      code: 'conflict',
    })
    await expect(session.write([patch('gone', {})])).rejects.toMatchObject({
      code: 'not_found',
      details: { writeIndex: 0 },
    })
    await expect(session.write([{ do: 'delete', entity: 'sample', id: 'gone' }])).rejects.toMatchObject({
      code: 'not_found',
    })
    const check = (id: string, is: 'present' | 'absent' | number): Promise<unknown> =>
      session.write([{ do: 'check', entity: 'sample', id, is }])
    expect(await check('a', 2)).toEqual([{ id: 'a', version: 2 }])
    expect(await check('gone', 'absent')).toEqual([{ id: 'gone', version: 0 }])
    await expect(check('a', 1)).rejects.toMatchObject({ code: 'conflict', details: { reason: 'check' } })
    await expect(check('a', 'absent')).rejects.toMatchObject({ code: 'conflict' })
    await expect(check('gone', 'present')).rejects.toMatchObject({ code: 'conflict' })
  })

  it('upserts: inserts, or replaces the whole row and counts the version', async () => {
    const { session } = await openMemory()
    const upsert = (row: NewRow): Promise<unknown> => session.write([{ do: 'upsert', entity: 'sample', row }])
    expect(await upsert({ id: 'a', stage: 'new', at, size: 4 })).toEqual([{ id: 'a', version: 1 }])
    expect(await upsert({ id: 'a', stage: 'won', at })).toEqual([{ id: 'a', version: 2 }])
    expect(await session.getMany('sample', ['a'])).toEqual([{ id: 'a', version: 2, stage: 'won', at }])
  })

  it('holds unique indexes among live rows, absent values apart', async () => {
    const { session } = await openMemory()
    await session.write([insert('a', { uniqueKey: 'k' }), insert('b'), insert('c')])
    const collision = { code: 'conflict', details: { reason: 'unique', index: 'unique_key', writeIndex: 0 } }
    await expect(session.write([insert('d', { uniqueKey: 'k' })])).rejects.toMatchObject(collision)
    await expect(session.write([patch('b', { set: { uniqueKey: 'k' } })])).rejects.toMatchObject(collision)
    await session.write([patch('a', { set: { size: 1 } })])
    await session.write([patch('a', { set: { uniqueKey: null } }), patch('b', { set: { uniqueKey: 'k' } })])
    await session.write([patch('b', { set: { deletedAt: at } }), insert('d', { uniqueKey: 'k' })])
    await expect(session.write([patch('b', { set: { deletedAt: null } })])).rejects.toMatchObject(collision)
  })

  it('refuses a sum that is no longer exact', async () => {
    const { session } = await openMemory()
    await session.write([insert('a', { size: Number.MAX_SAFE_INTEGER })])
    await expect(session.write([patch('a', { add: { size: 1 } })])).rejects.toMatchObject({
      code: 'validation_failed',
      details: { field: 'size' },
    })
  })

  it('shares no object with its callers', async () => {
    const { session } = await openMemory()
    const custom = { region: 'north', list: ['a'] }
    const tags = ['x']
    await session.write([insert('a', { custom, tags })])
    custom.list.push('b')
    tags.push('y')
    const [first] = await session.getMany('sample', ['a'])
    Object.assign(first!.custom as object, { region: 'south' })
    const { rows } = await session.find({ entity: 'sample', order: ['id'], limit: 1 })
    ;(rows[0]!.tags as string[]).push('z')
    rows[0]!.stage = 'lost'
    expect(await session.getMany('sample', ['a'])).toEqual([
      { id: 'a', version: 1, stage: 'new', at, custom: { region: 'north', list: ['a'] }, tags: ['x'] },
    ])
  })
})
