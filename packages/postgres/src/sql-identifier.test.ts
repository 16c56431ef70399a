import { describe, expect, test } from 'vitest'
import { byteLength, columnName, quoteIdentifier, shortenIdentifier, tableName } from './sql-identifier.js'

describe('names in the database', () => {
  test.each([
    ['lastOrderAt', 'last_order_at'],
    ['scores.clv.probabilityAlive', 'scores__clv__probability_alive'],
    ['id', 'id'],
    ['tenantId', '~tenantId'],
    ['xmin', '~xmin'],
    ['last_order_at', '~last_order_at'],
  ])('the column of %s is %s', (path, column) => {
    expect(columnName(path)).toBe(column)
  })

  test('tables of the adapter itself stay free', () => {
    expect(tableName('contactPoint')).toBe('contact_point')
    expect(tableName('change')).toBe('~change')
  })

  test('paths that look alike have columns of their own', () => {
    const paths = ['aB', 'a.b', 'a.B', 'a_b', 'a__b', 'ab', 'a..b', '.ab', 'ab.']
    expect(new Set(paths.map(columnName)).size).toBe(paths.length)
  })

  test('a long name is cut to 63 bytes and stays different from its neighbours', () => {
    const long = 'ü'.repeat(40)
    const names = [`${long}a`, `${long}b`].map(shortenIdentifier)
    expect(new Set(names).size).toBe(2)
    for (const name of names) expect(byteLength(name)).toBeLessThanOrEqual(63)
  })

  test('quotes are doubled', () => {
    expect(quoteIdentifier('a"; drop table x; --')).toBe('"a""; drop table x; --"')
  })
})
