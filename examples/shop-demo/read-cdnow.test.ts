import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readCdnow } from './read-cdnow.js'
import { StartRefusal } from './start-refusal.js'

const header = 'master_id,customer_id,date,cds,price'
const read = (...rows: string[]): ReturnType<typeof readCdnow> => readCdnow([header, ...rows, ''].join('\n'), 'log.csv')

describe('the committed log', () => {
  const log = readCdnow(readFileSync(new URL('data/cdnow_sample.csv', import.meta.url), 'utf8'), 'cdnow_sample.csv')

  // Rows and customers: the data set's own description.
  test('has 6,919 purchases of 2,357 customers', () => {
    expect(log.length).toBe(6_919)
    expect(new Set(log.map(({ customerId }) => customerId)).size).toBe(2_357)
  })

  test('is numbered as an editor numbers its lines', () => {
    expect(log[0]).toEqual({
      line: 2,
      customerId: 1,
      day: '1997-01-01',
      cds: 2,
      price: { amountMinor: 2933, currency: 'USD' },
    })
    expect(log.at(-1)?.line).toBe(6_920)
  })
})

describe('a line', () => {
  test('may end as on Windows, and the file may begin with a byte order mark', () => {
    expect(readCdnow(`\uFEFF${header}\r\n4,1,1997-01-18,2,29.73\r\n`, 'log.csv')).toHaveLength(1)
  })

  test.each([
    ['4,1,1997-01-18,2', 'log.csv, line 2: expected 5 fields (master_id,customer_id,date,cds,price), found 4.'],
    ['', 'log.csv, line 2: expected 5 fields (master_id,customer_id,date,cds,price), found 1.'],
    ['4,x,1997-01-18,2,29.73', 'log.csv, line 2: customer_id "x" is not a whole number from 1.'],
    ['4,0,1997-01-18,2,29.73', 'log.csv, line 2: customer_id "0" is not a whole number from 1.'],
    ['4,1,1997-02-30,2,29.73', 'log.csv, line 2: date "1997-02-30" is not a day such as 1997-01-18.'],
    ['4,1,18.1.1997,2,29.73', 'log.csv, line 2: date "18.1.1997" is not a day such as 1997-01-18.'],
    ['4,1,1997-01-18,1.5,29.73', 'log.csv, line 2: cds "1.5" is not a whole number from 1.'],
    ['4,1,1997-01-18,2,29.731', 'log.csv, line 2: price "29.731" is not an amount in dollars such as 29.73.'],
    ['4,1,1997-01-18,2,-5', 'log.csv, line 2: price "-5" is not an amount in dollars such as 29.73.'],
    ['4,1,1997-01-18,2,1e3', 'log.csv, line 2: price "1e3" is not an amount in dollars such as 29.73.'],
    ['4,1,1997-01-18,2,', 'log.csv, line 2: price "" is not an amount in dollars such as 29.73.'],
  ])('%j is refused with its number and its fault', (row, message) => {
    expect(() => read(row, '4,1,1997-01-19,2,29.73')).toThrow(new StartRefusal(message))
  })

  test('cannot write over the terminal with what it holds', () => {
    expect(() => read('4,1,\u001b[2J\u0007,2,29.73')).toThrow('date "\\u001b[2J\\u0007" is not a day')
    expect(() => read(`4,1,${'9'.repeat(500)},2,29.73`)).toThrow(/^.{0,140}$/)
  })
})

test.each([
  ['', 'log.csv, line 1: expected the header master_id,customer_id,date,cds,price.'],
  ['a,b\n1,2', 'log.csv, line 1: expected the header master_id,customer_id,date,cds,price.'],
  [`${header}\n`, 'log.csv, line 2: expected at least one purchase.'],
])('the file %j is refused', (text, message) => {
  expect(() => readCdnow(text, 'log.csv')).toThrow(new StartRefusal(message))
})
