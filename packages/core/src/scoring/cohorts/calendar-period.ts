export type CohortPeriod = 'week' | 'month' | 'quarter'

/**
 * Reads the number of the period that a day (counted from 1970-01-01) falls into; consecutive periods have consecutive
 * numbers. Remembers the days it has seen: a log has far fewer days than purchases.
 */
export function createPeriodReader(period: CohortPeriod): (day: number) => number {
  const known = new Map<number, number>()
  return (day) => {
    let number = known.get(day)
    if (number === undefined) {
      number = periodOfDay(day, period)
      known.set(day, number)
    }
    return number
  }
}

function periodOfDay(day: number, period: CohortPeriod): number {
  // 1970-01-01 was a Thursday; weeks begin on Monday (ISO 8601).
  if (period === 'week') return Math.floor((day + 3) / 7)
  const date = new Date(day * 86_400_000)
  const month = date.getUTCFullYear() * 12 + date.getUTCMonth()
  return period === 'month' ? month : Math.floor(month / 3)
}

/** '2026-03', '2026-Q1', or the Monday of a week as '2026-03-02'. */
export function periodName(number: number, period: CohortPeriod): string {
  if (period === 'week') return new Date((number * 7 - 3) * 86_400_000).toISOString().slice(0, 10)
  const perYear = period === 'month' ? 12 : 4
  const year = String(Math.floor(number / perYear)).padStart(4, '0')
  const part = (number % perYear) + 1
  return period === 'month' ? `${year}-${String(part).padStart(2, '0')}` : `${year}-Q${part}`
}
