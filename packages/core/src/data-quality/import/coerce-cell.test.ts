import { describe, expect, test } from 'vitest'
import { type Cell, type CellStyle, coerceCell } from './coerce-cell.js'
import type { ImportFieldKind } from './import-field.js'

function read(kind: ImportFieldKind, cell: Cell, style: CellStyle = {}, more = {}): unknown {
  const coerced = coerceCell({ path: 'x', kind, required: false, ...more }, cell, style)
  return 'fault' in coerced ? `! ${coerced.fault.split(':')[0]}` : coerced.value
}

const twoWays = '! can be read in two ways'

describe('numbers', () => {
  test.each<[Cell, CellStyle, unknown]>([
    ['1234.5', {}, 1234.5],
    ['1,234.50', {}, 1234.5],
    ['1.234,50', {}, 1234.5],
    ['1.234.567', {}, 1234567],
    ["1'234.5", {}, 1234.5],
    ['1 234,5', {}, 1234.5],
    ['12,5', {}, 12.5],
    ['0,125', {}, 0.125],
    ['1,234', {}, twoWays],
    ['1,234', { decimal: '.' }, 1234],
    ['1,234', { decimal: ',' }, 1.234],
    ['(12)', {}, -12],
    ['12-', {}, -12],
    ['−3', {}, -3],
    ['１２', {}, 12],
    ['1e3', {}, 1000],
    [42, {}, 42],
    ['15 %', {}, '! must be a number such as 1234.5'],
    ['1,2,3', { decimal: '.' }, '! must be a number such as 1234.5'],
    ['', {}, '! must be a number such as 1234.5'],
  ])('%j with %j', (cell, style, expected) => {
    expect(read('number', cell, style)).toEqual(expected)
  })

  test('a whole number is whole and exact', () => {
    expect(read('integer', '1.5')).toBe('! must be a whole number')
    expect(read('integer', '9007199254740993')).toBe('! must be a whole number')
  })
})

describe('dates and moments', () => {
  test.each<[string, CellStyle, unknown]>([
    ['2026-03-01', {}, '2026-03-01'],
    ['2026/3/1', {}, '2026-03-01'],
    ['20260301', {}, '2026-03-01'],
    ['2026年3月1日', {}, '2026-03-01'],
    ['1.3.2026', {}, '2026-03-01'],
    ['13/3/2026', {}, '2026-03-13'],
    ['3/13/2026', {}, '2026-03-13'],
    ['3/3/2026', {}, '2026-03-03'],
    ['3/4/2026', {}, twoWays],
    ['3/4/2026', { dateOrder: 'dayFirst' }, '2026-04-03'],
    ['3/4/2026', { dateOrder: 'monthFirst' }, '2026-03-04'],
    ['3/13/2026', { dateOrder: 'dayFirst' }, '! must be a date that exists'],
    ['1 Mar 2026', {}, '2026-03-01'],
    ['March 1st, 2026', {}, '2026-03-01'],
    ['30.2.2026', {}, '! must be a date that exists'],
    ['1.3.26', {}, '! must be a date such as 2026-03-01'],
    ['soon', {}, '! must be a date such as 2026-03-01'],
  ])('date %j with %j', (cell, style, expected) => {
    expect(read('date', cell, style)).toBe(expected)
  })

  test.each<[string, CellStyle, unknown]>([
    ['2026-03-01T10:00:00+01:00', {}, '2026-03-01T09:00:00.000Z'],
    ['2026-03-01 10:00', {}, '! has no time zone'],
    ['2026-03-01 10:00', { zone: '+08:00' }, '2026-03-01T02:00:00.000Z'],
    ['1.3.2026 9:05:07', { zone: 'Z' }, '2026-03-01T09:05:07.000Z'],
    ['3/4/2026 12:30 AM', { zone: 'Z', dateOrder: 'monthFirst' }, '2026-03-04T00:30:00.000Z'],
    ['2026-03-01', { zone: '+01:00' }, '2026-02-28T23:00:00.000Z'],
    ['25 o’clock', { zone: 'Z' }, '! must be a date such as 2026-03-01'],
  ])('moment %j with %j', (cell, style, expected) => {
    expect(read('instant', cell, style)).toBe(expected)
  })
})

describe('money, yes and no, words and lists', () => {
  test.each<[string, CellStyle, unknown]>([
    ['1,234.50 EUR', {}, { amountMinor: 123450, currency: 'EUR' }],
    ['€1.234,50', {}, { amountMinor: 123450, currency: 'EUR' }],
    ['¥ 1200', { currency: 'JPY' }, { amountMinor: 1200, currency: 'JPY' }],
    ['¥ 1200', { currency: 'CNY' }, { amountMinor: 120000, currency: 'CNY' }],
    ['12.50', {}, '! has no currency'],
    ['12 USD', { currency: 'EUR' }, '! is in another currency than the column'],
    ['12.345 USD', { decimal: '.' }, '! USD has 2 decimal digits; round the amount first'],
    ['12 QQQ', {}, '! must be in a currency of ISO 4217 such as EUR'],
  ])('money %j with %j', (cell, style, expected) => {
    expect(read('money', cell, style)).toEqual(expected)
  })

  test.each<[Cell, unknown]>([
    ['Yes', true],
    ['是', true],
    ['x', true],
    ['1', true],
    [true, true],
    ['no', false],
    ['否', false],
    ['0', false],
    ['perhaps', '! must be yes or no, 是 or 否'],
  ])('yes or no %j', (cell, expected) => {
    expect(read('boolean', cell)).toBe(expected)
  })

  test('words are found without case, spaces and marks, or by a word of the file', () => {
    const more = { options: ['customer', 'marketingQualifiedLead'] }
    expect(read('choice', 'Marketing qualified lead', {}, more)).toBe('marketingQualifiedLead')
    expect(read('choice', '客户', { values: { 客户: 'customer' } }, more)).toBe('customer')
    expect(read('choice', 'rival', {}, more)).toBe('! must be one of customer, marketingQualifiedLead')
    expect(read('choices', 'Customer; 客户', { values: { 客户: 'customer' } }, more)).toEqual(['customer'])
  })

  test('lists part at semicolons, else at commas; JSON says what those cannot', () => {
    expect(read('texts', 'a, b;c')).toEqual(['a, b', 'c'])
    expect(read('texts', 'a, b，c')).toEqual(['a', 'b', 'c'])
    expect(read('texts', '["a;b"," c"]')).toEqual(['a;b', ' c'])
    const emails = { itemTexts: ['address', 'type'] }
    expect(read('list', 'a@x.co; b@x.co', {}, emails)).toEqual([{ address: 'a@x.co' }, { address: 'b@x.co' }])
    const refs = { itemTexts: ['system', 'externalId'] }
    expect(read('list', 'c-1', { item: { system: 'shop' } }, refs)).toEqual([{ system: 'shop', externalId: 'c-1' }])
    expect(read('list', '[{"address":"a@x.co","type":"work"}]', {}, emails)).toEqual([
      { address: 'a@x.co', type: 'work' },
    ])
  })

  test('text is trimmed unless it is to be kept', () => {
    expect(read('text', ' a ')).toBe('a')
    expect(read('text', ' a ', { spaces: 'keep' })).toBe(' a ')
    expect(read('text', 12)).toBe('12')
  })
})
