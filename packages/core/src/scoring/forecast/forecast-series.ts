import { requireNumbers } from '../number-column.js'
import { quantileOfSorted } from '../numerics/quantile.js'
import { requireWhole } from '../option-bounds.js'
import type { ScoreReason } from '../score-reason.js'
import { ScoringInputError } from '../scoring-input-error.js'
import { fitHoltWinters, holtWinters } from './holt-winters.js'

const MOST_VALUES = 50_000

export type SeriesMethod = 'seasonal_naive' | 'additive' | 'multiplicative'

export interface ForecastSeriesOptions {
  /** Values in a season: 12 for months of years, 7 for days of weeks, 1 for no season. */
  period: number
  /** How many values ahead, 1 to 10,000. */
  horizon: number
  /** Origins of the backtest, each one step before the next; default one season's worth, at most 12. */
  folds?: number
}

/** How a method did on values it had not seen. */
export interface SeriesBacktest {
  method: SeriesMethod
  folds: number
  meanAbsoluteError: number
  /** That over the error of a seasonal naive forecast within the series (MASE); undefined for a series that repeats itself. */
  scaledError: number | undefined
}

export interface SeriesForecast {
  method: SeriesMethod
  forecast: Float64Array
  /** 80 % band: the forecast plus and minus the 0.8 quantile of the absolute errors in the backtest. */
  interval?: { low: Float64Array; high: Float64Array }
  /** Best first; empty where the series is too short to hold anything back. */
  backtest: SeriesBacktest[]
  reasons: ScoreReason[]
}

/**
 * Forecast of a seasonal series, such as demand by month: seasonal naive (the value of a season ago), additive or
 * multiplicative Holt-Winters, whichever had the least mean absolute error in a rolling-origin backtest (Tashman, IJF 16,
 * 2000), the simpler one on a tie. Multiplicative needs values above zero, both need two seasons before the first origin; with
 * less the answer is seasonal naive with the reason `too_short_to_test`. Scaled error: Hyndman & Koehler, IJF 22 (2006).
 * Throws ScoringInputError for values that are not finite or fewer than a season, TypeError for impossible options. Flaw: the
 * future is like the past; the band is the same for all steps ahead.
 */
export function forecastSeries(values: ArrayLike<number>, options: ForecastSeriesOptions): SeriesForecast {
  const { period, horizon } = options
  const folds = options.folds ?? Math.max(3, Math.min(period, 12))
  requireWhole('period', period, 1, 1e4)
  requireWhole('horizon', horizon, 1, 1e4)
  requireWhole('folds', folds, 1, 100)
  requireNumbers('values', values, values.length, 'values', -1e15, 1e15)
  const n = values.length
  if (n < period) {
    throw new ScoringInputError({ column: 'values' }, 'fewer than one season', 'Give more values or a shorter period')
  }
  if (n > MOST_VALUES) {
    throw new ScoringInputError(
      { column: 'values' },
      `more than ${MOST_VALUES}`,
      'Give the most recent or coarser ones',
    )
  }
  const series = Float64Array.from(values)
  const ahead = Math.min(horizon, period)
  const tested = Math.max(0, Math.min(folds, n - ahead - 2 * period + 1))
  const methods: SeriesMethod[] = ['seasonal_naive']
  if (tested > 0) methods.push('additive')
  if (tested > 0 && series.every((value) => value > 0)) methods.push('multiplicative')

  const errors = new Map(methods.map((method) => [method, [] as number[]]))
  for (let fold = 0; fold < tested; fold++) {
    const origin = n - ahead - fold
    for (const [method, list] of errors) {
      const forecast = forecastBy(method, series.subarray(0, origin), period, ahead)
      for (let h = 0; h < ahead; h++) list.push(Math.abs(series[origin + h]! - forecast[h]!))
    }
  }
  let naive = 0
  for (let t = period; t < n; t++) naive += Math.abs(series[t]! - series[t - period]!) / (n - period)
  const backtest = [...errors]
    .map(([method, list]): SeriesBacktest => {
      const meanAbsoluteError = list.reduce((sum, error) => sum + error / list.length, 0)
      return {
        method,
        folds: tested,
        meanAbsoluteError,
        scaledError: naive > 0 ? meanAbsoluteError / naive : undefined,
      }
    })
    .filter((one) => one.folds > 0 && Number.isFinite(one.meanAbsoluteError))
    .sort((one, other) => one.meanAbsoluteError - other.meanAbsoluteError)

  let method = backtest[0]?.method ?? 'seasonal_naive'
  let forecast = forecastBy(method, series, period, horizon)
  if (!forecast.every(Number.isFinite)) {
    method = 'seasonal_naive'
    forecast = forecastBy(method, series, period, horizon)
  }
  const chosen = backtest.find((one) => one.method === method)
  if (!chosen) {
    return {
      method,
      forecast,
      backtest,
      reasons: [{ what: 'too_short_to_test', effect: 'neutral', evidence: { values: n } }],
    }
  }
  const reach = quantileOfSorted(Float64Array.from(errors.get(method)!).sort(), 0.8)
  const { meanAbsoluteError, scaledError } = chosen
  return {
    method,
    forecast,
    interval: { low: forecast.map((value) => value - reach), high: forecast.map((value) => value + reach) },
    backtest,
    reasons: [
      {
        what: 'least_backtest_error',
        effect: 'neutral',
        evidence: { method, folds: tested, meanAbsoluteError, ...(scaledError !== undefined && { scaledError }) },
      },
    ],
  }
}

function forecastBy(method: SeriesMethod, series: Float64Array, period: number, horizon: number): Float64Array {
  if (method !== 'seasonal_naive') {
    return holtWinters(series, period, method, fitHoltWinters(series, period, method), horizon).forecast
  }
  return Float64Array.from({ length: horizon }, (_, h) => series[series.length - period + (h % period)]!)
}
