import { invalidField } from '../kernel/crm-error.js'
import type { Instant } from '../kernel/instant.js'
import type { Bucket, WeekStart } from './query.js'

const dayMs = 86_400_000

/** Since then every zone's offset is a multiple of a quarter of an hour (IANA; Liberia was the last to change, in 1972). */
const quarterHourOffsetsSince = Date.UTC(1973, 0, 1)
const quarterHourMs = 900_000

const startDays: Readonly<Record<WeekStart, number>> = { sunday: 0, monday: 1, saturday: 6 }

/**
 * Returns a function from an instant to the local date its bucket starts on, `2026-03-01`. `timeZone` is an IANA name. Throws
 * `validation_failed` for a zone that the platform does not know. Days are those of the proleptic Gregorian calendar.
 */
export function bucketInstants(
  bucket: Bucket,
  timeZone = 'UTC',
  weekStart: WeekStart = 'monday',
): (instant: Instant) => string {
  const localDay = timeZone === 'UTC' ? utcDay : zonedDay(timeZone)
  const startDay = startDays[weekStart]
  return (instant) => {
    const date = new Date(localDay(Date.parse(instant)) * dayMs)
    if (bucket === 'week') date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() - startDay + 7) % 7))
    else if (bucket === 'month') date.setUTCDate(1)
    else if (bucket === 'quarter') date.setUTCMonth(date.getUTCMonth() - (date.getUTCMonth() % 3), 1)
    else if (bucket === 'year') date.setUTCMonth(0, 1)
    return date.toISOString().slice(0, 10)
  }
}

/** The local date that the bucket of one instant starts on; see {@link bucketInstants}, which is faster for many. */
export function bucketInstant(instant: Instant, bucket: Bucket, timeZone?: string, weekStart?: WeekStart): string {
  return bucketInstants(bucket, timeZone, weekStart)(instant)
}

/** Whether the platform knows an IANA time zone. */
export function isTimeZone(timeZone: string): boolean {
  try {
    formatterOf(timeZone)
    return true
  } catch {
    return false
  }
}

function utcDay(epochMs: number): number {
  return Math.floor(epochMs / dayMs)
}

/** Local days since the epoch. Asking the formatter costs microseconds, so neighbouring instants share one answer. */
function zonedDay(timeZone: string): (epochMs: number) => number {
  const formatter = formatterOf(timeZone)
  const days = new Map<number, number>()
  return (epochMs) => {
    if (epochMs < quarterHourOffsetsSince) return askDay(formatter, epochMs)
    const slot = Math.floor(epochMs / quarterHourMs)
    let day = days.get(slot)
    if (day === undefined) {
      day = askDay(formatter, epochMs)
      if (days.size >= 100_000) days.clear()
      days.set(slot, day)
    }
    return day
  }
}

const formatters = new Map<string, Intl.DateTimeFormat>()

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone)
  if (known) return known
  try {
    const formatter = new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
      timeZone,
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
    })
    formatters.set(timeZone, formatter)
    return formatter
  } catch {
    throw invalidField('timeZone', 'expected an IANA time zone such as Europe/Berlin')
  }
}

function askDay(formatter: Intl.DateTimeFormat, epochMs: number): number {
  const date = new Date(0)
  const part: Record<string, number> = {}
  for (const { type, value } of formatter.formatToParts(epochMs)) part[type] = Number(value)
  date.setUTCFullYear(part.year ?? 1970, (part.month ?? 1) - 1, part.day ?? 1)
  return Math.floor(date.getTime() / dayMs)
}
