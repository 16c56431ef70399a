import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isCrmError } from '../kernel/crm-error.js'
import { compileFilter } from '../storage/evaluate-filter.js'
import type { Filter } from '../storage/filter.js'
import { prepareFilter } from '../storage/prepare-filter.js'
import type { Row } from '../storage/row.js'
import { findRecords } from './record-reader.js'
import { failureOf, noteEntity, openSession } from './session-context.fixture.js'
import { resolveFolding, toFilter, type Where } from './where.js'

const title = { op: 'eq', path: 'title', value: 'x' } as const

describe('toFilter', () => {
  test('means everything when nothing is asked', () => {
    for (const where of [undefined, {}, { and: [] }, { title: undefined }])
      expect(toFilter(where)).toEqual({ op: 'and', args: [] })
  })

  test('means nothing for an empty or', () => {
    expect(toFilter({ or: [] })).toEqual({ op: 'or', args: [] })
    expect(toFilter({ title: 'x', or: [] })).toEqual({ op: 'or', args: [] })
  })

  test.each<[Where, Filter]>([
    [{ title: 'x' }, title],
    [{ title: { eq: 'x' } }, title],
    [
      { readCount: { gte: 1, lt: 5 } },
      {
        op: 'and',
        args: [
          { op: 'lt', path: 'readCount', value: 5 },
          { op: 'gte', path: 'readCount', value: 1 },
        ],
      },
    ],
    [{ status: { in: ['draft'] } }, { op: 'in', path: 'status', values: ['draft'] }],
    [{ body: { isNull: true } }, { op: 'isNull', path: 'body' }],
    [{ body: { isNull: false } }, { op: 'not', arg: { op: 'isNull', path: 'body' } }],
    [{ title: { prefix: 'a', fold: true } }, { op: 'prefix', path: 'title', value: 'a', fold: true }],
    [{ title: { contains: 'a', fold: false } }, { op: 'contains', path: 'title', value: 'a' }],
    [{ tags: { has: 'vip' } }, { op: 'has', path: 'tags', value: 'vip' }],
    [{ tags: { hasAny: ['a', 'b'] } }, { op: 'hasAny', path: 'tags', value: ['a', 'b'] }],
    [{ not: { title: 'x' } }, { op: 'not', arg: title }],
    [
      { or: [{ title: 'x' }, { urgent: true }] },
      { op: 'or', args: [title, { op: 'eq', path: 'urgent', value: true }] },
    ],
    [{ and: [title, { urgent: true }] }, { op: 'and', args: [title, { op: 'eq', path: 'urgent', value: true }] }],
  ])('compiles %j', (where, filter) => {
    expect(toFilter(where)).toEqual(filter)
  })

  test('accepts a plain filter as it is, also inside an object', () => {
    const plain: Filter = { op: 'or', args: [title, { op: 'not', arg: { op: 'isNull', path: 'body' } }] }
    expect(toFilter(plain)).toEqual(plain)
    expect(toFilter({ and: [plain] })).toEqual(plain)
  })

  test('keeps nothing of a plain filter that its operator does not use', () => {
    const smuggled = { op: 'eq', path: 'title', value: 'x', args: [], arg: {}, extra: 1 }
    expect(toFilter(smuggled)).toEqual(title)
    expect(Object.keys(toFilter(smuggled))).toEqual(['op', 'path', 'value'])
  })

  test.each<[unknown, string]>([
    [null, 'where'],
    ['title', 'where'],
    [[], 'where'],
    [{ title: null }, 'where.title'],
    [{ title: {} }, 'where.title'],
    [{ title: { like: 'x' } }, 'where.title.like'],
    [{ title: { prefix: 5 } }, 'where.title.prefix'],
    [{ title: { fold: true } }, 'where.title.fold'],
    [{ title: { eq: 'x', fold: true } }, 'where.title.fold'],
    [{ title: { prefix: 'x', fold: 'yes' } }, 'where.title.prefix.fold'],
    [{ body: { isNull: 1 } }, 'where.body.isNull'],
    [{ or: { title: 'x' } }, 'where.or'],
    [{ and: [{ or: 5 }] }, 'where.and.0.or'],
    [{ not: null }, 'where.not'],
    [{ op: 'eq', value: 1 }, 'where.path'],
    [{ op: 'like', path: 'title', value: 'x' }, 'where.op'],
    [{ op: 'and' }, 'where.args'],
    [{ op: 'not' }, 'where.arg'],
    [{ op: 'in', path: 'title', values: 'x' }, 'where.values'],
  ])('refuses %j, naming %s', async (where, field) => {
    const error = await failureOf(() => toFilter(where))
    expect(error).toMatchObject({ code: 'validation_failed', details: { field } })
  })

  test('refuses what is too deep, too wide, or named too long, at once', async () => {
    let deep: unknown = { title: 'x' }
    for (let level = 0; level < 50_000; level++) deep = { not: deep }
    const wide = { or: Array.from({ length: 200_000 }, () => ({ title: 'x' })) }
    const manyKeys = Object.fromEntries(Array.from({ length: 200_000 }, (_, index) => [`f${index}`, 1]))
    const long = `${'a.'.repeat(500_000)}b`
    for (const where of [deep, wide, manyKeys, { [long]: 1 }, { op: 'eq', path: long, value: 1 }])
      expect(isCrmError(await failureOf(() => toFilter(where)), 'validation_failed')).toBe(true)
  })
})

