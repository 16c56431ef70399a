import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rankColumn, sortRows } from './column-ranks.js'

const compare = new Intl.Collator('en').compare
const all = (count: number): Uint32Array => Uint32Array.from({ length: count }, (_, row) => row)

describe('sorting by ranks', () => {
  test('text is collated, not compared by code point', () => {
    const values = ['Zoe', 'Émile', 'adam', 'Ängström', 'Bob']
    const rows = sortRows(all(5), rankColumn(values, compare), 'ascending')
    expect(Array.from(rows, (row) => values[row])).toEqual(['adam', 'Ängström', 'Bob', 'Émile', 'Zoe'])
  })

  test('missing values stay last in both directions', () => {
    const ranks = rankColumn([2, undefined, 1, undefined, 3], compare)
    expect(Array.from(sortRows(all(5), ranks, 'ascending'))).toEqual([2, 0, 4, 1, 3])
    expect(Array.from(sortRows(all(5), ranks, 'descending'))).toEqual([4, 0, 2, 1, 3])
  })

  test('equal values keep their order in both directions, also when only the collator finds them equal', () => {
    const loose = new Intl.Collator('en', { sensitivity: 'base' }).compare
    const ranks = rankColumn(['b', 'A', 'a', 'B'], loose)
    expect(Array.from(sortRows(all(4), ranks, 'ascending'))).toEqual([1, 2, 0, 3])
    expect(Array.from(sortRows(all(4), ranks, 'descending'))).toEqual([0, 3, 1, 2])
  })

  test('the collator runs over distinct values only', () => {
    let calls = 0
    const counting = (left: string, right: string): number => {
      calls++
      return compare(left, right)
    }
    rankColumn(
      Array.from({ length: 10_000 }, (_, row) => `name ${row % 10}`),
      counting,
    )
    expect(calls).toBeLessThan(100)
  })

  test('agrees with a stable comparison sort on any column and any selection of rows', () => {
    const value = fc.oneof(fc.constant(undefined), fc.integer({ min: -5, max: 5 }), fc.double({ noNaN: true }))
    fc.assert(
      fc.property(fc.array(value, { maxLength: 60 }), fc.boolean(), fc.integer(), (values, descending, seed) => {
        const rows = all(values.length).filter((row) => (row * 31 + seed) % 3 !== 0)
        const expected = [...rows].sort((left, right) => {
          const [a, b] = [values[left], values[right]]
          if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined)
          return descending ? b - a : a - b
        })
        const sorted = sortRows(rows, rankColumn(values, compare), descending ? 'descending' : 'ascending')
        expect(Array.from(sorted)).toEqual(expected)
      }),
    )
  })
})
