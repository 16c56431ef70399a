import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileOrder, isAfter, orderValues } from './compare-rows.js'
import type { Row } from './row.js'
import { order, rowList, sample } from './sample-entity.fixture.js'

const row = (id: string, values: Readonly<Record<string, unknown>>): Row => ({ ...values, id, version: 1 })
const sortedIds = (rows: readonly Row[], ...terms: string[]): string[] =>
  rows.toSorted(compileOrder(sample, terms)).map(({ id }) => id)

describe('compileOrder', () => {
  const rows = [row('none', {}), row('two', { size: 2 }), row('minus', { size: -1 })]

  it('puts missing values last, ascending and descending', () => {
    expect(sortedIds(rows, 'size', 'id')).toEqual(['minus', 'two', 'none'])
    expect(sortedIds(rows, '-size', 'id')).toEqual(['two', 'minus', 'none'])
  })

  it('orders strings by code point', () => {
    const texts = [row('emoji', { name: '\u{1f600}' }), row('private', { name: '\u{e000}' }), row('z', { name: 'z' })]
    expect(sortedIds(texts, 'name', 'id')).toEqual(['z', 'private', 'emoji'])
    expect(sortedIds(texts, '-name', 'id')).toEqual(['emoji', 'private', 'z'])
  })

  it('orders false before true', () => {
    expect(sortedIds([row('t', { open: true }), row('f', { open: false })], 'open', 'id')).toEqual(['f', 't'])
  })

  it('refuses a field without an order', () => {
    expect(() => compileOrder(sample, ['tags'])).toThrow(/has no order/)
    expect(() => compileOrder(sample, ['custom.region'])).toThrow(/has no order/)
  })
})

describe('isAfter', () => {
  it('cuts a sorted list at the place of any of its rows', () => {
    fc.assert(
      fc.property(order, rowList(12), fc.nat(11), (terms, rows, place) => {
        const sorted = rows.toSorted(compileOrder(sample, terms))
        const cut = sorted[place]
        if (!cut) return
        expect(sorted.filter(isAfter(sample, terms, orderValues(sample, cut, terms)))).toEqual(sorted.slice(place + 1))
      }),
    )
  })
})
