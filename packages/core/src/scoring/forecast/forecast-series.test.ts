import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { forecastSeries } from './forecast-series.js'
import { fitHoltWinters, holtWinters } from './holt-winters.js'
import { seededDraws } from './seeded-draws.js'

// Monthly airline passengers, thousands, 1949 to 1960: Box & Jenkins, Time Series Analysis (1976), series G.
const AIRLINE = [
  112, 118, 132, 129, 121, 135, 148, 148, 136, 119, 104, 118, 115, 126, 141, 135, 125, 149, 170, 170, 158, 133, 114,
  140, 145, 150, 178, 163, 172, 178, 199, 199, 184, 162, 146, 166, 171, 180, 193, 181, 183, 218, 230, 242, 209, 191,
  172, 194, 196, 196, 236, 235, 229, 243, 264, 272, 237, 211, 180, 201, 204, 188, 235, 227, 234, 264, 302, 293, 259,
  229, 203, 229, 242, 233, 267, 269, 270, 315, 364, 347, 312, 274, 237, 278, 284, 277, 317, 313, 318, 374, 413, 405,
  355, 306, 271, 306, 315, 301, 356, 348, 355, 422, 465, 467, 404, 347, 305, 336, 340, 318, 362, 348, 363, 435, 491,
  505, 404, 359, 310, 337, 360, 342, 406, 396, 420, 472, 548, 559, 463, 407, 362, 405, 417, 391, 419, 461, 472, 535,
  622, 606, 508, 461, 390, 432,
]

describe('holtWinters', () => {
  it('follows the recurrences', () => {
    // Trend (18 - 15) / 2 = 1.5, level 15.75, season -4.25 and 4.25. At 12: base 17.25, error -1, level 16.75, trend 1.25,
    // season -4.75. At 24: base 18, error 1.75, level 18.875, trend 1.6875, season 5.125.
    const params = { alpha: 0.5, beta: 0.5, gamma: 0.5 }
    const { squaredError, forecast } = holtWinters([10, 20, 12, 24], 2, 'additive', params, 3)
    expect(squaredError).toBeCloseTo(4.0625, 12)
    expect([...forecast]).toEqual([18.875 + 1.6875 - 4.75, 18.875 + 3.375 + 5.125, 18.875 + 5.0625 - 4.75])
  })

  it('continues a season it has understood without error', () => {
    const season = [-5, 0, 8, -3]
    const line = Array.from({ length: 24 }, (_, t) => 50 + 2 * t + season[t % 4]!)
    const additive = holtWinters(line, 4, 'additive', fitHoltWinters(line, 4, 'additive'), 6)
    expect(additive.squaredError).toBeLessThan(1e-18)
    additive.forecast.forEach((value, h) => {
      expect(value).toBeCloseTo(50 + 2 * (24 + h) + season[h % 4]!, 9)
    })
    const share = Array.from({ length: 12 }, (_, t) => 100 * [0.5, 1, 1.5][t % 3]!)
    const { forecast } = holtWinters(share, 3, 'multiplicative', { alpha: 0.3, beta: 0.1, gamma: 0.2 }, 4)
    forecast.forEach((value, h) => {
      expect(value).toBeCloseTo(100 * [0.5, 1, 1.5][h % 3]!, 9)
    })
  })
})

