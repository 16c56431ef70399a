import { ScoringInputError, type ScoringInputLocation } from '../scoring-input-error.js'

const DAY_MS = 86_400_000
/** Calendars before the year 1 and after what a Date can hold are nobody's purchases. */
const EARLIEST_MS = -62_135_510_400_000
const LATEST_MS = 8.64e15
const MONTH_LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** Turns moments into whole calendar days, counted from 1970-01-01, as a merchant in one time zone sees them. */
export interface DayReader {
  /**
   * The day of a calendar date ('2026-03-01'), of an ISO time with a zone or offset, of an ISO time without one (taken
   * as the merchant's wall clock), or of milliseconds since the epoch. Undefined where it is none of these.
   */
  dayOf(at: string | number): number | undefined
}

/** Throws {@link ScoringInputError} for a time zone that the platform does not know. */
export function createDayReader(timeZone: string): DayReader {
  const dayOfInstant = timeZone === 'UTC' ? (ms: number) => Math.floor(ms / DAY_MS) : createZonedDay(timeZone)
  return {
    dayOf(at) {
      if (typeof at === 'number') return at >= EARLIEST_MS && at <= LATEST_MS ? dayOfInstant(at) : undefined
      if (typeof at !== 'string') return undefined
      const date = readDate(at)
      if (date === undefined || at.length === 10) return date
      const canonical = canonicalTimeMs(at)
      if (canonical !== undefined) return dayOfInstant(date * DAY_MS + canonical)
      const time = readTime(at)
      if (time === undefined) return undefined
      return time.offsetMs === undefined ? date : dayOfInstant(date * DAY_MS + time.ms - time.offsetMs)
    },
  }
}

/** The day of a moment; throws {@link ScoringInputError} where it is none, naming where it stands and what it is. */
export function requireDay(
  days: DayReader,
  at: string | number | undefined,
  location: ScoringInputLocation,
  what: string,
): number {
  const day = at === undefined ? undefined : days.dayOf(at)
  if (day !== undefined) return day
  throw new ScoringInputError(
    location,
    `${what} is not a date that exists`,
    "Give 'YYYY-MM-DD', an ISO 8601 time, or milliseconds since the epoch",
  )
}

/** Far enough below 0 that a number with such a part fails every range check; NaN would do too, but makes floats. */
const NOT_DIGITS = -1_000_000

/** The number that two digits make, read once for both since a log has millions of them. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48
  const ones = text.charCodeAt(at + 1) - 48
  return (tens | ones | (9 - tens) | (9 - ones)) < 0 ? NOT_DIGITS : tens * 10 + ones
}

/** 'YYYY-MM-DD' at the start of the text as a day number; undefined for a date that does not exist. */
function readDate(text: string): number | undefined {
  if (text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45) return undefined
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2)
  const month = twoDigits(text, 5)
  const day = twoDigits(text, 8)
  if (!(month >= 1 && month <= 12 && day >= 1 && year >= 0)) return undefined
  if (day > 28) {
    const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
    if (day > MONTH_LENGTHS[month - 1]! + (leap ? 1 : 0)) return undefined
  }
  return daysFromCivil(year, month, day)
}

/** Days since 1970-01-01 of a date of the Gregorian calendar, counting years from March so that leap days come last. */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const monthFromMarch = month <= 2 ? month + 9 : month - 3
  const dayOfYear = (((153 * monthFromMarch + 2) / 5) | 0) + day - 1
  // Truncated rather than floored, which is the same here and several times faster.
  return 365 * y + (y >> 2) - ((y / 100) | 0) + ((y / 400) | 0) + dayOfYear - 719_468
}

/**
 * Milliseconds since midnight, down to the second, in the form of Date.prototype.toISOString, which most
 * logs use: worth a path without regular expressions. Undefined for any other form.
 */
function canonicalTimeMs(text: string): number | undefined {
  if (text.length !== 24 || text.charCodeAt(10) !== 84 || text.charCodeAt(23) !== 90) return undefined
  if (text.charCodeAt(13) !== 58 || text.charCodeAt(16) !== 58 || text.charCodeAt(19) !== 46) return undefined
  const hour = twoDigits(text, 11)
  const minute = twoDigits(text, 14)
  const second = twoDigits(text, 17)
  if (!(hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60)) return undefined
  // Milliseconds must be digits, but never decide the day.
  if (twoDigits(text, 20) < 0 || twoDigits(text, 21) < 0) return undefined
  return ((hour * 60 + minute) * 60 + second) * 1000
}

const TIME = /^[T ]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:[.,](\d{1,9}))?)?(Z|[+-](?:[01]\d|2[0-3]):?[0-5]\d)?$/

function readTime(text: string): { ms: number; offsetMs: number | undefined } | undefined {
  const match = TIME.exec(text.slice(10))
  if (!match) return undefined
  const [, hours, minutes, seconds = '0', fraction = '', zone] = match
  const ms =
    Number(hours) * 3_600_000 + Number(minutes) * 60_000 + Number(seconds) * 1000 + Number(`0.${fraction}0`) * 1000
  if (zone === undefined) return { ms, offsetMs: undefined }
  if (zone === 'Z') return { ms, offsetMs: 0 }
  const offset = (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))) * 60_000
  return { ms, offsetMs: zone.startsWith('-') ? -offset : offset }
}

/** Zone rules change on quarter hours, so the offset is looked up once per quarter hour that occurs in the data. */
function createZonedDay(timeZone: string): (ms: number) => number {
  const QUARTER_MS = 900_000
  const format = zonedFormat(timeZone)
  const offsets = new Map<number, number>()
  const offsetAt = (quarter: number): number => {
    const parts: Record<string, number> = {}
    for (const { type, value } of format.formatToParts(quarter * QUARTER_MS)) parts[type] = Number(value)
    const day = daysFromCivil(parts.year!, parts.month!, parts.day!)
    const wall = ((day * 24 + parts.hour!) * 60 + parts.minute!) * 60_000 + parts.second! * 1000
    return wall - quarter * QUARTER_MS
  }
  return (ms) => {
    const quarter = Math.floor(ms / QUARTER_MS)
    let offset = offsets.get(quarter)
    if (offset === undefined) {
      offset = offsetAt(quarter)
      offsets.set(quarter, offset)
    }
    return Math.floor((ms + offset) / DAY_MS)
  }
}

function zonedFormat(timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'iso8601',
      numberingSystem: 'latn',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
      hourCycle: 'h23',
    })
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    throw new ScoringInputError(
      { column: 'timeZone' },
      'the time zone is not known',
      "Give an IANA name such as 'Europe/Berlin'",
    )
  }
}
