import { describe, expect, it } from 'vitest'
import { isCrmError } from '../kernel/crm-error.js'
import { definitionsOf } from './definitions.js'
import { prepareAggregate } from './prepare-aggregate.js'
import { prepareFilter } from './prepare-filter.js'
import { prepareQuery } from './prepare-query.js'
import { prepareSearch } from './prepare-search.js'
import type { Aggregate, Query, Search } from './query.js'
import { sample } from './sample-entity.fixture.js'

const definitions = definitionsOf([sample])

/** Code and field of the error that a call throws. */
function refusal(call: () => unknown): string {
  try {
    call()
  } catch (error) {
    if (isCrmError(error)) return `${error.code} ${error.details.field ?? error.details.entity}`
    throw error
  }
  return 'accepted'
}

const nested = (depth: number): unknown =>
  depth === 1 ? { op: 'isNull', path: 'name' } : { op: 'not', arg: nested(depth - 1) }
const wide = (count: number): unknown => ({
  op: 'and',
  args: Array.from({ length: count }, () => ({ op: 'isNull', path: 'name' })),
})

describe('prepareFilter', () => {
  it.each<[string, unknown, string]>([
    ['no object', 'stage = won', 'validation_failed where'],
    ['a list', [], 'validation_failed where'],
    ['null', null, 'validation_failed where'],
    ['no operator', { path: 'stage' }, 'validation_failed where.op'],
    [
      'an unknown operator deep down',
      { op: 'and', args: [{ op: 'or', args: [{ op: 'like', path: 'name', value: 'x' }] }] },
      'validation_failed where.args.0.args.0.op',
    ],
    ['an inherited operator', { op: 'constructor', path: 'name', value: 'x' }, 'validation_failed where.op'],
    ['args that are no list', { op: 'and', args: {} }, 'validation_failed where.args'],
    ['a missing argument', { op: 'not' }, 'validation_failed where.arg'],
    ['no path', { op: 'eq', value: 1 }, 'validation_failed where.path'],
    ['an unknown path', { op: 'eq', path: 'nope', value: 1 }, 'validation_failed nope'],
    ['an inherited property as path', { op: 'isNull', path: 'toString' }, 'validation_failed toString'],
    ['a path below a text', { op: 'isNull', path: 'name.first' }, 'validation_failed name.first'],
    ['an empty key in a json path', { op: 'isNull', path: 'custom..x' }, 'validation_failed custom..x'],
    ['null', { op: 'eq', path: 'name', value: null }, 'validation_failed name'],
    ['no value', { op: 'eq', path: 'name' }, 'validation_failed name'],
    ['a text for a number', { op: 'eq', path: 'size', value: '1' }, 'validation_failed size'],
    ['a fraction for an integer', { op: 'lt', path: 'size', value: 1.5 }, 'validation_failed size'],
    ['an unsafe integer', { op: 'eq', path: 'size', value: 2 ** 53 }, 'validation_failed size'],
    ['NaN', { op: 'eq', path: 'scores.value', value: Number.NaN }, 'validation_failed scores.value'],
    ['infinity', { op: 'lt', path: 'scores.value', value: Number.POSITIVE_INFINITY }, 'validation_failed scores.value'],
    ['a big integer', { op: 'eq', path: 'size', value: 1n }, 'validation_failed size'],
    ['a number for a bool', { op: 'eq', path: 'open', value: 1 }, 'validation_failed open'],
    ['an impossible date', { op: 'eq', path: 'at', value: '2026-02-30T00:00:00Z' }, 'validation_failed at'],
    ['U+0000', { op: 'eq', path: 'name', value: 'a\u0000' }, 'validation_failed name'],
    ['a lone surrogate', { op: 'prefix', path: 'name', value: '\ud800' }, 'validation_failed name'],
    ['an object as value', { op: 'eq', path: 'custom.region', value: {} }, 'validation_failed custom.region'],
    ['eq on a list', { op: 'eq', path: 'tags', value: 'x' }, 'validation_failed tags'],
    ['a range on a list', { op: 'lt', path: 'tags', value: 'x' }, 'validation_failed tags'],
    ['eq on a whole json field', { op: 'eq', path: 'custom', value: 'x' }, 'validation_failed custom'],
    ['has on a single value', { op: 'has', path: 'name', value: 'x' }, 'validation_failed name'],
    ['a number in a text list', { op: 'has', path: 'tags', value: 1 }, 'validation_failed tags'],
    ['hasAny of a single value', { op: 'hasAny', path: 'tags', value: 'x' }, 'validation_failed where.value'],
    ['prefix on a number', { op: 'prefix', path: 'size', value: '1' }, 'validation_failed size'],
    ['contains of a number', { op: 'contains', path: 'name', value: 1 }, 'validation_failed name'],
    [
      'fold, which is resolved above',
      { op: 'contains', path: 'name', value: 'x', fold: true },
      'validation_failed where.fold',
    ],
    ['values that are no list', { op: 'in', path: 'name', values: 'x' }, 'validation_failed where.values'],
    [
      '1,001 values',
      { op: 'in', path: 'size', values: Array.from({ length: 1_001 }, (_, index) => index) },
      'validation_failed where.values',
    ],
    ['33 levels', nested(33), 'validation_failed where'],
    ['1,001 nodes', wide(1_000), 'validation_failed where'],
    ['a range in a json field', { op: 'lt', path: 'custom.region', value: 'x' }, 'unsupported custom.region'],
    ['a prefix in a json field', { op: 'prefix', path: 'custom.region', value: 'x' }, 'unsupported custom.region'],
  ])('refuses %s', (_, filter, expected) => {
    expect(refusal(() => prepareFilter(sample, filter))).toBe(expected)
  })

  it.each<[string, unknown]>([
    ['1,000 values', { op: 'in', path: 'size', values: Array.from({ length: 1_000 }, (_, index) => index) }],
    ['32 levels', nested(32)],
    ['1,000 nodes', wide(999)],
    ['any scalar in a json field', { op: 'in', path: 'custom.region', values: ['x', 1, true] }],
    ['membership in a json field', { op: 'has', path: 'custom.list', value: 1 }],
    [
      'empty lists',
      {
        op: 'or',
        args: [
          { op: 'in', path: 'name', values: [] },
          { op: 'hasAny', path: 'tags', value: [] },
        ],
      },
    ],
  ])('accepts %s', (_, filter) => {
    expect(prepareFilter(sample, filter)).toEqual(filter)
  })

  it('brings instants into canonical form and leaves out what is not part of a filter', () => {
    const given = { op: 'gte', path: 'at', value: '2026-03-01T11:00:00+01:00', comment: 'x' }
    expect(prepareFilter(sample, given)).toEqual({ op: 'gte', path: 'at', value: '2026-03-01T10:00:00.000Z' })
    expect(prepareFilter(sample, { op: 'eq', path: 'scores.value', value: -0 })).toStrictEqual({
      op: 'eq',
      path: 'scores.value',
      value: 0,
    })
  })

  it('never repeats a value in its error', () => {
    const call = (): unknown => prepareFilter(sample, { op: 'eq', path: 'size', value: 'secret-4711' })
    expect(call).toThrow()
    try {
      call()
    } catch (error) {
      expect(JSON.stringify(error)).not.toContain('secret-4711')
    }
  })
})

