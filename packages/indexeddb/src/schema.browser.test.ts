import type { EntityDef, StorageSession } from '@rapport/core/storage'
import { describe, expect, it, vi } from 'vitest'
import { indexedDbStorage } from './index.js'
import { freshName, insertMany, openStorage } from './opened-storage.fixture.js'
import { insert, tenantId, ticket } from './ticket.fixture.js'

const withIndexes = (...indexes: EntityDef['indexes']): EntityDef => ({ ...ticket, indexes })
const byNumber = { name: 'by_number', on: ['number'] } as const
const bySubject = { name: 'by_subject', on: ['subject'] } as const
const uniqueNumber = { name: 'unique_number', on: ['number'], unique: true } as const

const stepIds = async (storage: ReturnType<typeof indexedDbStorage>, def: EntityDef): Promise<string[]> =>
  (await storage.plan([def])).steps.map(({ id }) => id)

/** Whether a page in order of the number comes from an index: else all rows have to be read. */
async function isServed(session: StorageSession): Promise<boolean> {
  const getAll = vi.spyOn(IDBIndex.prototype, 'getAll')
  await session.find({ entity: ticket.name, order: ['number', 'id'], limit: 5 })
  const served = getAll.mock.calls.length > 0
  getAll.mockRestore()
  return served
}

describe('a new index', () => {
  it('needs no new version of the database, and nobody waits for it', async () => {
    const name = freshName()
    const before = (await openStorage({ name }, [withIndexes()])).session({ tenantId })
    await insertMany(before, 1_200)
    expect(await isServed(before)).toBe(false)
    const later = indexedDbStorage({ name })
    await later.open()
    const plan = await later.plan([withIndexes(byNumber)])
    expect(plan.steps).toEqual([
      {
        id: 'fill:ticket:by_number',
        description: expect.stringContaining('by_number'),
        online: true,
        destructive: false,
      },
    ])
    const versions = async () => (await indexedDB.databases()).find((database) => database.name === name)?.version
    const version = await versions()
    const applying = later.apply(plan)
    let isApplied = false
    void applying.finally(() => {
      isApplied = true
    })
    let writes = 0
    for (; !isApplied; writes++) await before.write([insert(`between${writes}`, { number: -1 - writes })])
    await applying
    expect(await versions()).toBe(version)
    expect((await later.plan([withIndexes(byNumber)])).steps).toEqual([])
    const session = later.session({ tenantId })
    expect(await isServed(session)).toBe(true)
    const numbers: unknown[] = []
    for (let after: [number, string] | undefined; ; ) {
      const page = await session.find({
        entity: ticket.name,
        order: ['number', 'id'],
        limit: 500,
        ...(after && { after }),
      })
      numbers.push(...page.rows.map(({ number }) => number))
      const last = page.rows.at(-1)
      if (page.done || !last) break
      after = [last.number as number, last.id]
    }
    expect(numbers).toEqual(Array.from({ length: 1_200 + writes }, (_, index) => index - writes))
    await later.close()
  })

  it('that was cut short goes on where it was, and readers do without it until then', async () => {
    const name = freshName()
    const before = await openStorage({ name }, [withIndexes()])
    await insertMany(before.session({ tenantId }), 1_600)
    const put = IDBObjectStore.prototype.put
    const controller = new AbortController()
    let filled = 0
    const puts = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
      this: IDBObjectStore,
      ...given
    ) {
      if ('entries' in Object(given[0]) && ++filled === 501) controller.abort()
      return put.apply(this, given)
    })
    const plan = await before.plan([withIndexes(byNumber)])
    await expect(before.apply(plan, { signal: controller.signal })).rejects.toMatchObject({ code: 'aborted' })
    expect(await isServed(before.session({ tenantId }))).toBe(false)

    const again = indexedDbStorage({ name })
    await again.open()
    expect(await stepIds(again, withIndexes(byNumber))).toEqual(['fill:ticket:by_number'])
    filled = 1_000
    await again.apply(await again.plan([withIndexes(byNumber)]))
    // The first 500 rows were done; the next ones were rolled back with the part that was cut.
    expect(filled - 1_000).toBe(1_100)
    puts.mockRestore()
    // The tab that was cut short has it too, without being told.
    expect(await isServed(before.session({ tenantId }))).toBe(true)
    const page = await again.session({ tenantId }).find({ entity: ticket.name, order: ['-number', '-id'], limit: 2 })
    expect(page.rows.map(({ number }) => number)).toEqual([1_599, 1_598])
    expect(await stepIds(again, withIndexes(byNumber))).toEqual([])
    await again.close()
  })

  it('that is unique fails where rows break it, names the index, and holds once they are mended', async () => {
    const name = freshName()
    const storage = indexedDbStorage({ name })
    await storage.open()
    await storage.apply(await storage.plan([withIndexes()]))
    const session = storage.session({ tenantId })
    await session.write([insert('a', { number: 1 }), insert('b', { number: 2 }), insert('c', { number: 1 })])
    const plan = await storage.plan([withIndexes(uniqueNumber)])
    const conflict = { code: 'conflict', details: { reason: 'unique', index: 'unique_number', entity: 'ticket' } }
    await expect(storage.apply(plan)).rejects.toMatchObject(conflict)
    await session.write([{ do: 'patch', entity: ticket.name, id: 'c', set: { number: 3 } }])
    await storage.apply(await storage.plan([withIndexes(uniqueNumber)]))
    await expect(session.write([insert('d', { number: 3 })])).rejects.toMatchObject(conflict)
    await storage.close()
  })
})

describe('an index that is not declared any more', () => {
  it('is kept for the tabs of its release, and dropped by the first of the next', async () => {
    const name = freshName()
    const first = indexedDbStorage({ name })
    await first.open()
    await first.apply(await first.plan([withIndexes(uniqueNumber, bySubject)]))
    const session = first.session({ tenantId })
    await session.write([insert('a', { number: 1 })])
    expect(await stepIds(first, withIndexes(bySubject))).toEqual([])
    await first.apply(await first.plan([withIndexes(bySubject)]))
    await expect(session.write([insert('b', { number: 1 })])).rejects.toMatchObject({ code: 'conflict' })
    await first.close()

    const next = indexedDbStorage({ name, release: 2 })
    await next.open()
    expect(await stepIds(next, withIndexes(bySubject))).toEqual(['release:2', 'drop:ticket:unique_number'])
    await next.apply(await next.plan([withIndexes(bySubject)]))
    await next.session({ tenantId }).write([insert('b', { number: 1 })])
    expect(await stepIds(next, withIndexes(bySubject))).toEqual([])
    await next.close()
  })
})

describe('an index whose fields change', () => {
  it('is filled anew, and serves its new order', async () => {
    const name = freshName()
    const session = (await openStorage({ name }, [withIndexes({ name: 'main', on: ['subject'] })])).session({
      tenantId,
    })
    await session.write([insert('a', { number: 2, subject: 'a' }), insert('b', { number: 1, subject: 'b' })])
    const later = (await openStorage({ name }, [withIndexes({ name: 'main', on: ['number'] })])).session({ tenantId })
    const { rows } = await later.find({ entity: ticket.name, order: ['number', 'id'], limit: 5 })
    expect(rows.map(({ id }) => id)).toEqual(['b', 'a'])
    expect(await isServed(later)).toBe(true)
  })
})