describe('resolveFolding', () => {
  test('asks the folded shadow for the folded text', () => {
    const where = toFilter({ not: { or: [{ title: { contains: 'ÉCLAIR', fold: true } }, { title: { prefix: 'É' } }] } })
    expect(resolveFolding(noteEntity, where)).toEqual({
      op: 'not',
      arg: {
        op: 'or',
        args: [
          { op: 'contains', path: 'titleFolded', value: 'eclair' },
          { op: 'prefix', path: 'title', value: 'É' },
        ],
      },
    })
  })

  test('refuses fold where the field declares none', async () => {
    const where = toFilter({ body: { prefix: 'x', fold: true } })
    expect(await failureOf(() => resolveFolding(noteEntity, where))).toMatchObject({
      code: 'validation_failed',
      details: { field: 'body' },
    })
  })
})

const paths = fc.constantFrom(
  'title',
  'status',
  'urgent',
  'readCount',
  'dueAt',
  'tags',
  'price.amountMinor',
  'createdBy.id',
  'custom.x',
  'titleFolded',
  'uniqueKey',
  '__proto__',
  'constructor',
  '',
  'and',
)
const operators = fc.constantFrom(
  ...[
    'eq',
    'ne',
    'lt',
    'lte',
    'gt',
    'gte',
    'in',
    'isNull',
    'prefix',
    'contains',
    'fold',
    'has',
    'hasAny',
    'op',
    'nope',
  ],
)
const value = fc.oneof(
  fc.constantFrom<unknown>('a', 'é', '', 'draft', 0, 1, 1.5, true, null, '2026-03-01', '\u0000', '\ud800'),
  fc.jsonValue({ maxDepth: 2 }),
)
const { hostile } = fc.letrec((tie) => ({
  term: fc.oneof(value, fc.dictionary(operators, fc.oneof(value, fc.array(value, { maxLength: 3 })), { maxKeys: 3 })),
  plain: fc.record(
    {
      op: fc.oneof(fc.constantFrom('and', 'or', 'not'), operators),
      path: paths,
      value,
      values: fc.array(value, { maxLength: 3 }),
      args: fc.array(tie('hostile'), { maxLength: 3 }),
      arg: tie('hostile'),
      fold: fc.boolean(),
    },
    { requiredKeys: ['op'] },
  ),
  sugar: fc.oneof(
    fc.dictionary(paths, tie('term'), { maxKeys: 3 }),
    fc.record(
      {
        and: fc.array(tie('hostile'), { maxLength: 3 }),
        or: fc.array(tie('hostile'), { maxLength: 3 }),
        not: tie('hostile'),
      },
      { requiredKeys: [] },
    ),
  ),
  hostile: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'where' },
    fc.jsonValue({ maxDepth: 2 }),
    tie('sugar'),
    tie('plain'),
  ),
}))