describe('prepareQuery', () => {
  const prepare = (query: object): Query =>
    prepareQuery(definitions, { entity: 'sample', order: [], limit: 10, ...query } as Query)

  it('completes the order with the id, in the direction of the term before it', () => {
    expect(prepare({}).order).toEqual(['id'])
    expect(prepare({ order: ['-at'] }).order).toEqual(['-at', '-id'])
    expect(prepare({ order: ['-at', 'name'] }).order).toEqual(['-at', 'name', 'id'])
    expect(prepare({ order: ['-at', 'id'] }).order).toEqual(['-at', 'id'])
  })

  it.each<[string, object, string]>([
    ['an unknown entity', { entity: 'nope' }, 'validation_failed nope'],
    ['an entity that is no text', { entity: 7 }, 'validation_failed entity'],
    ['limit 0', { limit: 0 }, 'validation_failed limit'],
    ['limit 1,001', { limit: 1_001 }, 'validation_failed limit'],
    ['a fraction as limit', { limit: 1.5 }, 'validation_failed limit'],
    ['no order', { order: undefined }, 'validation_failed order'],
    ['an unknown term', { order: ['-nope'] }, 'validation_failed nope'],
    ['a term twice', { order: ['at', '-at'] }, 'validation_failed at'],
    ['a term behind the id', { order: ['id', 'at'] }, 'validation_failed order'],
    ['an order by a list', { order: ['tags'] }, 'validation_failed tags'],
    ['an order by a json field', { order: ['custom'] }, 'validation_failed custom'],
    ['an order inside a json field', { order: ['custom.region'] }, 'unsupported custom.region'],
    ['a cursor that is too short', { order: ['at'], after: ['2026-01-01T00:00:00.000Z'] }, 'validation_failed after'],
    ['a cursor of a wrong type', { order: ['size'], after: ['x', 'r1'] }, 'validation_failed size'],
    ['a cursor without the id', { order: ['size'], after: [1, null] }, 'validation_failed id'],
    ['a missing value where one is required', { order: ['at'], after: [null, 'r1'] }, 'validation_failed at'],
    ['an unknown field', { fields: ['stage', 'nope'] }, 'validation_failed nope'],
  ])('refuses %s', (_, query, expected) => {
    expect(refusal(() => prepare(query))).toBe(expected)
  })

  it('accepts missing values in a cursor, and fields inside a json field', () => {
    expect(prepare({ order: ['size'], after: [null, 'r1'], fields: ['custom.region', 'custom.list', 'name'] })).toEqual(
      {
        entity: 'sample',
        order: ['size', 'id'],
        limit: 10,
        after: [null, 'r1'],
        fields: ['custom', 'name'],
      },
    )
  })
})

