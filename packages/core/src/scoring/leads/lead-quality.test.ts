import { describe, expect, it } from 'vitest'
import { populationDrift } from './population-drift.js'
import { areaUnderRoc, brierScore, calibrationTable } from './probability-quality.js'

describe('areaUnderRoc', () => {
  it('is the share of pairs in the right order, ties counting half', () => {
    // Won 0.8 and 0.4 against lost 0.4 and 0.1: right, right, tie, right.
    expect(areaUnderRoc(Float64Array.of(0.8, 0.4, 0.4, 0.1), [1, 1, 0, 0])).toBe(3.5 / 4)
    expect(areaUnderRoc(Float64Array.of(0.1, 0.9), [1, 0])).toBe(0)
    expect(areaUnderRoc(Float64Array.of(0.1, 0.9), [1, 1])).toBeUndefined()
    expect(() => areaUnderRoc(Float64Array.of(0.1, 1.9), [1, 1])).toThrow(/probability, row 1: .* from 0 to 1/)
  })
})

describe('brierScore', () => {
  it('is the mean squared distance from the outcome', () => {
    expect(brierScore(Float64Array.of(1, 0.5), [1, 0])).toBe(0.125)
    expect(brierScore(new Float64Array(0), [])).toBeUndefined()
  })
})

describe('calibrationTable', () => {
  it('sets predicted beside observed, with Wilson limits, and never separates equals', () => {
    const table = calibrationTable(Float64Array.of(0.2, 0.2, 0.2, 0.9, 0.2, 0.7), [0, 1, 0, 1, 0, 1], 2)
    expect(table.map(({ from, to, leads, observed }) => [from, to, leads, observed])).toEqual([
      [0.2, 0.2, 4, 0.25],
      [0.7, 0.9, 2, 1],
    ])
    expect(table[1]!.predicted).toBeCloseTo(0.8, 14)
    // Wilson limits of 1 in 4, as R's prop.test without correction gives them.
    expect(table[0]!.lower).toBeCloseTo(0.04558726, 6)
    expect(table[0]!.upper).toBeCloseTo(0.6993582, 6)
    expect(calibrationTable(new Float64Array(0), [])).toEqual([])
    expect(() => calibrationTable(Float64Array.of(0.1), [1], 0)).toThrow(TypeError)
  })
})

describe('populationDrift', () => {
  const baseline = Float64Array.from({ length: 100 }, (_, i) => i)

  it('is 0 for the same leads, and grows as they move', () => {
    expect(populationDrift(baseline, baseline)).toMatchObject({ index: 0, level: 'stable' })
    const moved = populationDrift(
      baseline,
      baseline.map((value) => value + 30),
    )
    expect(moved.level).toBe('large')
    expect(moved.bins).toHaveLength(10)
  })

  it('adds up (current - baseline) ln(current / baseline)', () => {
    // Cut at the median 1.5 with half a lead more per bin: 2.5/5 and 2.5/5 against 1.5/5 and 3.5/5.
    const drift = populationDrift(Float64Array.of(0, 1, 2, 3), Float64Array.of(1, 2, 2, 5), 2)
    expect(drift.bins).toEqual([
      { to: 1.5, baseline: 0.5, current: 0.3 },
      { baseline: 0.5, current: 0.7 },
    ])
    expect(drift.index).toBeCloseTo(-0.2 * Math.log(0.6) + 0.2 * Math.log(1.4), 14)
    expect(drift.level).toBe('moderate')
  })

  it('stays finite for columns that do not vary, and refuses empty ones', () => {
    expect(populationDrift(Float64Array.of(7, 7), Float64Array.of(1, 9))).toMatchObject({ index: 0 })
    expect(() => populationDrift(new Float64Array(0), baseline)).toThrow(/baseline: the column is empty/)
    expect(() => populationDrift(baseline, Float64Array.of(Number.NaN))).toThrow(/current, row 0/)
    expect(() => populationDrift(baseline, baseline, 1)).toThrow(TypeError)
  })
})
