import { describe, expect, it } from 'vitest'
import { rankCandidates } from './search-rank.js'

const rank = (query: string, ...texts: readonly string[]): string[] =>
  rankCandidates(
    query,
    texts.map((text) => ({ id: text, texts: [text] })),
    10,
  ).map(({ id }) => id)

describe('rankCandidates', () => {
  it('puts the same before a beginning before a part before a typo before another word', () => {
    expect(rank('martin', 'Peter', 'Marten', 'Sanmartin', 'Martinez', 'Martín')).toEqual([
      'Martín',
      'Martinez',
      'Sanmartin',
      'Marten',
      'Peter',
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

  it('lies between 0 and 1, and is 1 for the text itself', () => {
    expect(rankCandidates('Ada King', [{ id: 'a', texts: ['x@y.z', 'ADA KING'] }], 1)).toEqual([
      { id: 'a', similarity: 1 },
    ])
    expect(rankCandidates('', [{ id: 'a', texts: [''] }], 1)).toEqual([{ id: 'a', similarity: 0 }])
  })

  it('breaks ties by id and cuts at the limit', () => {
    const texts = ['same']
    const ranked = rankCandidates(
      'same',
      [
        { id: 'b', texts },
        { id: 'a', texts },
        { id: 'c', texts },
      ],
      2,
    )
    expect(ranked.map(({ id }) => id)).toEqual(['a', 'b'])
  })
})
