import { toInstant } from '../../kernel/instant.js'
import { isCurrency, type Money } from '../../kernel/money.js'

/** Whether a number can be kept: finite, and whole ones within ±2^53. */
export function isStorableNumber(value: unknown): value is number {
  return (
    typeof value === 'number' && Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))
  )
}

/** Whether a value is a date of the calendar, `2026-03-01`. */
export function isCalendarDate(value: unknown): value is string {
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) && toInstant(value) !== undefined
}

/** Whether a value is an amount of money and nothing else. */
export function isMoney(value: unknown): value is Money {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const { amountMinor, currency, ...more } = value as Readonly<Record<string, unknown>>
  return Number.isSafeInteger(amountMinor) && isCurrency(currency) && Object.keys(more).length === 0
}
