/** How the season acts: added to the level or multiplied with it. */
export type SeasonKind = 'additive' | 'multiplicative'

export interface SmoothingParams {
  /** Weights of the newest value in level, trend and season, 0 to 1. */
  alpha: number
  beta: number
  gamma: number
}

/**
 * Holt-Winters smoothing (Winters, Management Science 6, 1960; recurrences as in Hyndman & Athanasopoulos). Starts from the
 * first two periods: trend from the difference of their means, season from the first. Returns the sum of squared one-step
 * errors from the second period on, and the forecast of the next `horizon` values. Takes two full periods at least.
 */
export function holtWinters(
  values: ArrayLike<number>,
  period: number,
  kind: SeasonKind,
  { alpha, beta, gamma }: SmoothingParams,
  horizon: number,
): { squaredError: number; forecast: Float64Array } {
  const times = kind === 'multiplicative'
  const join = (base: number, season: number) => (times ? base * season : base + season)
  const part = (value: number, other: number) => (times ? value / other : value - other)
  let first = 0
  let second = 0
  for (let i = 0; i < period; i++) {
    first += values[i]! / period
    second += values[period + i]! / period
  }
  let trend = (second - first) / period
  let level = first + (trend * (period - 1)) / 2
  const season = Float64Array.from({ length: period }, (_, i) => part(values[i]!, level + trend * (i - period + 1)))
  let squaredError = 0
  for (let t = period; t < values.length; t++) {
    const value = values[t]!
    const old = season[t % period]!
    const base = level + trend
    squaredError += (value - join(base, old)) ** 2
    level = alpha * part(value, old) + (1 - alpha) * base
    trend = beta * (level - (base - trend)) + (1 - beta) * trend
    season[t % period] = gamma * part(value, base) + (1 - gamma) * old
  }
  const n = values.length
  const forecast = new Float64Array(horizon)
  for (let h = 0; h < horizon; h++) forecast[h] = join(level + trend * (h + 1), season[(n + h) % period]!)
  return { squaredError, forecast }
}

/** The weights with the least squared one-step error, to about 0.01, by pattern search (Hooke & Jeeves 1961). */
export function fitHoltWinters(values: ArrayLike<number>, period: number, kind: SeasonKind): SmoothingParams {
  const error = (params: SmoothingParams) => {
    const { squaredError } = holtWinters(values, period, kind, params, 0)
    return Number.isFinite(squaredError) ? squaredError : Infinity
  }
  let best: SmoothingParams = { alpha: 0.3, beta: 0.05, gamma: 0.1 }
  let least = error(best)
  for (let step = 0.2; step > 0.01; step /= 2) {
    for (let better = true, round = 0; better && round < 20; round++) {
      better = false
      for (const name of ['alpha', 'beta', 'gamma'] as const) {
        for (const move of [-step, step]) {
          const params = { ...best, [name]: Math.min(1, Math.max(0, best[name] + move)) }
          const tried = error(params)
          if (tried >= least) continue
          best = params
          least = tried
          better = true
        }
      }
    }
  }
  return best
}
