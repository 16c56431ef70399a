import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileOrder, orderValues } from '../compare-rows.js'
import type { OrderTerm } from '../entity-def.js'
import { compileFilter } from '../evaluate-filter.js'
import type { Filter } from '../filter.js'
import type { Query } from '../query.js'
import type { Row, Scalar } from '../row.js'
import { filter, order, rowList, sample } from '../sample-entity.fixture.js'
import type { StorageSession } from '../storage-adapter.js'
import { openMemory } from './memory-storage.fixture.js'

/** All pages of a query, one after the other. */
async function walk(session: StorageSession, query: Query): Promise<Row[]> {
  const rows: Row[] = []
  let after: (Scalar | null)[] | undefined
  for (;;) {
    const page = await session.find({ ...query, ...(after && { after }) })
    rows.push(...page.rows)
    const last = page.rows.at(-1)
    if (page.done || !last) return rows
    after = orderValues(sample, last, query.order)
  }
}

const insert = (session: StorageSession, rows: readonly Row[]) =>
  session.write(rows.map((row) => ({ do: 'insert', entity: 'sample', row })))

describe('find', () => {
  it('walks pages that together are the sorted list of matching rows', async () => {
    await fc.assert(
      fc.asyncProperty(
        filter,
        order,
        rowList(25),
        fc.integer({ min: 1, max: 7 }),
        async (where, terms, rows, limit) => {
          const { session } = await openMemory()
          if (rows.length > 0) await insert(session, rows)
          const found = await walk(session, { entity: 'sample', where, order: terms, limit })
          expect(found).toEqual(rows.filter(compileFilter(sample, where)).sort(compileOrder(sample, terms)))
        },
      ),
      { numRuns: 600 },
    )
  })

  const served: Filter = { op: 'and', args: [{ op: 'eq', path: 'stage', value: 'a' }] }
  const orders: fc.Arbitrary<OrderTerm[]> = fc.constantFrom<OrderTerm[]>(
    ['-at', '-id'],
    ['at', 'id'],
    ['stage', '-at', '-id'],
    ['name', 'id'],
    ['-name', '-id'],
    ['name', '-at', '-id'],
    ['-size', 'dueAt', 'id'],
    ['size', '-dueAt', '-id'],
    ['id'],
    ['-id'],
  )

  it('does so where an index serves filter and order, from any cursor', async () => {
    const range = fc.oneof(
      filter,
      fc.constantFrom<Filter>(
        { op: 'isNull', path: 'deletedAt' },
        { op: 'gt', path: 'at', value: '2026-01-01T00:00:00.000Z' },
        { op: 'lte', path: 'at', value: '2026-01-01T00:00:00.001Z' },
        { op: 'prefix', path: 'name', value: 'a' },
        { op: 'lt', path: 'name', value: 'b' },
        { op: 'gte', path: 'name', value: 'a' },
        { op: 'eq', path: 'name', value: 'a' },
        { op: 'eq', path: 'size', value: 2 },
        { op: 'gte', path: 'dueAt', value: '2026-01-01T00:00:00.001Z' },
        { op: 'in', path: 'stage', values: ['a', 'b'] },
      ),
    )
    await fc.assert(
      fc.asyncProperty(
        orders,
        fc.array(range, { maxLength: 3 }),
        rowList(25),
        rowList(1),
        async (terms, conditions, rows, [cursor]) => {
          const { session } = await openMemory()
          if (rows.length > 0) await insert(session, rows)
          const where: Filter = { op: 'and', args: conditions.length % 2 === 0 ? conditions : [...conditions, served] }
          const sorted = rows.filter(compileFilter(sample, where)).sort(compileOrder(sample, terms))
          expect(await walk(session, { entity: 'sample', where, order: terms, limit: 3 })).toEqual(sorted)
          if (!cursor) return
          const after = orderValues(sample, cursor, terms)
          const { rows: behind } = await session.find({ entity: 'sample', where, order: terms, after, limit: 1_000 })
          const compare = compileOrder(sample, terms)
          expect(behind).toEqual(sorted.filter((row) => compare(row, cursor) > 0))
        },
      ),
      { numRuns: 600 },
    )
  })

  describe('with 3,000 rows', async () => {
    const { session, visits } = await openMemory()
    const at = (index: number): string => new Date(Date.UTC(2026, 0, 1) + index * 60_000).toISOString()
    await insert(
      session,
      Array.from({ length: 3_000 }, (_, index) => ({
        id: `r${String(index).padStart(4, '0')}`,
        version: 1,
        stage: `s${index % 3}`,
        at: at(index),
        ...(index % 2 === 0 && { name: `n${index % 10}` }),
        ...(index % 7 === 0 && { deletedAt: at(index) }),
        tags: index % 100 === 0 ? ['rare'] : ['common'],
      })),
    )
    const touched = async (query: Omit<Query, 'entity'>): Promise<{ rows: number; visits: number; done: boolean }> => {
      visits.count = 0
      const page = await session.find({ entity: 'sample', ...query })
      return { rows: page.rows.length, visits: visits.count, done: page.done }
    }
    const stage: Filter = { op: 'eq', path: 'stage', value: 's1' }

    it.each<[string, Omit<Query, 'entity'>]>([
      ['equality and the order behind it', { where: stage, order: ['-at', '-id'], limit: 50 }],
      ['the same backward', { where: stage, order: ['at', 'id'], limit: 50 }],
      ['from a cursor', { where: stage, order: ['-at', '-id'], after: [at(1_500), 'r1500'], limit: 50 }],
      ['from a cursor backward', { where: stage, order: ['at', 'id'], after: [at(1_500), 'r1500'], limit: 50 }],
      [
        'a range on the next term',
        {
          where: { op: 'and', args: [stage, { op: 'lt', path: 'at', value: at(900) }] },
          order: ['-at', '-id'],
          limit: 50,
        },
      ],
      ['a single in', { where: { op: 'in', path: 'stage', values: ['s1'] }, order: ['-at', '-id'], limit: 50 }],
      ['no filter, by id', { order: ['-id'], limit: 50 }],
      ['a live index', { where: { op: 'isNull', path: 'deletedAt' }, order: ['name', 'id'], limit: 50 }],
      [
        'missing values',
        {
          where: {
            op: 'and',
            args: [
              { op: 'isNull', path: 'deletedAt' },
              { op: 'isNull', path: 'name' },
            ],
          },
          order: ['id'],
          limit: 50,
        },
      ],
      [
        'a prefix',
        {
          where: {
            op: 'and',
            args: [
              { op: 'isNull', path: 'deletedAt' },
              { op: 'prefix', path: 'name', value: 'n4' },
            ],
          },
          order: ['name', 'id'],
          limit: 50,
        },
      ],
    ])('touches no more rows than it returns: %s', async (_, query) => {
      expect(await touched(query)).toEqual({ rows: 50, visits: 50, done: false })
    })

    it('touches one row for an id', async () => {
      expect(
        await touched({ where: { op: 'eq', path: 'id', value: 'r0007' }, order: ['name', 'id'], limit: 50 }),
      ).toEqual({ rows: 1, visits: 1, done: true })
    })

    it('touches only members for has', async () => {
      expect(
        await touched({ where: { op: 'has', path: 'tags', value: 'rare' }, order: ['at', 'id'], limit: 50 }),
      ).toEqual({ rows: 30, visits: 30, done: true })
    })

    it('touches nothing for a filter that nothing passes', async () => {
      expect(await touched({ where: { op: 'or', args: [] }, order: ['id'], limit: 50 })).toEqual({
        rows: 0,
        visits: 0,
        done: true,
      })
    })

    it('knows that a full page is the last one', async () => {
      expect((await touched({ where: stage, order: ['-at', '-id'], after: [at(151), 'r0151'], limit: 50 })).done).toBe(
        true,
      )
    })

    it('knows that a full page is the last one also where it had to sort', async () => {
      const where: Filter = { op: 'has', path: 'tags', value: 'rare' }
      expect((await touched({ where, order: ['at', 'id'], limit: 30 })).done).toBe(true)
      expect((await touched({ where, order: ['at', 'id'], limit: 29 })).done).toBe(false)
    })

    it('walks the order rather than sort half of everything', async () => {
      const { visits: seen } = await touched({
        where: { op: 'and', args: [stage, { op: 'has', path: 'tags', value: 'common' }] },
        order: ['-at', '-id'],
        limit: 50,
      })
      expect(seen).toBeLessThan(60)
    })

    it('returns the fields asked for, the id, the version and the order', async () => {
      const { rows } = await session.find({ entity: 'sample', order: ['at', 'id'], limit: 1, fields: ['stage'] })
      expect(rows).toEqual([{ id: 'r0000', version: 1, stage: 's0', at: at(0) }])
    })
  })
})
