import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { compileOrder, orderValues } from './compare-rows.js'
import { definitionsOf } from './definitions.js'
import { compileFilter } from './evaluate-filter.js'
import { guardSession } from './guarded-session.js'
import { openMemory } from './memory/memory-storage.fixture.js'
import type { Query, RowPage } from './query.js'
import type { Row } from './row.js'
import { filter, order, rowList, sample } from './sample-entity.fixture.js'
import type { Capabilities, StorageSession } from './storage-adapter.js'

const definitions = definitionsOf([sample])
const weakest: Capabilities = {
  filter: [],
  order: 'none',
  unique: false,
  aggregate: false,
  search: false,
  load: false,
  transaction: 'none',
  changes: 'none',
  watch: false,
  system: false,
  durable: false,
  maxBatch: 1_000,
}
const at = '2026-03-01T10:00:00.000Z'
const row = (index: number, values: object = {}): Row => ({
  id: `r${String(index).padStart(5, '0')}`,
  version: 1,
  stage: 's',
  at,
  ...values,
})

/** A session over memory with required methods only, whose `find` does as little as it may. */
async function weakSession(
  rows: readonly Row[],
  find: (session: StorageSession, query: Query) => Promise<RowPage>,
): Promise<StorageSession> {
  const { session } = await openMemory()
  for (let start = 0; start < rows.length; start += 1_000) {
    await session.write(rows.slice(start, start + 1_000).map((each) => ({ do: 'insert', entity: 'sample', row: each })))
  }
  return {
    getMany: (...call) => session.getMany(...call),
    write: (...call) => session.write(...call),
    find: (query) => find(session, query),
  }
}

/** Applies no filter, and says so. */
async function unfiltered(session: StorageSession, { where, ...query }: Query): Promise<RowPage> {
  const page = await session.find(query)
  return where ? { ...page, residual: where } : page
}

/** Sorts by id only, and drops the cursor of any other order, as a backend without indexes would. */
async function unsorted(session: StorageSession, query: Query): Promise<RowPage> {
  if (query.order[0] === 'id') return unfiltered(session, query)
  const { after: _, ...rest } = query
  return { ...(await unfiltered(session, { ...rest, order: ['id'] })), unordered: true }
}

const guard = (session: StorageSession, maxScan?: number) =>
  guardSession(session, { definitions, capabilities: weakest, ...(maxScan && { maxScan }) })

