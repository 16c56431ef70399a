import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Row } from '../row.js'
import { rankHits } from '../search-hits.js'
import { PostingList } from './posting-list.js'
import { PostingLists } from './posting-lists.js'

const rowOf = (id: string, terms: readonly string[]): Row => ({ id, version: 1, terms: [...terms] })

describe('PostingLists', () => {
  const letter = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')
  const state = fc.record({
    id: fc.constantFrom(...'012345678', '\uff5e', '😀'),
    terms: fc.array(letter),
    gone: fc.boolean(),
  })

  it('finds what counting row by row finds, whatever was changed before', () => {
    fc.assert(
      fc.property(
        fc.array(state, { maxLength: 60 }),
        fc.uniqueArray(letter, { minLength: 1 }),
        fc.nat({ max: 5 }),
        fc.integer({ min: 1, max: 12 }),
        (states, terms, least, limit) => {
          const lists = new PostingLists('terms')
          const rows = new Map<string, Row>()
          for (const { id, terms: held, gone } of states) {
            const after = gone ? undefined : rowOf(id, held)
            lists.change(rows.get(id), after)
            if (after) rows.set(id, after)
            else rows.delete(id)
          }
          const atLeast = 1 + (least % terms.length)
          const passes = (row: Row): boolean => row.id !== '3'
          const naive = [...rows.values()].filter(passes).flatMap((row) => {
            const held = new Set(row.terms as string[])
            const overlap = terms.filter((term) => held.has(term)).length
            return overlap >= atLeast ? [{ id: row.id, overlap }] : []
          })
          const found = lists.best({ terms, atLeast, limit, passes })
          expect(found.map(({ row, overlap }) => ({ id: row.id, overlap }))).toEqual(rankHits(naive, limit))
        },
      ),
    )
  })

  it('finds the first by id, in whatever order thousands of rows came and changed', () => {
    const idOf = (index: number): string => String(index).padStart(4, '0')
    const termsOf = (index: number): string[] => ['all', `half${index % 2}`, `third${index % 3}`]
    const lists = new PostingLists('terms')
    const rows = new Map<string, Row>()
    const put = (index: number, terms: readonly string[]): void => {
      const row = rowOf(idOf(index), terms)
      lists.change(rows.get(row.id), row)
      rows.set(row.id, row)
    }
    for (let index = 0; index < 1_500; index++) put(index, ['none'])
    // 7 and 3,000 have no factor in common, so every index comes once, out of order.
    for (let index = 0; index < 3_000; index++) put((index * 7) % 3_000, termsOf((index * 7) % 3_000))
    for (const limit of [1, 20, 2_000]) {
      const found = lists.best({
        terms: ['all', 'half1', 'third2'],
        atLeast: 2,
        limit,
        passes: ({ id }) => id !== '0005',
      })
      const naive = [...rows.values()].flatMap(({ id, terms }) => {
        const overlap = (terms as string[]).filter((term) => ['all', 'half1', 'third2'].includes(term)).length
        return overlap >= 2 && id !== '0005' ? [{ id, overlap }] : []
      })
      expect(found.map(({ row, overlap }) => ({ id: row.id, overlap }))).toEqual(rankHits(naive, limit))
    }
  })

  it('looks the candidates of a rare term up in the long list of a common one', () => {
    const lists = new PostingLists('terms')
    for (let index = 0; index < 1_000; index++)
      lists.change(
        undefined,
        rowOf(String(index).padStart(4, '0'), index % 400 === 7 ? ['rare', 'common'] : ['common']),
      )
    const found = lists.best({ terms: ['common', 'rare'], atLeast: 2, limit: 10, passes: () => true })
    expect(found.map(({ row }) => row.id)).toEqual(['0007', '0407', '0807'])
  })
})

describe('PostingList', () => {
  it('finds the place of a number from any start', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat({ max: 200 }), { maxLength: 80 }),
        fc.nat({ max: 210 }),
        fc.nat(),
        (some, wanted, seed) => {
          const numbers = some.sort((left, right) => left - right)
          const list = new PostingList('term')
          for (const number of numbers) list.push(number)
          const place = numbers.filter((number) => number < wanted).length
          expect(list.placeOf(wanted, seed % (place + 1))).toBe(place)
        },
      ),
    )
  })
})
