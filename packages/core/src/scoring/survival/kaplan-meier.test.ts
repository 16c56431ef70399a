import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chiSquareTail } from './chi-square-tail.js'
import { kaplanMeier, survivalAt } from './kaplan-meier.js'
import reference from './reference-data/cdnow-second-purchase.json' with { type: 'json' }

const counts = readFileSync(new URL('./reference-data/cdnow-second-purchase-days.csv', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split(',').map(Number) as [number, number, number])

describe('kaplanMeier on the days from first to second purchase of 23,570 CDNOW customers, against independent values', () => {
  const time = Float64Array.from(counts.flatMap(([days]) => [days, days]))
  const event = Uint8Array.from(counts.flatMap(() => [1, 0]))
  const weight = Float64Array.from(counts.flatMap(([, returned, notYet]) => [returned, notYet]))
  const [curve] = kaplanMeier({ time, event, weight }).curves

  it.each(reference.km)('day $time: customers at risk, survival, Greenwood error and log limits', (expected) => {
    const at = curve!.time.indexOf(expected.time)
    const i = curve!.time.findLastIndex((t) => t <= expected.time)
    if (at >= 0) expect(curve!.atRisk[at]).toBe(expected.n_risk)
    expect(Math.abs(curve!.survival[i]! - expected.surv)).toBeLessThan(1e-8)
    expect(Math.abs(curve!.standardError[i]! - expected.std_err_greenwood)).toBeLessThan(1e-8)
    expect(Math.abs(curve!.lower[i]! - expected.lower_log95)).toBeLessThan(1e-8)
    expect(Math.abs(curve!.upper[i]! - expected.upper_log95)).toBeLessThan(1e-8)
    expect(survivalAt(curve!, expected.time)).toBe(curve!.survival[i])
  })

  it('counts customers and events, and has no median where half never came back', () => {
    expect(curve).toMatchObject({ customers: reference.n, totalEvents: reference.events, median: undefined })
    expect(survivalAt(curve!, 0.5)).toBe(1)
  })

  it('says the same of rows that stand for one customer each', () => {
    const rows = counts.flatMap(([days, returned, notYet]) => [
      ...Array.from({ length: returned }, () => [days, 1] as const),
      ...Array.from({ length: notYet }, () => [days, 0] as const),
    ])
    const [single] = kaplanMeier({
      time: Float64Array.from(rows, ([days]) => days),
      event: rows.map(([, happened]) => happened),
    }).curves
    expect(single).toEqual(curve)
  })
})

/** Weeks of remission in the 6-MP trial (Freireich et al. 1963, Blood 21), as printed in most books on survival. */
const treated = '6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+'.split(' ')
const placebo = '1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23'.split(' ')
const remission = [...treated, ...placebo]
const trial = {
  time: Float64Array.from(remission, (value) => Number.parseInt(value, 10)),
  event: remission.map((value) => (value.endsWith('+') ? 0 : 1)),
  group: remission.map((_, i) => (i < treated.length ? '6-MP' : 'placebo')),
}

describe('kaplanMeier by group on the 6-MP trial', () => {
  const { curves, logRank } = kaplanMeier(trial)

  it('gives each group its curve and median', () => {
    expect(curves.map(({ group, customers, totalEvents, median }) => [group, customers, totalEvents, median])).toEqual([
      ['6-MP', 21, 9, 23],
      ['placebo', 21, 21, 8],
    ])
    expect([...curves[0]!.time]).toEqual([6, 7, 10, 13, 16, 22, 23])
    // 18/21, times 16/17, times 14/15, and the Greenwood error of the first: sqrt(3 / (21 * 18)) * 18/21.
    expect(curves[0]!.survival[2]).toBeCloseTo((18 / 21) * (16 / 17) * (14 / 15), 14)
    expect(curves[0]!.standardError[0]).toBeCloseTo(0.07636, 5)
    expect(curves[1]!.survival.at(-1)).toBe(0)
    expect(curves[1]!.standardError.at(-1)).toBe(0)
    expect(curves[1]!.upper.at(-1)).toBe(curves[1]!.upper.at(-2))
  })

  it('compares the groups by the log-rank test', () => {
    // Printed as 16.79 on 1 degree of freedom; more digits by exact fractions.
    expect(logRank!.statistic).toBeCloseTo(16.792940989216532, 10)
    expect(logRank!.degreesOfFreedom).toBe(1)
    expect(logRank!.pValue / 4.168809109334543e-5).toBeCloseTo(1, 8)
    expect(logRank!.observed).toEqual([9, 21])
    expect(logRank!.expected[0]).toBeCloseTo(19.25050094803113, 10)
    expect(logRank!.expected[1]).toBeCloseTo(30 - 19.25050094803113, 10)
  })

  it('tests three groups on two degrees of freedom, whatever their order', () => {
    const thirds = trial.group.map((name, i) => (i % 2 ? name : 'other'))
    const one = kaplanMeier({ ...trial, group: thirds }).logRank!
    const backwards = (values: ArrayLike<number>): Float64Array => Float64Array.from(values).reverse()
    const other = kaplanMeier({
      time: backwards(trial.time),
      event: backwards(trial.event),
      group: thirds.toReversed(),
    }).logRank!
    expect(one.degreesOfFreedom).toBe(2)
    expect(other.statistic).toBeCloseTo(one.statistic, 10)
  })

  it('has nothing to compare where groups were never at risk together', () => {
    const apart = { time: Float64Array.of(1, 9), event: [1, 1], group: ['a', 'b'], entry: Float64Array.of(0, 5) }
    expect(kaplanMeier(apart).logRank).toBeUndefined()
    expect(kaplanMeier({ time: Float64Array.of(1), event: [1], group: ['a'] }).logRank).toBeUndefined()
  })
})

describe('kaplanMeier in corners', () => {
  it('counts customers from their entry on only', () => {
    // At 2: only the first is under observation; at 5: the second and third.
    const { curves } = kaplanMeier({
      time: Float64Array.of(2, 5, 6, 9),
      event: [0, 1, 1, 0],
      entry: Float64Array.of(0, 3, 4, 5),
    })
    expect([...curves[0]!.atRisk]).toEqual([2, 2])
    expect([...curves[0]!.survival]).toEqual([0.5, 0.25])
    expect(curves[0]!.median).toBe(5)
  })

  it('defines the curve of nobody and of nobody with an event', () => {
    expect(kaplanMeier({ time: new Float64Array(0), event: [] }).curves[0]).toMatchObject({ customers: 0 })
    expect(kaplanMeier({ time: new Float64Array(0), event: [], group: [] }).curves).toEqual([])
    const [none] = kaplanMeier({ time: Float64Array.of(3, 4), event: [0, 0] }).curves
    expect([none!.customers, none!.time.length, survivalAt(none!, 9)]).toEqual([2, 0, 1])
  })

  it('keeps a customer at risk whose weight is lost beside the others', () => {
    const time = Float64Array.of(2, 1)
    const { curves } = kaplanMeier({ time, event: [1, 0], weight: Float64Array.of(1e-20, 1) })
    expect([...curves[0]!.atRisk, ...curves[0]!.survival]).toEqual([1e-20, 0])
  })

  it('names column and row of what cannot be', () => {
    const time = Float64Array.of(1, 2)
    expect(() => kaplanMeier({ time: Float64Array.of(1, -1), event: [1, 0] })).toThrow(/time, row 1: .* from 0/)
    expect(() => kaplanMeier({ time, event: [1] })).toThrow(/event: the column has 1 rows where time has 2/)
    expect(() => kaplanMeier({ time, event: [1, 0.5] })).toThrow(/event, row 1: .*neither 0 nor 1/)
    expect(() => kaplanMeier({ time, event: [1, 0], group: ['a'] })).toThrow(/group/)
    expect(() => kaplanMeier({ time, event: [1, 0], entry: Float64Array.of(0, 2) })).toThrow(/entry, row 1/)
    expect(() => kaplanMeier({ time, event: [1, 0], weight: Float64Array.of(Number.NaN, 1) })).toThrow(/weight, row 0/)
  })

  it('falls from 1 towards 0, with limits around it and no NaN', () => {
    const row = fc.record({ time: fc.integer({ min: 0, max: 9 }), event: fc.nat(1), group: fc.nat(2) })
    fc.assert(
      fc.property(fc.array(row, { maxLength: 40 }), (rows) => {
        const { curves, logRank } = kaplanMeier({
          time: Float64Array.from(rows, ({ time }) => time),
          event: rows.map(({ event }) => event),
          group: rows.map(({ group }) => group),
        })
        for (const { survival, lower, upper, standardError } of curves) {
          survival.forEach((share, i) => {
            expect(share).toBeLessThan(i === 0 ? 1 : survival[i - 1]!)
            expect(lower[i]!).toBeLessThanOrEqual(share)
            expect(upper[i]!).toBeGreaterThanOrEqual(share)
            expect(standardError[i]!).toBeGreaterThanOrEqual(0)
          })
        }
        if (logRank) {
          expect(logRank.pValue).toBeGreaterThanOrEqual(0)
          expect(logRank.pValue).toBeLessThanOrEqual(1)
          expect(logRank.statistic).toBeGreaterThanOrEqual(0)
        }
      }),
      { seed: 5 },
    )
  })
})

describe('chiSquareTail', () => {
  it.each([
    [3.3, 4, 0.5089322578449987],
    [40, 5, 1.493367900050393e-7],
    [0.01, 3, 0.9997348349413444],
    [0, 2, 1],
  ])('of %d on %i degrees of freedom is %d (scipy)', (x, df, expected) => {
    expect(chiSquareTail(x, df) / expected).toBeCloseTo(1, 9)
  })
})
