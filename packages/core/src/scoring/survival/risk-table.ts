import type { SurvivalColumns } from './survival-columns.js'

/** Customers under observation just before each time, and events at it, in one group. */
export interface RiskTable {
  customers: number
  atRisk: Float64Array
  events: Float64Array
}

/** Distinct times with an event in any row, ascending. */
export function eventTimes({ time, event }: SurvivalColumns): Float64Array {
  return time
    .filter((_, row) => event[row] === 1)
    .sort()
    .filter((value, i, sorted) => i === 0 || value !== sorted[i - 1])
}

/** Counts the rows of one group at ascending times; events come before censorings at the same time. */
export function riskTable(columns: SurvivalColumns, rows: readonly number[], times: Float64Array): RiskTable {
  const { time, event, weight, entry } = columns
  const byTime = Float64Array.from(rows).sort((a, b) => time[a]! - time[b]!)
  const byEntry = entry ? Float64Array.from(rows).sort((a, b) => entry[a]! - entry[b]!) : undefined
  const weightOf = (row: number): number => weight?.[row] ?? 1
  const table = { customers: 0, atRisk: new Float64Array(times.length), events: new Float64Array(times.length) }
  for (const row of rows) table.customers += weightOf(row)
  let atRisk = byEntry ? 0 : table.customers
  let entered = 0
  let left = 0
  times.forEach((now, i) => {
    for (; byEntry && entered < byEntry.length && entry![byEntry[entered]!]! < now; entered++) {
      atRisk += weightOf(byEntry[entered]!)
    }
    for (; left < byTime.length && time[byTime[left]!]! < now; left++) atRisk -= weightOf(byTime[left]!)
    table.atRisk[i] = atRisk
    for (let at = left; at < byTime.length && time[byTime[at]!] === now; at++) {
      if (event[byTime[at]!] === 1) table.events[i]! += weightOf(byTime[at]!)
    }
  })
  return table
}
