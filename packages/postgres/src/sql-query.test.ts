import type { OrderTerm, Scalar } from '@rapport/core/storage'
import { describe, expect, test } from 'vitest'
import { customerTable } from './customer.fixture.js'
import { profileOf } from './profile/profile.js'
import { compileAggregate } from './sql-aggregate.js'
import { compileFind, compileGetMany } from './sql-query.js'

function find(order: readonly OrderTerm[], after?: readonly (Scalar | null)[]): string {
  return compileFind(customerTable, 'acme', {
    entity: 'customer',
    order,
    limit: 50,
    fields: ['name'],
    ...(after && { after }),
  }).text
}

const at = '2026-03-01T00:00:00.000Z'

describe('a page as SQL', () => {
  test('names the tenant, the columns and one row more than the limit', () => {
    const query = compileFind(customerTable, 'acme', {
      entity: 'customer',
      where: { op: 'eq', path: 'stage', value: 'won' },
      order: ['-updatedAt', '-id'],
      limit: 50,
      fields: ['name'],
    })
    expect(query.text).toBe(
      'select "id", "version", "updated_at", "name" from "rapport"."customer" where "tenant_id" = $1::text and ' +
        '"stage" = $2::text order by "updated_at" desc, "id" desc limit 51',
    )
    expect(query.values).toEqual(['acme', 'won'])
  })

  test('one direction over required paths is a comparison of rows', () => {
    expect(find(['-updatedAt', '-id'], [at, 'x'])).toContain('("updated_at", "id") < ($2::timestamptz, $3::text)')
  })

  test('mixed directions are spelt out, with the bound an index starts from', () => {
    expect(find(['-updatedAt', 'id'], [at, 'x'])).toContain(
      '(("updated_at" < $2::timestamptz or ("updated_at" = $2::timestamptz and ("id" > $3::text))) and "updated_at" <= $2::timestamptz)',
    )
  })

  test('a first term that may be missing makes two ranges, the missing ones last', () => {
    const text = find(['-lastOrderAt', '-id'], [at, 'x'])
    expect(text).toContain('("last_order_at", "id") < ($2::timestamptz, $3::text)')
    expect(text).toContain('union all')
    expect(text).toContain('"last_order_at" is null order by "last_order_at" desc nulls last, "id" desc limit 51')
  })

  test('behind a row without the first term only such rows follow', () => {
    const text = find(['-lastOrderAt', '-id'], [null, 'x'])
    expect(text).toContain('"last_order_at" is null and ("id" < $2::text)')
    expect(text).not.toContain('union all')
  })

  test('one id and several have one text each', () => {
    for (const profile of [profileOf('postgres'), profileOf('cockroach')]) {
      const text = (...ids: string[]): string => compileGetMany(customerTable, 't', ids, profile).text
      expect(text('a')).toMatch(/"id" = \$2::text$/)
      expect(text('a', 'b')).toBe(text('a', 'b', 'c'))
    }
  })
})

describe('an aggregate as SQL', () => {
  test('buckets are local dates, weeks start where asked, offsets are no POSIX zones', () => {
    const by = [{ path: 'updatedAt', bucket: 'week' }] as const
    const compute = { revenue: { fn: 'sum', path: 'orders' } } as const
    const zoned = compileAggregate(customerTable, 't', {
      entity: 'customer',
      by,
      compute,
      timeZone: 'Asia/Shanghai',
      weekStart: 'sunday',
    })
    expect(zoned.text).toContain(
      `to_char(date_trunc('week', "updated_at" at time zone $2::text + interval '1 day') - interval '1 day', 'YYYY-MM-DD')`,
    )
    expect(zoned.values).toEqual(['t', 'Asia/Shanghai'])
    const offset = compileAggregate(customerTable, 't', { entity: 'customer', by, compute, timeZone: '+05:30' })
    expect(offset.text).toContain('at time zone $2::interval')
  })
})
