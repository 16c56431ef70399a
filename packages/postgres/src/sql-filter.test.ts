import { type Filter, isCrmError } from '@rapport/core/storage'
import { describe, expect, test } from 'vitest'
import { customerTable } from './customer.fixture.js'
import { SqlBinds } from './sql-binds.js'
import { afterPrefix, compileSqlFilter } from './sql-filter.js'

function compiled(filter: Filter): { sql: string; values: readonly unknown[] } {
  const binds = new SqlBinds()
  return { sql: compileSqlFilter(customerTable, filter, binds), values: binds.values }
}

describe('a filter as SQL', () => {
  test.each<[Filter, string, unknown[]]>([
    [{ op: 'eq', path: 'stage', value: 'won' }, '"stage" = $1::text', ['won']],
    [{ op: 'ne', path: 'orders', value: 3 }, '"orders" is distinct from $1::bigint', [3]],
    [{ op: 'lt', path: 'scores.clv.value', value: 0.5 }, '"scores__clv__value" < $1::double precision', [0.5]],
    [
      { op: 'gte', path: 'lastOrderAt', value: '2026-03-01T00:00:00.000Z' },
      '"last_order_at" >= $1::timestamptz',
      ['2026-03-01T00:00:00.000Z'],
    ],
    [{ op: 'in', path: 'stage', values: ['a', 'b'] }, '"stage" = any($1::text[])', [['a', 'b']]],
    [{ op: 'in', path: 'stage', values: [] }, 'false', []],
    [{ op: 'isNull', path: 'deletedAt' }, '("deleted_at" is null)', []],
    [{ op: 'has', path: 'tags', value: 'vip' }, '"tags" @> $1::text[]', [['vip']]],
    [{ op: 'hasAny', path: 'tags', value: ['a', 'b'] }, '"tags" && $1::text[]', [['a', 'b']]],
    [{ op: 'prefix', path: 'name', value: 'Ad' }, '("name" >= $1::text and "name" < $2::text)', ['Ad', 'Ae']],
    [{ op: 'contains', path: 'name', value: '%_' }, 'strpos("name", $1::text) > 0', ['%_']],
    [{ op: 'eq', path: 'custom.region.code', value: 'eu' }, '"custom" @> $1::jsonb', ['{"region":{"code":"eu"}}']],
    [{ op: 'has', path: 'custom.list', value: 1 }, '"custom" @> $1::jsonb', ['{"list":[1]}']],
    [
      { op: 'isNull', path: 'custom.a' },
      `(case when jsonb_typeof("custom" -> $1::text) <> 'null' then "custom" -> $1::text end is null)`,
      ['a'],
    ],
    [{ op: 'and', args: [] }, 'true', []],
    [{ op: 'or', args: [] }, 'false', []],
    [{ op: 'not', arg: { op: 'isNull', path: 'name' } }, 'not ("name" is null)', []],
    [{ op: 'not', arg: { op: 'eq', path: 'name', value: 'x' } }, '("name" = $1::text) is not true', ['x']],
  ])('%j', (filter, sql, values) => {
    expect(compiled(filter)).toEqual({ sql, values })
  })

  test('nested words keep their brackets', () => {
    const either: Filter = {
      op: 'or',
      args: [
        { op: 'isNull', path: 'name' },
        { op: 'eq', path: 'active', value: true },
      ],
    }
    expect(compiled({ op: 'and', args: [either, { op: 'eq', path: 'stage', value: 'a' }] }).sql).toBe(
      '((("name" is null) or "active" = $1::boolean) and "stage" = $2::text)',
    )
  })

  test.each<[Filter, string]>([
    [{ op: 'eq', path: 'orders', value: '3' }, 'false'],
    [{ op: 'ne', path: 'orders', value: '3' }, 'true'],
    [{ op: 'gt', path: 'lastOrderAt', value: 'never' }, 'false'],
    [{ op: 'in', path: 'active', values: ['true'] }, 'false'],
  ])('a value of another type never compares: %j', (filter, sql) => {
    expect(compiled(filter).sql).toBe(sql)
  })

  test('the text depends on the shape alone', () => {
    const of = (region: string, stages: string[]): string =>
      compiled({
        op: 'and',
        args: [
          { op: 'eq', path: 'custom.region', value: region },
          { op: 'in', path: 'stage', values: stages },
        ],
      }).sql
    expect(of('eu', ['a'])).toBe(of(`'; drop table x; --`, ['b', 'c', 'd']))
  })

  test.each(['nope', 'stage"; drop table x; --', 'tenant_id', 'name.first', '__proto__', 'constructor'])(
    'the undeclared path %s is refused and never becomes text',
    (path) => {
      const refusal = (): unknown => compiled({ op: 'eq', path, value: 1 })
      expect(refusal).toThrow(expect.objectContaining({ code: 'validation_failed' }))
    },
  )

  test('a range inside JSON is refused', () => {
    try {
      compiled({ op: 'lt', path: 'custom.seats', value: 3 })
      expect.unreachable()
    } catch (error) {
      expect(isCrmError(error, 'validation_failed')).toBe(true)
    }
  })
})

describe('the end of a prefix', () => {
  test.each([
    ['a', 'b'],
    ['az', 'a{'],
    ['\ud7ff', '\ue000'],
    ['a\u{10ffff}', 'b'],
    ['😀', '😁'],
    ['\u{10ffff}', undefined],
  ])('%j ends before %j', (prefix, end) => {
    expect(afterPrefix(prefix)).toBe(end)
  })
})
