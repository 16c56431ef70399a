import { invalidField } from './crm-error.js'

/** A moment in UTC as an ISO 8601 string with exactly milliseconds: `2026-03-01T10:00:00.000Z`. Sorts as text. */
export type Instant = string

const shape =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*([Zz]|[+-]\d{2}:?\d{2}))?$/

/** The instant of a number of milliseconds since the epoch. */
export function instantOf(epochMs: number): Instant {
  return new Date(epochMs).toISOString()
}

/**
 * The canonical instant of what a caller wrote: ISO 8601 with a zone (`2026-03-01T10:00:00+01:00`), a bare date (midnight UTC)
 * or a `Date`. Returns `undefined` for anything else: impossible dates such as 30 February, and years outside 0001–9999.
 * Digits beyond the millisecond are cut off.
 */
export function toInstant(value: unknown): Instant | undefined {
  if (value instanceof Date) {
    const ms = value.getTime()
    return Number.isNaN(ms) ? undefined : inRange(ms)
  }
  if (typeof value !== 'string') return undefined
  if (isCanonical(value)) return value
  const match = shape.exec(value)
  if (!match) return undefined
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] = match
  const local = Date.UTC(2000, Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second))
  const date = new Date(local)
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day))
  const impossible =
    date.getUTCMonth() !== Number(month) - 1 ||
    date.getUTCDate() !== Number(day) ||
    Number(hour) > 23 ||
    Number(minute) > 59 ||
    Number(second) > 59
  if (impossible) return undefined
  const ms = Number(fraction.padEnd(3, '0').slice(0, 3))
  const offset = zoneOffsetMs(zone)
  return offset === undefined ? undefined : inRange(date.getTime() + ms - offset)
}

/** The rows of a batch carry the same moment several times each. */
let lastCanonical: string | undefined

/** Most values have been through here before; reading them again is half the cost of taking them apart. */
function isCanonical(value: string): boolean {
  if (value === lastCanonical) return true
  if (value.length !== 24 || value[10] !== 'T' || value[23] !== 'Z' || value.startsWith('0000')) return false
  const ms = Date.parse(value)
  if (Number.isNaN(ms) || new Date(ms).toISOString() !== value) return false
  lastCanonical = value
  return true
}

/** Like {@link toInstant}, throwing `validation_failed` that names the field. */
export function requireInstant(value: unknown, field: string): Instant {
  const instant = toInstant(value)
  if (instant === undefined) throw invalidField(field, 'expected a moment such as 2026-03-01T10:00:00.000Z')
  return instant
}

function inRange(ms: number): Instant | undefined {
  const text = new Date(ms).toISOString()
  return text.length === 24 && !text.startsWith('0000') ? text : undefined
}

function zoneOffsetMs(zone: string): number | undefined {
  if (zone === 'Z' || zone === 'z') return 0
  const hours = Number(zone.slice(1, 3))
  const minutes = Number(zone.slice(-2))
  if (hours > 23 || minutes > 59) return undefined
  return (zone[0] === '-' ? -1 : 1) * (hours * 60 + minutes) * 60_000
}
