import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type TierSnapshot, tierMigration } from './tier-migration.js'
import { type ValueTier, valueTiers } from './value-tiers.js'

function snapshot(rows: Record<string, [ValueTier, number]>): TierSnapshot {
  return {
    customerIds: Object.keys(rows),
    tier: Object.values(rows).map(([tier]) => tier),
    netValue: Float64Array.from(Object.values(rows), ([, value]) => value),
  }
}

describe('tierMigration', () => {
  const before = snapshot({
    ada: ['most_valuable', 100],
    ben: ['standard', 20],
    cem: ['standard', 10],
    dora: ['below_zero', -5],
  })
  const after = snapshot({
    eva: ['most_growable', 12],
    dora: ['standard', 3],
    ada: ['most_valuable', 80],
    ben: ['below_zero', -2],
  })

  it('counts who went from which tier to which, with the value they had and have', () => {
    expect(tierMigration(before, after)).toEqual({
      moves: [
        { from: 'most_valuable', to: 'most_valuable', customers: 1, valueBefore: 100, valueAfter: 80 },
        { from: 'standard', to: 'below_zero', customers: 1, valueBefore: 20, valueAfter: -2 },
        { from: 'standard', to: 'none', customers: 1, valueBefore: 10, valueAfter: 0 },
        { from: 'below_zero', to: 'standard', customers: 1, valueBefore: -5, valueAfter: 3 },
        { from: 'none', to: 'most_growable', customers: 1, valueBefore: 0, valueAfter: 12 },
      ],
      stayed: 1,
      risen: 1,
      fallen: 1,
      joined: 1,
      left: 1,
    })
  })

  it('names what cannot be', () => {
    expect(() => tierMigration({ ...before, tier: [] }, after)).toThrow(/before\.tier: the column has 0 rows/)
    expect(() => tierMigration(before, { ...after, customerIds: ['a', 'b', 'a', 'c'] })).toThrow(
      /after\.customerIds, row 2: the id comes twice/,
    )
    expect(() => tierMigration(before, { ...after, netValue: Float64Array.of(1, 2, Number.NaN, 4) })).toThrow(
      /after\.netValue, row 2/,
    )
    expect(() => tierMigration({ ...before, tier: ['gold' as ValueTier, ...before.tier.slice(1)] }, after)).toThrow(
      /before\.tier, row 0: not a value tier/,
    )
  })

  it('moves everybody once and keeps the value of both days', () => {
    const values = fc.dictionary(fc.integer({ min: 0, max: 30 }).map(String), fc.integer({ min: -50, max: 200 }))
    const dayOf = (day: Record<string, number>): TierSnapshot => ({
      customerIds: Object.keys(day),
      ...valueTiers({ value: Float64Array.from(Object.values(day)) }),
    })
    const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0)
    fc.assert(
      fc.property(values, values, (one, other) => {
        const { moves, ...counts } = tierMigration(dayOf(one), dayOf(other))
        const everybody = new Set([...Object.keys(one), ...Object.keys(other)]).size
        expect(sum(moves.map(({ customers }) => customers))).toBe(everybody)
        expect(sum(Object.values(counts))).toBe(everybody)
        expect(sum(moves.map(({ valueBefore }) => valueBefore))).toBe(sum(Object.values(one)))
        expect(sum(moves.map(({ valueAfter }) => valueAfter))).toBe(sum(Object.values(other)))
      }),
      { seed: 5 },
    )
  })
})
