import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Row } from '../row.js'
import { SortedIndex } from './sorted-index.js'

const row = (id: string): Row => ({ id, version: 1 })
const numeric = (): SortedIndex => new SortedIndex(([left], [right]) => Number(left) - Number(right))
const idsOf = (index: SortedIndex): string[] => {
  const ids: string[] = []
  index.forward(index.start, index.end, ({ id }) => ids.push(id) > 0)
  return ids
}

describe('SortedIndex', () => {
  it('agrees with a sorted list under inserts, removals and replacements over many blocks', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 6_000 }), { minLength: 3_000, maxLength: 5_000, size: 'max' }),
        (numbers) => {
          const index = numeric()
          const held = new Set<number>()
          for (const number of numbers) {
            if (held.delete(number)) index.remove([number])
            else {
              held.add(number)
              index.insert([number], row(`n${number}`))
            }
          }
          const expected = [...held].sort((a, b) => a - b)
          expect(idsOf(index)).toEqual(expected.map((number) => `n${number}`))
          expect(index.count(index.start, index.end)).toBe(expected.length)
          const backward: string[] = []
          index.backward(index.start, index.end, ({ id }) => backward.push(id) > 0)
          expect(backward).toEqual(expected.map((number) => `n${number}`).reverse())
          const from = index.seek(([key]) => Number(key) < 2_000)
          const to = index.seek(([key]) => Number(key) < 4_000)
          expect(index.count(from, to)).toBe(expected.filter((number) => number >= 2_000 && number < 4_000).length)
        },
      ),
      { numRuns: 10 },
    )
  })

  it('says whether a walk that was stopped had come to its end', () => {
    const index = numeric()
    for (let number = 0; number < 3_000; number++) index.insert([number], row(String(number)))
    const end = index.seek(([key]) => Number(key) < 2_500)
    const until =
      (last: string) =>
      ({ id }: Row) =>
        id !== last
    expect(index.forward(index.start, end, until('2499'))).toBe(true)
    expect(index.forward(index.start, end, until('2498'))).toBe(false)
    expect(index.forward(index.start, index.end, until('2999'))).toBe(true)
    // Keys inserted in ascending order fill blocks of 512: the end of a block is not the end of the stretch.
    for (const last of ['510', '511', '512', '1023']) expect(index.forward(index.start, end, until(last))).toBe(false)
    expect(index.backward(end, index.end, until('2500'))).toBe(true)
    expect(index.backward(end, index.end, until('2501'))).toBe(false)
  })

  it('ignores the removal of a key that is not there', () => {
    const index = numeric()
    index.insert([1], row('1'))
    index.remove([2])
    index.remove([0])
    expect(idsOf(index)).toEqual(['1'])
  })

  it('is copied so that both sides change apart', () => {
    const index = numeric()
    index.insert([1], row('1'))
    const copy = index.clone()
    copy.insert([2], row('2'))
    index.replace([1], row('one'))
    expect(idsOf(index)).toEqual(['one'])
    expect(idsOf(copy)).toEqual(['1', '2'])
  })
})
