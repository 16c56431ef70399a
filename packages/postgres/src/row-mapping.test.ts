import { describe, expect, test } from 'vitest'
import { customerTable } from './customer.fixture.js'
import { instantOfText, parseTextArray, rowOf } from './row-mapping.js'
import { arrayText } from './wire-message.js'

describe('instants', () => {
  test.each([
    ['2026-03-01 10:00:00+00', '2026-03-01T10:00:00.000Z'],
    ['2026-03-01 10:00:00.5+00', '2026-03-01T10:00:00.500Z'],
    ['2026-03-01 10:00:00.123+00', '2026-03-01T10:00:00.123Z'],
    ['0001-01-01 00:00:00+00', '0001-01-01T00:00:00.000Z'],
    ['2026-03-01 18:00:00+08', '2026-03-01T10:00:00.000Z'],
    ['2026-03-01 04:30:00.25-05:30', '2026-03-01T10:00:00.250Z'],
    ['1890-01-01 00:53:28+00:53:28', '1890-01-01T00:00:00.000Z'],
  ])('%s is %s', (text, instant) => {
    expect(instantOfText(text)).toBe(instant)
  })
})

describe('lists of text', () => {
  test.each([[[]], [['a', 'b']], [['']], [['NULL', 'null']], [['a "q" \\ {x},y', ' ', '\n', '😀']]])(
    '%j comes back',
    (list) => {
      expect(parseTextArray(arrayText(list))).toEqual(list)
    },
  )

  test("PostgreSQL's own spelling without quotes is read", () => {
    expect(parseTextArray('{a,b c,"d,e"}')).toEqual(['a', 'b c', 'd,e'])
  })
})

test('a row leaves out what is missing and has numbers and instants in canonical form, whatever the driver made of them', () => {
  const columns = ['id', 'version', 'orders', 'name', 'lastOrderAt', 'scores.clv.value'].map(
    (path) => customerTable.column(path)!,
  )
  const values = ['c1', '3', '9007199254740991', null, new Date('2026-03-01T10:00:00.000Z'), 0.1]
  expect(rowOf(columns, values)).toEqual({
    id: 'c1',
    version: 3,
    orders: 9007199254740991,
    lastOrderAt: '2026-03-01T10:00:00.000Z',
    'scores.clv.value': 0.1,
  })
})
