import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quantileOfSorted } from './quantile.js'
import { groupRows } from './row-groups.js'

describe('groupRows', () => {
  it('finds the groups that text keys find, in order of appearance', () => {
    const row = fc.tuple(fc.integer({ min: 0, max: 5 }), fc.constantFrom(0, 1 / 7, 0.1 + 0.2, 0.3, 1e300))
    fc.assert(
      fc.property(fc.array(row, { maxLength: 100 }), (rows) => {
        const { groupOfRow, firstRow } = groupRows([
          Float64Array.from(rows, ([one]) => one),
          Float64Array.from(rows, ([, other]) => other),
        ])
        const keys = rows.map((values) => values.join('/'))
        const distinct = [...new Set(keys)]
        expect([...groupOfRow]).toEqual(keys.map((key) => distinct.indexOf(key)))
        expect([...firstRow]).toEqual(distinct.map((key) => keys.indexOf(key)))
      }),
      { seed: 2 },
    )
  })

  it('grows through a hundred thousand distinct rows', () => {
    const values = Float64Array.from({ length: 100_000 }, (_, i) => i / 7)
    const { groupOfRow, firstRow } = groupRows([values])
    expect(firstRow).toHaveLength(100_000)
    expect(groupOfRow.every((group, row) => group === row)).toBe(true)
  })

  it('has no groups without rows', () => {
    expect(groupRows([new Float64Array(0)]).firstRow).toHaveLength(0)
  })
})

describe('quantileOfSorted', () => {
  it.each([
    [0, 1],
    [0.2, 1.8],
    [0.5, 3],
    [0.9, 8.2],
    [1, 11],
  ])('is what R quantile(c(1, 2, 3, 4, 11), %d) gives: %d', (p, expected) => {
    expect(quantileOfSorted(Float64Array.of(1, 2, 3, 4, 11), p)).toBeCloseTo(expected, 14)
  })

  it('needs values and a share', () => {
    expect(() => quantileOfSorted(new Float64Array(0), 0.5)).toThrow(TypeError)
    expect(() => quantileOfSorted(Float64Array.of(1), 1.5)).toThrow(TypeError)
  })
})