describe('forecastSeries', () => {
  it('chooses the multiplicative season for airline passengers, by a backtest on unseen months', () => {
    const result = forecastSeries(AIRLINE.slice(0, 132), { period: 12, horizon: 12 })
    expect(result.method).toBe('multiplicative')
    expect(result.backtest.map(({ method }) => method)).toEqual(['multiplicative', 'additive', 'seasonal_naive'])
    expect(result.backtest[0]!.folds).toBe(12)
    expect(result.backtest[0]!.scaledError).toBeLessThan(0.6)
    // The year that was held back: within 6 % on average (a seasonal naive forecast is 10 % off).
    const percent = (forecast: ArrayLike<number>) =>
      AIRLINE.slice(132).reduce((sum, actual, h) => sum + Math.abs(forecast[h]! / actual - 1) / 12, 0)
    expect(percent(result.forecast)).toBeLessThan(0.06)
    expect(percent(AIRLINE.slice(120, 132))).toBeGreaterThan(0.09)
    expect(result.reasons[0]).toMatchObject({
      what: 'least_backtest_error',
      evidence: { method: 'multiplicative', folds: 12 },
    })
  })

  it('keeps seasonal naive where nothing beats it, and reports all methods in order', () => {
    const week = [30, 12, 14, 15, 20, 41, 50]
    const series = Array.from({ length: 70 }, (_, t) => week[t % 7]!)
    const result = forecastSeries(series, { period: 7, horizon: 9 })
    expect(result.method).toBe('seasonal_naive')
    expect([...result.forecast]).toEqual([...week, 30, 12])
    expect(result.backtest).toHaveLength(3)
    const errors = result.backtest.map(({ meanAbsoluteError }) => meanAbsoluteError)
    expect(errors).toEqual([...errors].sort((a, b) => a - b))
    const constant = forecastSeries(new Array(30).fill(5), { period: 7, horizon: 3 })
    expect([...constant.forecast]).toEqual([5, 5, 5])
    expect(constant).toMatchObject({ method: 'seasonal_naive', backtest: [{ scaledError: undefined }, {}, {}] })
  })

  it('bands hold eight of ten values of a stable series', () => {
    const { uniform } = seededDraws(9)
    const noise = () => uniform() + uniform() + uniform() - 1.5
    let within = 0
    for (let trial = 0; trial < 60; trial++) {
      const all = Array.from({ length: 60 }, (_, t) => 100 + t + 20 * Math.sin((t * Math.PI) / 2) + 5 * noise())
      const { interval } = forecastSeries(all.slice(0, 56), { period: 4, horizon: 4, folds: 12 })
      for (let h = 0; h < 4; h++)
        if (interval && all[56 + h]! >= interval.low[h]! && all[56 + h]! <= interval.high[h]!) within++
    }
    // 192 of 240 expected; errors within a trial hang together, so the margin is wide.
    expect(within).toBeGreaterThan(165)
    expect(within).toBeLessThan(225)
  })

  it('answers a short series with the last season, and names bad values', () => {
    const short = forecastSeries([1, 2, 3, 4], { period: 3, horizon: 4 })
    expect([...short.forecast]).toEqual([2, 3, 4, 2])
    expect(short).toMatchObject({ method: 'seasonal_naive', backtest: [], reasons: [{ what: 'too_short_to_test' }] })
    expect(short.interval).toBeUndefined()
    expect(() => forecastSeries([1, 2], { period: 3, horizon: 1 })).toThrow(/fewer than one season/)
    expect(() => forecastSeries([1, Number.NaN], { period: 1, horizon: 1 })).toThrow(/values, row 1/)
    expect(() => forecastSeries(new Float64Array(50_001), { period: 1, horizon: 1 })).toThrow(/more than 50000/)
    expect(() => forecastSeries([1], { period: 0, horizon: 1 })).toThrow(TypeError)
    expect(() => forecastSeries([1], { period: 1, horizon: 0.5 })).toThrow(TypeError)
  })

  it('gives finite forecasts for any series', () => {
    const value = fc.oneof(
      fc.double({ min: -1e15, max: 1e15, noNaN: true }),
      fc.double({ min: 0, max: 1e-300, noNaN: true }),
      fc.integer({ min: 0, max: 50 }),
    )
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 4, maxLength: 40 }),
        fc.integer({ min: 1, max: 4 }),
        (series, period) => {
          const { forecast, interval, backtest } = forecastSeries(series, { period, horizon: 5 })
          expect([...forecast].every(Number.isFinite)).toBe(true)
          if (interval) expect([...interval.low, ...interval.high].every(Number.isFinite)).toBe(true)
          for (const { meanAbsoluteError } of backtest) expect(meanAbsoluteError).toBeGreaterThanOrEqual(0)
        },
      ),
      { seed: 3 },
    )
  })
})
