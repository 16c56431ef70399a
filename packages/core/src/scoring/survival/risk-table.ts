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
  const atRisk = new Float64Array(times.length + 1)
  const events = new Float64Array(times.length)
  let customers = 0
  for (const row of rows) {
    const count = weight ? weight[row]! : 1
    const end = countUpTo(times, time[row]!)
    customers += count
    // A row is at risk at the times within (entry, time]: noted as a step up and a step down, added up below.
    atRisk[entry ? countUpTo(times, entry[row]!) : 0]! += count
    atRisk[end]! -= count
    if (event[row] === 1) events[end - 1]! += count
  }
  for (let i = 1; i < times.length; i++) atRisk[i]! += atRisk[i - 1]!
  // Those who have an event are at risk, even where a weight next to nothing was lost in the sums.
  return { customers, atRisk: events.map((count, i) => Math.max(count, atRisk[i]!)), events }
}

/** How many of the ascending times are at most `limit`. */
export function countUpTo(times: Float64Array, limit: number): number {
  let low = 0
  let high = times.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (times[middle]! <= limit) low = middle + 1
    else high = middle
  }
  return low
}
