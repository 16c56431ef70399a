import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AttributionOptions, attributeConversions } from './attribution.js'
import type { TouchPath } from './touch-path.js'

const models: AttributionOptions['model'][] = ['first', 'last', 'linear', 'position', 'time_decay', 'markov']
const credits = (paths: TouchPath[], options: AttributionOptions) =>
  Object.fromEntries(attributeConversions(paths, options))

describe('attributeConversions', () => {
  const path = { channels: ['search', 'mail', 'social', 'mail'], value: 100, ages: [14, 7, 7, 0] }

  it('gives all to the first or the last touch, or the same to each', () => {
    expect(credits([path], { model: 'first' })).toEqual({ search: 100, mail: 0, social: 0 })
    expect(credits([path], { model: 'last' })).toEqual({ search: 0, mail: 100, social: 0 })
    expect(credits([path], { model: 'linear' })).toEqual({ search: 25, mail: 50, social: 25 })
  })

  it('gives 40 % to either end by position, and halves or all where nothing lies between', () => {
    const credit = credits([path], { model: 'position' })
    expect(credit.search).toBeCloseTo(40, 12)
    expect(credit.mail).toBeCloseTo(50, 12)
    expect(credit.social).toBeCloseTo(10, 12)
    expect(credits([{ channels: ['a', 'b'], value: 1 }], { model: 'position' })).toEqual({ a: 0.5, b: 0.5 })
    expect(credits([{ channels: ['a'], value: 1 }], { model: 'position' })).toEqual({ a: 1 })
  })

  it('halves the weight with each half-life', () => {
    // Weights 1/4, 1/2, 1/2, 1 of 9/4: search 1/9, social 2/9, mail 6/9 of 100.
    const credit = credits([path], { model: 'time_decay', halfLife: 7 })
    expect(credit.search).toBeCloseTo(100 / 9, 12)
    expect(credit.social).toBeCloseTo(200 / 9, 12)
    expect(credit.mail).toBeCloseTo(600 / 9, 12)
    const old = credits([{ channels: ['a', 'b'], value: 1, ages: [1e6, 1e6] }], { model: 'time_decay' })
    expect(old).toEqual({ a: 0.5, b: 0.5 })
  })

  it('divides by the removal effects of a Markov chain', () => {
    // start -> one 2/3, two 1/3; one -> two 1/2, nothing 1/2; two -> three 1; three -> converted 1/2.
    // Conversion (2/3 1/2 + 1/3) 1/2 = 1/3. Without one: 1/3 1/2 = 1/6, an effect of 1/2; without two or three: 1.
    const paths = [
      { channels: ['one', 'two', 'three'], value: 1 },
      { channels: ['one'], value: 0 },
      { channels: ['two', 'three'], value: 0 },
    ]
    const credit = credits(paths, { model: 'markov' })
    expect(credit.one).toBeCloseTo(0.2, 12)
    expect(credit.two).toBeCloseTo(0.4, 12)
    expect(credit.three).toBeCloseTo(0.4, 12)
  })

  it('finds the same removal effects as walking the chain without the channel', () => {
    const channel = fc.constantFrom('a', 'b', 'c', 'd')
    const paths = fc.array(fc.record({ channels: fc.array(channel, { maxLength: 6 }), value: fc.constantFrom(0, 1) }))
    fc.assert(
      fc.property(paths, (all) => {
        const credit = attributeConversions(all, { model: 'markov' })
        const full = conversionByWalking(all)
        const effects = [...credit.keys()].map((name) => full - conversionByWalking(all, name))
        const sum = effects.reduce((total, effect) => total + effect, 0)
        const value = all.reduce((total, path) => total + (path.channels.length > 0 ? path.value : 0), 0)
        ;[...credit.values()].forEach((got, i) => {
          expect(got).toBeCloseTo(sum > 1e-12 ? (value * effects[i]!) / sum : 0, 6)
        })
      }),
      { seed: 3, numRuns: 60 },
    )
  })

  it('credits the value of all paths with a touch, by any model', () => {
    const paths = fc.array(
      fc.record({
        channels: fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 8 }),
        value: fc.integer({ min: 0, max: 50 }),
        ages: fc.constant(new Float64Array(8).fill(3)),
      }),
    )
    fc.assert(
      fc.property(paths, fc.constantFrom(...models), (all, model) => {
        const total = [...attributeConversions(all, { model }).values()].reduce((sum, credit) => sum + credit, 0)
        expect(total).toBeCloseTo(
          all.reduce((sum, path) => sum + path.value, 0),
          8,
        )
      }),
      { seed: 3 },
    )
  })

  it('credits nothing where nothing converted, and names bad paths', () => {
    for (const model of models) {
      expect(credits([{ channels: ['a', 'b'], value: 0, ages: [1, 0] }], { model })).toEqual({ a: 0, b: 0 })
      expect(credits([{ channels: [], value: 5 }], { model })).toEqual({})
    }
    expect(() => credits([{ channels: ['a'], value: Number.NaN }], { model: 'last' })).toThrow(/value, row 0/)
    expect(() => credits([{ channels: ['a', 'b'], value: 1, ages: [1] }], { model: 'time_decay' })).toThrow(
      /ages, row 0/,
    )
    expect(() => credits([], { model: 'time_decay', halfLife: 0 })).toThrow(TypeError)
    const many = Array.from({ length: 500 }, (_, i) => ({ channels: [`channel ${i}`], value: 1 }))
    expect(() => credits(many, { model: 'markov' })).toThrow(/Group channels/)
  })
})

/** Chance to convert, by moving probability along the chain until all of it is absorbed. */
function conversionByWalking(paths: TouchPath[], without?: string): number {
  const moves = new Map<string, Map<string, number>>()
  const count = (from: string, to: string) => {
    const row = moves.get(from) ?? new Map<string, number>()
    moves.set(from, row.set(to, (row.get(to) ?? 0) + 1))
  }
  for (const { channels, value } of paths) {
    if (channels.length === 0) continue
    const stops = ['(start)', ...channels, value > 0 ? '(won)' : '(lost)']
    for (let i = 1; i < stops.length; i++) count(stops[i - 1]!, stops[i]!)
  }
  let here = new Map([['(start)', 1]])
  let won = 0
  for (let step = 0; step < 3000 && here.size > 0; step++) {
    const next = new Map<string, number>()
    for (const [from, chance] of here) {
      const row = moves.get(from) ?? new Map<string, number>()
      const sum = [...row.values()].reduce((total, moved) => total + moved, 0)
      for (const [to, moved] of row) {
        const share = (chance * moved) / sum
        if (to === '(won)') won += share
        else if (to !== '(lost)' && to !== without && share > 1e-15) next.set(to, (next.get(to) ?? 0) + share)
      }
    }
    here = next
  }
  return won
}