test('a where from the wire gives a page, or a typed refusal: never another error', async () => {
  const { context } = await openSession()
  const allowed = ['validation_failed', 'unsupported', 'access_denied']
  let pages = 0
  await fc.assert(
    fc.asyncProperty(hostile, async (where) => {
      const wire: unknown = JSON.parse(JSON.stringify(where) ?? 'null')
      try {
        await findRecords(context, noteEntity, { where: wire as Where })
        pages++
      } catch (error) {
        if (!isCrmError(error) || !allowed.includes(error.code)) throw error
      }
    }),
    { numRuns: 1_500 },
  )
  expect(pages).toBeGreaterThan(0)
})

test('sugar and the plain filter say the same of every row', () => {
  const scalar = fc.constantFrom('draft', 'done', 'a')
  const leaf: fc.Arbitrary<{ sugar: Where; plain: Filter }> = fc.oneof(
    scalar.map((it) => ({ sugar: { status: it }, plain: { op: 'eq', path: 'status', value: it } as const })),
    scalar.map((it) => ({ sugar: { title: { ne: it } }, plain: { op: 'ne', path: 'title', value: it } as const })),
    scalar.map((it) => ({
      sugar: { title: { prefix: it } },
      plain: { op: 'prefix', path: 'title', value: it } as const,
    })),
    fc.integer({ min: 0, max: 3 }).map((it) => ({
      sugar: { readCount: { gt: it } },
      plain: { op: 'gt', path: 'readCount', value: it } as const,
    })),
    fc.boolean().map((it) => ({
      sugar: { body: { isNull: it } },
      plain: it
        ? ({ op: 'isNull', path: 'body' } as const)
        : ({ op: 'not', arg: { op: 'isNull', path: 'body' } } as const),
    })),
  )
  type Pair = { sugar: Where; plain: Filter }
  const { pair } = fc.letrec<{ pair: Pair }>((tie) => ({
    pair: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'pair' },
      leaf,
      fc.array(tie('pair'), { maxLength: 3 }).map((pairs) => ({
        sugar: { and: pairs.map((one) => one.sugar) },
        plain: { op: 'and', args: pairs.map((one) => one.plain) } as const,
      })),
      fc.array(tie('pair'), { maxLength: 3 }).map((pairs) => ({
        sugar: { or: pairs.map((one) => one.sugar) },
        plain: { op: 'or', args: pairs.map((one) => one.plain) } as const,
      })),
      tie('pair').map((one) => ({ sugar: { not: one.sugar }, plain: { op: 'not', arg: one.plain } as const })),
    ),
  }))
  const row = fc.record(
    {
      id: fc.constant('n1'),
      version: fc.constant(1),
      title: scalar,
      status: scalar,
      body: scalar,
      readCount: fc.integer({ min: 0, max: 3 }),
    },
    { requiredKeys: ['id', 'version'] },
  ) as fc.Arbitrary<Row>
  const judge = (where: Where) => compileFilter(noteEntity.storage, prepareFilter(noteEntity.storage, toFilter(where)))
  fc.assert(
    fc.property(pair, row, ({ sugar, plain }, record) => {
      const expected = compileFilter(noteEntity.storage, plain)(record)
      expect(judge(sugar)(record)).toBe(expected)
      expect(judge(plain)(record)).toBe(expected)
    }),
    { numRuns: 1_500 },
  )
})
