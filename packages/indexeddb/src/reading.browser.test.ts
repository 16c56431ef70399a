import { runStorageConformance } from '@rapport/conformance'
import type { Query, StorageSession } from '@rapport/core/storage'
import { afterAll, beforeAll, describe, expect, it, test, vi } from 'vitest'
import { deleteIndexedDbStorage, indexedDbStorage } from './index.js'
import { freshName, insertMany, openStorage } from './opened-storage.fixture.js'
import { insert, tenantId, ticket } from './ticket.fixture.js'

const sources = [IDBIndex.prototype, IDBObjectStore.prototype] as object[]

/** Records that requests for many have brought while `work` ran, and cursors opened. */
async function readBy(work: () => Promise<unknown>): Promise<{ records: number; cursors: number }> {
  const seen = { records: 0, cursors: 0 }
  const spies = [IDBIndex.prototype, IDBObjectStore.prototype].flatMap((source) => {
    const original = source.getAll
    return [
      vi.spyOn(source, 'getAll').mockImplementation(function (this: IDBIndex, ...given) {
        const request = original.apply(this as never, given)
        request.addEventListener('success', () => {
          seen.records += request.result.length
        })
        return request
      }),
      vi.spyOn(source, 'openCursor'),
    ]
  })
  try {
    await work()
    seen.cursors = spies
      .filter((spy) => spy.getMockName() === 'openCursor')
      .reduce((sum, spy) => sum + spy.mock.calls.length, 0)
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
  return seen
}

const query = (more: Partial<Query>): Query => ({ entity: ticket.name, order: ['id'], limit: 50, ...more })

async function stocked(total: number): Promise<StorageSession> {
  const session = (await openStorage({ name: freshName() })).session({ tenantId })
  await insertMany(session, total)
  return session
}

describe('without getAllRecords and options for getAll, as in browsers that lack them', async () => {
  const hidden = sources.map((source) => [source, Object.getOwnPropertyDescriptor(source, 'getAllRecords')] as const)
  beforeAll(() => {
    for (const [source] of hidden) Reflect.deleteProperty(source, 'getAllRecords')
  })
  afterAll(() => {
    for (const [source, descriptor] of hidden)
      if (descriptor) Object.defineProperty(source, 'getAllRecords', descriptor)
  })

  for (const only of ['order', 'cursors']) {
    const name = `rapport without getAllRecords ${only}`
    await deleteIndexedDbStorage({ name })
    await runStorageConformance({
      test,
      only,
      level: 'basic',
      create: () => indexedDbStorage({ name }),
      dispose: () => deleteIndexedDbStorage({ name }),
    })
  }

  it('reads backward by a cursor, and no other way', async () => {
    const session = await stocked(120)
    let numbers: unknown[] = []
    const seen = await readBy(async () => {
      numbers = (await session.find(query({ order: ['-number', '-id'], limit: 3 }))).rows.map(({ number }) => number)
    })
    expect(numbers).toEqual([119, 118, 117])
    expect(seen).toEqual({ records: 0, cursors: 1 })
  })
})

describe('a page', () => {
  it('reads no more rows at any depth than it returns and one', async () => {
    const session = await stocked(2_000)
    for (const after of [undefined, [1_000, 't001000'], [1_900, 't001900']]) {
      const page = () => session.find(query({ order: ['number', 'id'], ...(after && { after }) }))
      expect((await readBy(page)).records).toBe(51)
    }
    const backward = () => session.find(query({ order: ['-number', '-id'], after: [100, 't000100'] }))
    expect(await readBy(backward)).toEqual({ records: 51, cursors: 0 })
  })

  it('of an index in both directions reads missing values last', async () => {
    const session = (await openStorage({ name: freshName() })).session({ tenantId })
    await session.write([
      insert('a', { number: 1 }),
      insert('b'),
      insert('c', { number: 2 }),
      insert('d'),
      insert('e', { number: 3 }),
    ])
    const walk = async (order: Query['order'], limit: number): Promise<string> => {
      let ids = ''
      let after: Query['after']
      for (;;) {
        const page = await session.find(query({ order, limit, ...(after && { after }) }))
        for (const row of page.rows) ids += row.id
        const last = page.rows.at(-1)
        if (page.done || !last) return ids
        after = [(last.number as number | undefined) ?? null, last.id]
      }
    }
    for (const limit of [1, 2, 3, 5]) {
      expect(await walk(['-number', '-id'], limit)).toBe('ecadb')
      expect(await walk(['number', 'id'], limit)).toBe('acebd')
    }
  })

  it('takes the index of the filter when few rows pass it, and that of the order when many do', async () => {
    const session = await stocked(1_500)
    await session.write([{ do: 'patch', entity: ticket.name, id: 't000700', set: { tags: ['rare'] } }])
    const rare = query({ where: { op: 'has', path: 'tags', value: 'rare' }, order: ['number', 'id'] })
    expect((await readBy(async () => expect((await session.find(rare)).rows).toHaveLength(1))).records).toBe(1)
    const values = ['tag0', 'tag1', 'tag2', 'tag3', 'tag4']
    const common = query({ where: { op: 'hasAny', path: 'tags', value: values }, order: ['number', 'id'] })
    expect((await readBy(async () => expect((await session.find(common)).rows).toHaveLength(50))).records).toBe(51)
  })

  it('that would read too many rows fails with the remedy, and a short one says that it is not the last', async () => {
    const name = freshName()
    const session = (await openStorage({ name, maxScan: 300 })).session({ tenantId })
    await insertMany(session, 1_000)
    const unordered = query({ order: ['subject', 'id'] })
    const remedy = expect.stringContaining('index')
    await expect(session.find(unordered)).rejects.toMatchObject({
      code: 'unsupported',
      details: { reason: 'scan', remedy },
    })
    const few = query({ where: { op: 'in', path: 'status', values: ['closed'] }, order: ['number', 'id'], limit: 200 })
    const all: unknown[] = []
    for (let after: Query['after']; ; ) {
      const page = await session.find({
        ...few,
        where: { op: 'ne', path: 'status', value: 'open' },
        ...(after && { after }),
      })
      all.push(...page.rows.map(({ number }) => number))
      const last = page.rows.at(-1)
      if (page.done || !last) break
      after = [last.number as number, last.id]
    }
    expect(all).toEqual(Array.from({ length: 1_000 }, (_, number) => number).filter((number) => number % 3 !== 0))
  })

  it('ends a long read when its signal fires', async () => {
    const session = await stocked(300)
    const controller = new AbortController()
    const reading = session.find(query({ signal: controller.signal }))
    controller.abort()
    await expect(reading).rejects.toMatchObject({ code: 'aborted' })
    const writing = new AbortController()
    const written = session.write([insert('new')], { signal: writing.signal })
    writing.abort()
    await expect(written).rejects.toMatchObject({ code: 'aborted' })
    expect(await session.getMany(ticket.name, ['new'])).toEqual([undefined])
  })
})

describe('getMany', () => {
  it('reads all rows in one transaction', async () => {
    const session = await stocked(50)
    const begin = vi.spyOn(IDBDatabase.prototype, 'transaction')
    await session.getMany(ticket.name, ['t000001', 't000002', 't000049', 'nobody'])
    expect(begin).toHaveBeenCalledTimes(1)
    begin.mockRestore()
  })
})