describe('guardSession', () => {
  it.each([
    ['that applies no filter', unfiltered],
    ['that neither filters nor sorts', unsorted],
  ])('finishes the pages of a storage %s', async (_, find) => {
    await fc.assert(
      fc.asyncProperty(
        filter,
        order,
        rowList(20),
        fc.integer({ min: 1, max: 5 }),
        async (where, terms, rows, limit) => {
          const guarded = guard(await weakSession(rows, find))
          const sorted = rows.filter(compileFilter(sample, where)).sort(compileOrder(sample, terms))
          const page = await guarded.find({ entity: 'sample', where, order: terms, limit, fields: ['stage'] })
          expect(page.rows.map(({ id }) => id)).toEqual(sorted.slice(0, limit).map(({ id }) => id))
          if (page.done) expect(sorted.length).toBeLessThanOrEqual(limit)
          expect(page.residual ?? page.unordered).toBeUndefined()
          const last = page.rows.at(-1)
          if (!last) return
          const after = orderValues(sample, last, terms)
          const next = await guarded.find({ entity: 'sample', where, order: terms, limit, after })
          expect(next.rows).toEqual(sorted.slice(limit, 2 * limit))
        },
      ),
      { numRuns: 300 },
    )
  })

  it('gives up at the bound, naming the index that is missing', async () => {
    const rows = Array.from({ length: 3_000 }, (_, index) => row(index, index === 0 ? { name: 'last' } : {}))
    const session = await weakSession(rows, unfiltered)
    const query: Query = {
      entity: 'sample',
      where: { op: 'eq', path: 'name', value: 'last' },
      order: ['-at'],
      limit: 10,
    }
    expect((await guard(session).find(query)).rows).toHaveLength(1)
    await expect(guard(session, 2_000).find(query)).rejects.toMatchObject({
      code: 'unsupported',
      details: { entity: 'sample', remedy: 'add an index on (name, -at) of sample, or narrow the filter' },
    })
    const half: Query = { ...query, where: { op: 'eq', path: 'stage', value: 's' }, limit: 1_000 }
    expect((await guard(session, 500).find(half)).rows).toHaveLength(1_000)
  })

  it('returns what it found when the bound comes before the page is full', async () => {
    const rows = Array.from({ length: 3_000 }, (_, index) => row(index, index === 10 ? { name: 'early' } : {}))
    const session = await weakSession(rows, unfiltered)
    const where = { op: 'eq', path: 'name', value: 'early' } as const
    const page = await guard(session, 1_000).find({ entity: 'sample', where, order: ['id'], limit: 10 })
    expect(page).toMatchObject({ done: false, rows: [{ id: 'r00010' }] })
  })

  it('serves aggregates and searches where the storage has none', async () => {
    const rows = Array.from({ length: 2_500 }, (_, index) =>
      row(index, { size: index, terms: index % 1_000 === 0 ? ['x', 'y'] : ['x'] }),
    )
    const session = await weakSession(rows, unfiltered)
    const where = { op: 'lt', path: 'size', value: 2_100 } as const
    const aggregate = {
      entity: 'sample',
      where,
      by: ['stage'],
      compute: { n: { fn: 'count' }, sum: { fn: 'sum', path: 'size' } },
    } as const
    // 0 + 1 + … + 2,099
    expect(await guard(session).aggregate(aggregate)).toEqual([
      { keys: ['s'], values: { n: 2_100, sum: (2_099 * 2_100) / 2 } },
    ])
    const search = { entity: 'sample', path: 'terms', terms: ['y', 'x', 'z'], atLeast: 2, limit: 2 } as const
    expect(await guard(session).search(search)).toEqual([
      { id: 'r00000', overlap: 2 },
      { id: 'r01000', overlap: 2 },
    ])
    await expect(guard(session, 1_000).aggregate(aggregate)).rejects.toMatchObject({ code: 'unsupported' })
  })

  it('loads through batches where the storage has no load', async () => {
    const session = await weakSession([row(1, { size: 1 })], unfiltered)
    const guarded = guard(session)
    expect(await guarded.load('sample', [[row(1), row(2)]], { onExisting: 'skip' })).toEqual({ loaded: 1, skipped: 1 })
    expect(await guarded.load('sample', [[row(1, { size: 5 })]], { onExisting: 'replace' })).toEqual({
      loaded: 1,
      skipped: 0,
    })
    await expect(guarded.load('sample', [[row(2)]])).rejects.toMatchObject({ code: 'conflict' })
    expect(await guarded.getMany('sample', ['r00001'])).toMatchObject([{ size: 5, version: 2 }])
  })

  it('refuses clearly what neither storage nor core can do', async () => {
    const guarded = guard(await weakSession([], unfiltered))
    await expect(guarded.transaction(async () => 1)).rejects.toMatchObject({
      code: 'unsupported',
      details: { remedy: expect.any(String) },
    })
    await expect(guarded.changes(undefined, 10)).rejects.toMatchObject({ code: 'unsupported' })
    expect(() => guarded.watch(() => {})).toThrow(/no wake-up hints/)
  })

  it('reads any number of ids, keeping holes', async () => {
    const session = await weakSession(
      Array.from({ length: 2_500 }, (_, index) => row(index)),
      unfiltered,
    )
    const getMany = vi.spyOn(session, 'getMany')
    const ids = ['gone', ...Array.from({ length: 2_500 }, (_, index) => row(index).id)]
    const rows = await guard(session).getMany('sample', ids)
    expect(rows.map((found) => found?.id)).toEqual([undefined, ...ids.slice(1)])
    expect(getMany.mock.calls.map(([, chunk]) => chunk.length)).toEqual([1_000, 1_000, 501])
  })

  it('never lets an unchecked call reach the storage', async () => {
    const session = await weakSession([], () => expect.unreachable())
    const write = vi.spyOn(session, 'write')
    const guarded = guard(session)
    await expect(guarded.find({ entity: 'sample', order: ['nope'], limit: 1 })).rejects.toMatchObject({
      code: 'validation_failed',
    })
    await expect(guarded.write([{ do: 'insert', entity: 'sample', row: { id: 'a' } }])).rejects.toMatchObject({
      code: 'validation_failed',
    })
    await expect(
      guarded.find({ entity: 'sample', order: [], limit: 1, signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ code: 'aborted' })
    expect(write).not.toHaveBeenCalled()
  })

  it('turns an unknown error into storage_failed, and one after an abort into aborted', async () => {
    const cause = new Error('socket closed')
    const session = await weakSession([], () => Promise.reject(cause))
    await expect(guard(session).find({ entity: 'sample', order: [], limit: 1 })).rejects.toMatchObject({
      code: 'storage_failed',
      cause,
    })
    const controller = new AbortController()
    const slow = await weakSession([], async () => {
      controller.abort()
      throw cause
    })
    await expect(
      guard(slow).find({ entity: 'sample', order: [], limit: 1, signal: controller.signal }),
    ).rejects.toMatchObject({ code: 'aborted' })
  })

  it('notices an adapter that breaks the contract of paging', async () => {
    const session = await weakSession([row(1)], async () => ({
      rows: [],
      done: false,
      residual: { op: 'and', args: [] },
    }))
    await expect(guard(session).find({ entity: 'sample', order: [], limit: 1 })).rejects.toMatchObject({
      code: 'storage_failed',
      details: { reason: 'contract' },
    })
  })

  it('guards the session within a transaction, and lets the errors of its work through', async () => {
    const { session, storage } = await openMemory()
    const guarded = guardSession(session, { definitions, capabilities: storage.capabilities })
    const failure = new Error('mine')
    await expect(guarded.transaction(() => Promise.reject(failure))).rejects.toBe(failure)
    await expect(guarded.transaction((inner) => inner.getMany('nope', []))).rejects.toMatchObject({
      code: 'validation_failed',
    })
    expect(
      await guarded.transaction((inner) => inner.write([{ do: 'insert', entity: 'sample', row: row(1) }])),
    ).toEqual([{ id: 'r00001', version: 1 }])
    expect(await guarded.changes(undefined, 10)).toHaveLength(1)
  })
})
