import { toInstant } from '../../kernel/instant.js'
import type { Coerced } from './coerce-number.js'

/** Order of day and month in dates of which neither is above 12. */
export type DateOrder = 'dayFirst' | 'monthFirst'

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/**
 * A calendar date as people write it: `2026-03-01`, `2026/3/1`, `20260301`, `2026年3月1日`, `1.3.2026` (day first), `1 Mar 2026`,
 * `March 1, 2026`, and `3/1/2026` or `3-1-2026`, which needs `order` unless one number is above 12. Years have four digits.
 */
export function coerceDate(text: string, order?: DateOrder): Coerced<string> {
  const folded = text.normalize('NFKC').trim()
  const yearFirst =
    /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$/.exec(folded) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(folded)
  if (yearFirst) return dateOf(yearFirst[1], yearFirst[2], yearFirst[3])
  const dotted = /^(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})$/.exec(folded)
  if (dotted) return dateOf(dotted[3], dotted[2], dotted[1])
  const slashed = /^(\d{1,2})([/-])(\d{1,2})\2(\d{4})$/.exec(folded)
  if (slashed) {
    const [, first = '', , second = '', year] = slashed
    const unclear = Number(first) <= 12 && Number(second) <= 12 && Number(first) !== Number(second)
    if (unclear && order === undefined)
      return { fault: 'can be read in two ways: say with dateOrder whether the day or the month comes first' }
    const dayFirst = order === undefined ? Number(first) > 12 : order === 'dayFirst'
    return dayFirst ? dateOf(year, second, first) : dateOf(year, first, second)
  }
  const named =
    /^(\d{1,2})(?:st|nd|rd|th)?[\s.-]+([a-z]{3,9})\.?[\s,-]+(\d{4})$/i.exec(folded) ??
    reordered(/^([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})$/i.exec(folded))
  const month = named ? monthNamed(named[2] ?? '') : 0
  if (named && month > 0) return dateOf(named[3], String(month), named[1])
  return { fault: 'must be a date such as 2026-03-01' }
}

/**
 * A moment: ISO 8601 with a zone, or a date and a time of day without one, which needs `zone` (`Z` or `+08:00`). A date alone is its
 * midnight there.
 */
export function coerceInstant(
  text: string,
  options: { readonly order?: DateOrder; readonly zone?: string },
): Coerced<string> {
  const folded = text.normalize('NFKC').trim()
  const exact = /[Tt\s]\d{1,2}:/.test(folded) || /^\d{4}-\d{2}-\d{2}$/.test(folded) ? toInstant(folded) : undefined
  const dateOnly = /^\d{4}-\d{2}-\d{2}$/.test(folded)
  if (exact !== undefined && !dateOnly) return { value: exact }
  const parts = /^(.+?)(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2}(?:[.,]\d{1,9})?))?\s*([ap]m)?)?$/i.exec(folded)
  const day = coerceDate(parts?.[1] ?? '', options.order)
  if ('fault' in day) return day
  if (options.zone === undefined)
    return { fault: 'has no time zone: write it behind, or say it with zone, such as +08:00' }
  const half = parts?.[5]?.toLowerCase()
  const hour = parts?.[2] === undefined ? 0 : hourOf(Number(parts[2]), half)
  const time = `${String(hour).padStart(2, '0')}:${parts?.[3] ?? '00'}:${parts?.[4] ?? '00'}`
  const value = toInstant(`${day.value}T${time}${options.zone}`)
  return value === undefined ? { fault: 'must be a moment such as 2026-03-01T10:00:00Z' } : { value }
}

function hourOf(hour: number, half: string | undefined): number {
  if (half === undefined) return hour
  return (hour % 12) + (half === 'pm' ? 12 : 0)
}

function reordered(match: RegExpExecArray | null): string[] | undefined {
  return match ? ['', match[2] ?? '', match[1] ?? '', match[3] ?? ''] : undefined
}

function monthNamed(name: string): number {
  return months.indexOf(name.slice(0, 3).toLowerCase()) + 1
}

function dateOf(year: string | undefined, month: string | undefined, day: string | undefined): Coerced<string> {
  const value = `${year}-${month?.padStart(2, '0')}-${day?.padStart(2, '0')}`
  return toInstant(value) === undefined ? { fault: 'must be a date that exists' } : { value }
}
