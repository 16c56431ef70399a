import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { valueTierReasons, valueTiers } from './value-tiers.js'

describe('valueTiers', () => {
  const columns = {
    value: Float64Array.of(100, 90, 50, 40, 30, 20, 10, 10, 5, 5),
    costToServe: Float64Array.of(10, 95, 0, 0, 0, 0, 0, 0, 0, 0),
    growthPotential: Float64Array.of(500, 500, 0, 10, 80, 0, 0, 0, 90, 0),
  }
  const tiers = valueTiers(columns)

  it('puts costly customers below zero, the top fifth first, and growth potential among the rest', () => {
    // Net values: 90 -5 50 40 30 20 10 10 5 5; the 0.8 quantile (type 7) is 40 + 0.2 * 10 = 42.
    expect(tiers.cuts.mostValuable).toBeCloseTo(42, 12)
    // Potentials of the seven in the middle: 0 0 0 0 10 80 90; position 4.8 lies between 10 and 80.
    expect(tiers.cuts.mostGrowable).toBeCloseTo(66, 12)
    expect(tiers.tier).toEqual([
      'most_valuable',
      'below_zero',
      'most_valuable',
      'standard',
      'most_growable',
      'standard',
      'standard',
      'standard',
      'most_growable',
      'standard',
    ])
    expect(tiers.totals.most_valuable).toEqual({ customers: 2, netValue: 140 })
    expect(tiers.totals.below_zero).toEqual({ customers: 1, netValue: -5 })
  })

  it('explains each tier with the numbers that decided', () => {
    expect(valueTierReasons(tiers, columns, 0)).toEqual([
      { what: 'net_value_above_cut', effect: 'raises', evidence: { netValue: 90, cut: tiers.cuts.mostValuable } },
      { what: 'cost_to_serve', effect: 'lowers', evidence: { costToServe: 10 } },
    ])
    expect(valueTierReasons(tiers, columns, 1)).toEqual([
      { what: 'cost_exceeds_value', effect: 'lowers', evidence: { value: 90, costToServe: 95, netValue: -5 } },
    ])
    expect(valueTierReasons(tiers, columns, 4).map((reason) => reason.what)).toEqual([
      'net_value_within_cut',
      'growth_potential_above_cut',
    ])
    expect(() => valueTierReasons(tiers, columns, 10)).toThrow(TypeError)
  })

  it.each([
    ['equal values', Float64Array.of(7, 7, 7)],
    ['all zero', new Float64Array(5)],
    ['nobody', new Float64Array(0)],
  ])('lets nobody stand out of %s', (_, value) => {
    const result = valueTiers({ value })
    expect(result.tier.every((tier) => tier === 'standard')).toBe(true)
    expect(result.cuts.mostValuable).toBeUndefined()
  })

  it('names row and column of a bad value', () => {
    expect(() => valueTiers({ value: Float64Array.of(1, Number.NaN) })).toThrow(/value, row 1: .*finite.*Give 0/)
    expect(() => valueTiers({ value: new Float64Array(2), costToServe: new Float64Array(3) })).toThrow(/costToServe/)
    expect(() => valueTiers({ value: new Float64Array(2) }, { mostValuableShare: 20 })).toThrow(/ratio from 0 to 1/)
  })

  it('never separates equals, and totals everybody once', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5, max: 20 }), { maxLength: 60 }), (values) => {
        const result = valueTiers({ value: Float64Array.from(values) })
        const tierOf = new Map<number, string>()
        values.forEach((value, row) => {
          expect(tierOf.get(value) ?? result.tier[row]).toBe(result.tier[row])
          tierOf.set(value, result.tier[row]!)
        })
        expect(Object.values(result.totals).reduce((sum, { customers }) => sum + customers, 0)).toBe(values.length)
      }),
      { seed: 3 },
    )
  })
})
