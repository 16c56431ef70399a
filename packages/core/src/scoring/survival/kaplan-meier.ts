import { Z95 } from '../indicators/wilson-interval.js'
import { type LogRankTest, logRankTest } from './log-rank.js'
import { countUpTo, eventTimes, type RiskTable, riskTable } from './risk-table.js'
import { checkSurvivalColumns, type SurvivalColumns } from './survival-columns.js'

/** A step function: one entry per distinct time with an event, ascending. */
export interface SurvivalCurve {
  group?: string
  customers: number
  totalEvents: number
  time: Float64Array
  /** Customers under observation just before `time`, and events at it. */
  atRisk: Float64Array
  events: Float64Array
  /** Share without the event after `time`, 0 to 1, with its standard error (Greenwood 1926). */
  survival: Float64Array
  standardError: Float64Array
  /** Limits at 95 % on the log scale. */
  lower: Float64Array
  upper: Float64Array
  /** First time at which survival is one half or less; undefined where that was not seen. */
  median: number | undefined
}

export interface KaplanMeier {
  /** One curve, or one per group in order of first appearance. */
  curves: SurvivalCurve[]
  /** Present where two groups or more were at risk at the same time. */
  logRank?: LogRankTest
}

/**
 * Share of customers to whom an event has not happened yet, by time since the start, with customers still waiting at
 * the end of observation counted for as long as they were seen: S(t) = product over event times of (1 - events/at risk)
 * (Kaplan & Meier 1958). Events come before censorings at the same time. Where survival has reached 0 the standard
 * error is 0 and the upper limit that of the time before. Throws {@link ScoringInputError} naming row and column.
 */
export function kaplanMeier(columns: SurvivalColumns): KaplanMeier {
  checkSurvivalColumns(columns)
  const rowsOf = new Map<string, number[]>()
  if (!columns.group) rowsOf.set('', [])
  columns.time.forEach((_, row) => {
    const name = String(columns.group?.[row] ?? '')
    const rows = rowsOf.get(name)
    if (rows) rows.push(row)
    else rowsOf.set(name, [row])
  })
  const times = eventTimes(columns)
  const tables = Array.from(rowsOf.values(), (rows) => riskTable(columns, rows, times))
  const groups = [...rowsOf.keys()]
  const curves = tables.map((table, i) => ({
    ...(columns.group ? { group: groups[i]! } : {}),
    ...curveOf(table, times),
  }))
  const logRank = logRankTest(tables)
  return logRank ? { curves, logRank } : { curves }
}

/** Survival of a curve at a time: 1 before the first event, the last known value after the last one. */
export function survivalAt(curve: SurvivalCurve, time: number): number {
  const events = countUpTo(curve.time, time)
  return events === 0 ? 1 : curve.survival[events - 1]!
}

function curveOf(table: RiskTable, times: Float64Array): SurvivalCurve {
  const happened = (_: number, i: number): boolean => table.events[i]! > 0
  const time = times.filter(happened)
  const atRisk = table.atRisk.filter(happened)
  const events = table.events.filter(happened)
  const survival = new Float64Array(time.length)
  const standardError = new Float64Array(time.length)
  const lower = new Float64Array(time.length)
  const upper = new Float64Array(time.length)
  let share = 1
  let variance = 0
  let median: number | undefined
  let totalEvents = 0
  for (let i = 0; i < time.length; i++) {
    const left = Math.max(0, atRisk[i]! - events[i]!)
    totalEvents += events[i]!
    share *= left / atRisk[i]!
    if (left > 0) variance += events[i]! / (atRisk[i]! * left)
    const relative = Math.sqrt(variance)
    survival[i] = share
    standardError[i] = share * relative
    lower[i] = share * Math.exp(-Z95 * relative)
    upper[i] = share > 0 ? Math.min(1, share * Math.exp(Z95 * relative)) : (upper[i - 1] ?? 1)
    if (share <= 0.5 + 1e-12) median ??= time[i]
  }
  const { customers } = table
  return { customers, totalEvents, time, atRisk, events, survival, standardError, lower, upper, median }
}