describe('prepareAggregate', () => {
  const prepare = (aggregate: object): Aggregate =>
    prepareAggregate(definitions, { entity: 'sample', compute: { n: { fn: 'count' } }, ...aggregate } as Aggregate)

  it.each<[string, object, string]>([
    ['nothing to compute', { compute: {} }, 'validation_failed compute'],
    ['an unknown function', { compute: { n: { fn: 'median', path: 'size' } } }, 'validation_failed compute.n.fn'],
    ['a sum of nothing', { compute: { n: { fn: 'sum' } } }, 'validation_failed compute.n.path'],
    ['a sum of texts', { compute: { n: { fn: 'sum', path: 'name' } } }, 'validation_failed name'],
    ['the least bool', { compute: { n: { fn: 'min', path: 'open' } } }, 'validation_failed open'],
    ['a bucket of numbers', { by: [{ path: 'size', bucket: 'day' }] }, 'validation_failed size'],
    ['an unknown bucket', { by: [{ path: 'at', bucket: 'decade' }] }, 'validation_failed by.0.bucket'],
    ['groups by a list', { by: ['tags'] }, 'validation_failed tags'],
    ['groups inside a json field', { by: ['custom.region'] }, 'unsupported custom.region'],
    ['an unknown zone', { timeZone: 'Mars/Olympus' }, 'validation_failed timeZone'],
    ['an unknown first day', { weekStart: 'friday' }, 'validation_failed weekStart'],
    ['no groups', { limit: 0 }, 'validation_failed limit'],
    ['a bad filter', { where: { op: 'eq' } }, 'validation_failed where.path'],
  ])('refuses %s', (_, aggregate, expected) => {
    expect(refusal(() => prepare(aggregate))).toBe(expected)
  })

  it('accepts what it should', () => {
    const aggregate = {
      entity: 'sample',
      by: ['stage', { path: 'at', bucket: 'week' }],
      compute: { n: { fn: 'count' }, withTags: { fn: 'count', path: 'tags' }, sum: { fn: 'sum', path: 'size' } },
      timeZone: 'Europe/Berlin',
      weekStart: 'sunday',
      limit: 5,
    }
    expect(prepare(aggregate)).toEqual(aggregate)
  })
})

describe('prepareSearch', () => {
  const prepare = (search: object): Search =>
    prepareSearch(definitions, {
      entity: 'sample',
      path: 'terms',
      terms: ['a'],
      atLeast: 1,
      limit: 5,
      ...search,
    } as Search)

  it.each<[string, object, string]>([
    ['a field without such an index', { path: 'tags' }, 'validation_failed tags'],
    ['no terms', { terms: [] }, 'validation_failed terms'],
    ['an empty term', { terms: ['a', ''] }, 'validation_failed terms.1'],
    ['more overlap than terms', { terms: ['a', 'a'], atLeast: 2 }, 'validation_failed atLeast'],
    ['limit 1,001', { limit: 1_001 }, 'validation_failed limit'],
  ])('refuses %s', (_, search, expected) => {
    expect(refusal(() => prepare(search))).toBe(expected)
  })

  it('names each term once', () => {
    expect(prepare({ terms: ['a', 'b', 'a'] }).terms).toEqual(['a', 'b'])
  })
})
