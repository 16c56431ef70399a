import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rankCandidates } from './search-rank.js'

const named = (field: string, texts: readonly string[], weight = 1) => ({ field, weight, texts })

const rank = (query: string, ...texts: readonly string[]): string[] =>
  rankCandidates(
    query,
    texts.map((text) => ({ id: text, fields: [named('name', [text])] })),
    10,
  ).map(({ id }) => id)

describe('rankCandidates', () => {
  it('puts the same before a beginning before a part before a typo before another word', () => {
    expect(rank('martin', 'Peter', 'Marten', 'Sanmartin', 'Martinez', 'Martín')).toEqual([
      'Martín',
      'Martinez',
      'Sanmartin',
      'Marten',
    ])
  })

  it('wants all words of the query', () => {
    expect(rank('ada king', 'Ada Prince', 'Ada King', 'Adam Kingsley')).toEqual([
      'Ada King',
      'Adam Kingsley',
      'Ada Prince',
    ])
  })

  it('finds part of a Chinese name and of a number', () => {
    expect(rank('小明', '王大明', '王小明')[0]).toBe('王小明')
    expect(rank('1234', '0170 9999999', '0170 1234567')[0]).toBe('0170 1234567')
  })

  it('leaves out what has nothing in common', () => {
    expect(rank('martin', 'Peter', '王小明', '1234', '')).toEqual([])
    expect(rank('', 'Peter', '')).toEqual([])
  })

  it('takes a number with another prefix for the same', () => {
    expect(rank('0170 1234567', '0170 7654321', '+49 170 1234567')[0]).toBe('+49 170 1234567')
    expect(rank('+49 170 1234567', '0171 1234567', '0170 1234567')[0]).toBe('0170 1234567')
  })

  it('counts a match by the weight of its field, and names the fields', () => {
    const ranked = rankCandidates(
      'ada king',
      [
        { id: 'note', fields: [named('note', ['Ada King'], 0.5)] },
        { id: 'name', fields: [named('name', ['Ada King']), named('mail', ['ada@king.org'], 0.9)] },
      ],
      10,
    )
    expect(ranked).toEqual([
      { id: 'name', score: 1, matched: ['name', 'mail'] },
      { id: 'note', score: 0.5, matched: ['note'] },
    ])
  })

  it('lies between 0 and 1, and is 1 for the text itself', () => {
    expect(rankCandidates('Ada King', [{ id: 'a', fields: [named('name', ['x@y.z', 'ADA KING'])] }], 1)).toEqual([
      { id: 'a', score: 1, matched: ['name'] },
    ])
    const text = fc.string({ unit: 'grapheme', maxLength: 20 })
    fc.assert(
      fc.property(text, fc.array(text, { maxLength: 4 }), (query, texts) => {
        for (const { score } of rankCandidates(query, [{ id: 'a', fields: [named('name', texts)] }], 1)) {
          expect(score).toBeGreaterThan(0)
          expect(score).toBeLessThanOrEqual(1)
        }
      }),
    )
  })

  it('breaks ties by id and cuts at the limit', () => {
    const fields = [named('name', ['same'])]
    const ranked = rankCandidates(
      'same',
      ['b', 'a', 'c'].map((id) => ({ id, fields })),
      2,
    )
    expect(ranked.map(({ id }) => id)).toEqual(['a', 'b'])
  })
})
