import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AssociationRule, associationRuleReasons, associationRules } from './association-rules.js'

// The example of the mlxtend user guide on association rules.
const GROCERIES = [
  ['Milk', 'Onion', 'Nutmeg', 'Kidney Beans', 'Eggs', 'Yogurt'],
  ['Dill', 'Onion', 'Nutmeg', 'Kidney Beans', 'Eggs', 'Yogurt'],
  ['Milk', 'Apple', 'Kidney Beans', 'Eggs'],
  ['Milk', 'Unicorn', 'Corn', 'Kidney Beans', 'Yogurt'],
  ['Corn', 'Onion', 'Onion', 'Kidney Beans', 'Ice cream', 'Eggs'],
]
const key = ({ antecedent, consequent }: AssociationRule) => `${antecedent.join('+')}>${consequent.join('+')}`

describe('associationRules', () => {
  it('finds the published rules with support, confidence, lift, leverage and conviction', () => {
    const rules = new Map(
      associationRules(GROCERIES, { minSupport: 0.6, minConfidence: 0.7 }).map((rule) => [key(rule), rule]),
    )
    expect(rules.size).toBe(12)
    const onion = rules.get('Eggs>Onion')!
    expect(onion.count).toBe(3)
    expect(onion.support).toBeCloseTo(0.6, 12)
    expect(onion.confidence).toBeCloseTo(0.75, 12)
    expect(onion.lift).toBeCloseTo(1.25, 12)
    expect(onion.leverage).toBeCloseTo(0.12, 12)
    expect(onion.conviction).toBeCloseTo(1.6, 12)
    const eggs = rules.get('Onion>Eggs')!
    expect([eggs.confidence, eggs.lift, eggs.conviction]).toEqual([1, 1.25, undefined])
    expect(rules.get('Kidney Beans>Eggs')?.lift).toBe(1)
    expect(rules.get('Kidney Beans+Onion>Eggs')?.confidence).toBe(1)
  })

  it('equals brute-force enumeration on random small baskets', () => {
    const baskets = fc.array(fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { maxLength: 8 }), {
      maxLength: 25,
    })
    fc.assert(
      fc.property(
        baskets,
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 0, max: 10 }),
        (all, support, confidence) => {
          const options = { minSupport: support / 10, minConfidence: confidence / 10, maxLength: 4 }
          const found = associationRules(all, options)
          const expected = bruteForce(all, support, confidence)
          expect(new Map(found.map((rule) => [key(rule), rule.count]))).toEqual(
            new Map([...expected].map(([rule, { both }]) => [rule, both])),
          )
          for (const rule of found) {
            const { both, left, right, n } = expected.get(key(rule))!
            expect(rule.support).toBeCloseTo(both / n, 12)
            expect(rule.confidence).toBeCloseTo(both / left, 12)
            expect(rule.lift).toBeCloseTo(both / left / (right / n), 10)
            expect(rule.leverage).toBeCloseTo(both / n - (left * right) / n / n, 12)
            if (both < left) expect(rule.conviction).toBeCloseTo((1 - right / n) / (1 - both / left), 9)
            else expect(rule.conviction).toBeUndefined()
          }
        },
      ),
      { seed: 3, numRuns: 300 },
    )
  })

  it('compares thresholds as counts: 28 % of 25 baskets is 7 of them', () => {
    expect(0.28 * 25).toBeGreaterThan(7)
    const baskets = Array.from({ length: 25 }, (_, i) => (i < 7 ? ['tea', 'cup'] : ['coffee']))
    expect(associationRules(baskets, { minSupport: 0.28, minConfidence: 0.5 })).toHaveLength(2)
    const six = baskets.with(0, ['coffee'])
    expect(associationRules(six, { minSupport: 0.28, minConfidence: 0.5 })).toHaveLength(0)
  })

  it('orders rules the same way whatever the order of the baskets', () => {
    const options = { minSupport: 0.4, minConfidence: 0.5 }
    const reversed = [...GROCERIES].reverse().map((basket) => [...basket].reverse())
    expect(associationRules(reversed, options)).toEqual(associationRules(GROCERIES, options))
  })

  it('ends on a basket of 10,000 items: with rules, or with what to change', () => {
    const giant = Array.from({ length: 10_000 }, (_, i) => `item ${i}`)
    const small = Array.from({ length: 200 }, (_, i) => ['item 1', `item ${i % 7}`])
    expect(associationRules([giant, ...small], { minSupport: 0.02, minConfidence: 0.1 }).length).toBeGreaterThan(0)
    expect(() => associationRules([giant], { minSupport: 1, minConfidence: 0 })).toThrow(/Raise minSupport/)
    expect(() => associationRules(new Array(50).fill(giant.slice(0, 60)), { minSupport: 1, minConfidence: 0 })).toThrow(
      /more than 100000/,
    )
  })

  it('gives no rules for no baskets, refuses what cannot be', () => {
    const options = { minSupport: 0.1, minConfidence: 0.1 }
    expect(associationRules([], options)).toEqual([])
    expect(associationRules([[], ['a']], options)).toEqual([])
    expect(() => associationRules(['milk'] as unknown as string[][], options)).toThrow(/baskets, row 0: not a list/)
    expect(() => associationRules([['a'], [1]] as unknown as string[][], options)).toThrow(/baskets, row 1: an item/)
    expect(() => associationRules([], { minSupport: 0, minConfidence: 0.1 })).toThrow(TypeError)
    expect(() => associationRules([], { minSupport: 0.1, minConfidence: 10 })).toThrow(TypeError)
    expect(() => associationRules([], { ...options, maxLength: 11 })).toThrow(TypeError)
  })

  it('explains a rule', () => {
    const rule = associationRules(GROCERIES, { minSupport: 0.6, minConfidence: 0.7 }).find(
      (one) => key(one) === 'Eggs>Onion',
    )!
    expect(associationRuleReasons(rule)).toEqual([
      {
        what: 'bought_together',
        effect: 'raises',
        evidence: { antecedent: 'Eggs', count: 3, confidence: 0.75, lift: 1.25 },
      },
    ])
  })
})

/** All rules over six items by counting every pair of disjoint sets; thresholds in tenths, compared in integers. */
function bruteForce(baskets: string[][], support: number, confidence: number) {
  // Names in the order the search numbers items: commonest first, then by name.
  const count = (item: string) => baskets.filter((basket) => basket.includes(item)).length
  const names = ['a', 'b', 'c', 'd', 'e', 'f'].sort((x, y) => count(y) - count(x) || (x < y ? -1 : 1))
  const masks = baskets.map((basket) => names.reduce((mask, item, i) => mask | (basket.includes(item) ? 1 << i : 0), 0))
  const holding = (set: number) => masks.filter((mask) => (mask & set) === set).length
  const members = (set: number) => names.filter((_, i) => (set >> i) & 1)
  const n = baskets.length
  const rules = new Map<string, { both: number; left: number; right: number; n: number }>()
  for (let x = 1; x < 64; x++) {
    for (let y = 1; y < 64; y++) {
      const both = holding(x | y)
      if (x & y || members(x | y).length > 4 || both === 0) continue
      if (10 * both < support * n || 10 * both < confidence * holding(x)) continue
      rules.set(`${members(x).join('+')}>${members(y).join('+')}`, { both, left: holding(x), right: holding(y), n })
    }
  }
  return rules
}
