import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crossSellList, recommendNext, upSellList } from './recommend-next.js'
import { similarItems } from './similar-items.js'

// phone 4, case 3, charger 2, lens 1 baskets; phone & case 3, phone & charger 1, case & charger 1.
const BASKETS = [['phone', 'case'], ['phone', 'case', 'charger'], ['phone', 'case'], ['phone'], ['charger'], ['lens']]

describe('similarItems', () => {
  const of = (measure: 'cosine' | 'jaccard' | 'lift', shrinkage = 0) =>
    Object.fromEntries(
      similarItems(BASKETS, { measure, shrinkage })
        .get('phone')!
        .map(({ item, similarity }) => [item, similarity]),
    )

  it('measures cosine, jaccard and lift', () => {
    expect(of('cosine').case).toBeCloseTo(3 / Math.sqrt(12), 12)
    expect(of('cosine').charger).toBeCloseTo(1 / Math.sqrt(8), 12)
    expect(of('jaccard')).toEqual({ case: 3 / 4, charger: 1 / 5 })
    // 3 x 6 / (4 x 3) and 1 x 6 / (4 x 2).
    expect(of('lift')).toEqual({ case: 1.5, charger: 0.75 })
  })

  it('shrinks what few baskets say', () => {
    // Lift 1.5 x 3/5 and 0.75 x 1/3.
    expect(of('lift', 2).case).toBeCloseTo(0.9, 12)
    expect(of('lift', 2).charger).toBeCloseTo(0.25, 12)
  })

  it('is symmetric, within bounds, and never an item with itself', () => {
    const baskets = fc.array(fc.array(fc.constantFrom('a', 'b', 'c', 'd', '__proto__'), { maxLength: 6 }))
    fc.assert(
      fc.property(baskets, fc.constantFrom('cosine' as const, 'jaccard' as const), (all, measure) => {
        const similar = similarItems(all, { measure })
        for (const [item, list] of similar) {
          for (const { item: other, similarity, count } of list) {
            expect(other).not.toBe(item)
            expect(similarity).toBeGreaterThan(0)
            expect(similarity).toBeLessThanOrEqual(1 + 1e-12)
            expect(count).toBe(
              all.filter((basket) => basket.includes(item as 'a') && basket.includes(other as 'a')).length,
            )
            expect(similar.get(other)?.find((back) => back.item === item)?.similarity).toBe(similarity)
          }
        }
      }),
      { seed: 3 },
    )
  })

  it('takes a basket of 10,000 items, and refuses what would not end', () => {
    const giant = Array.from({ length: 10_000 }, (_, i) => `item ${i}`)
    expect(similarItems([giant], { measure: 'cosine', top: 2 }).get('item 7')).toHaveLength(2)
    expect(() => similarItems(new Array(11).fill(giant), { measure: 'cosine' })).toThrow(/baskets, row 10: .*1e9 pairs/)
    expect(() => similarItems([], { measure: 'cosine', shrinkage: -1 })).toThrow(TypeError)
    expect(() => similarItems([], { measure: 'pearson' as 'cosine' })).toThrow(TypeError)
    expect(similarItems([], { measure: 'cosine' }).size).toBe(0)
  })
})

describe('recommendNext', () => {
  const neighbours = similarItems(BASKETS, { measure: 'jaccard' })

  it('sums the similarities to what is owned and names the links', () => {
    // charger: 1/5 to the phone, 1/4 to the case.
    expect(recommendNext(['phone', 'case'], neighbours)).toEqual([
      {
        item: 'charger',
        score: 0.25 + 0.2,
        reasons: [
          { what: 'bought_together', effect: 'raises', evidence: { owned: 'case', count: 1, similarity: 0.25 } },
          { what: 'bought_together', effect: 'raises', evidence: { owned: 'phone', count: 1, similarity: 0.2 } },
        ],
      },
    ])
    expect(recommendNext(['phone'], neighbours).map(({ item }) => item)).toEqual(['case', 'charger'])
    expect(recommendNext(['phone'], neighbours, { top: 1 })).toHaveLength(1)
    expect(recommendNext(['lens', 'unknown'], neighbours)).toEqual([])
  })
})

describe('crossSellList and upSellList', () => {
  const neighbours = similarItems(BASKETS, { measure: 'jaccard' })
  const catalogue = new Map([
    ['phone', { category: 'phones', price: 300 }],
    ['phone pro', { category: 'phones', price: 500 }],
    ['phone max', { category: 'phones', price: 450 }],
    ['phone gold', { category: 'phones', price: 9000 }],
    ['phone mini', { category: 'phones', price: 200 }],
    ['case', { category: 'covers', price: 20 }],
    ['charger', { category: 'power', price: 30 }],
  ])

  it('cross-sells from categories the customer has nothing of', () => {
    expect(crossSellList(['phone'], neighbours, catalogue).map(({ item }) => item)).toEqual(['case', 'charger'])
    expect(crossSellList(['phone', 'case'], neighbours, catalogue).map(({ item }) => item)).toEqual(['charger'])
    catalogue.delete('charger')
    expect(crossSellList(['phone', 'case'], neighbours, catalogue)).toEqual([])
  })

  it('up-sells dearer items of the same category within reach, those that owners buy first', () => {
    expect(upSellList(['phone'], neighbours, catalogue)).toEqual([
      {
        item: 'phone max',
        score: 0,
        reasons: [
          { what: 'dearer_in_category', effect: 'raises', evidence: { owned: 'phone', ownedPrice: 300, price: 450 } },
        ],
      },
      expect.objectContaining({ item: 'phone pro', score: 0 }),
    ])
    const histories = similarItems([...BASKETS, ['phone', 'phone pro']], { measure: 'jaccard' })
    expect(upSellList(['phone'], histories, catalogue).map(({ item }) => item)).toEqual(['phone pro', 'phone max'])
    expect(upSellList(['phone', 'phone pro'], histories, catalogue)).toEqual([])
    expect(upSellList([], histories, catalogue)).toEqual([])
  })
})
