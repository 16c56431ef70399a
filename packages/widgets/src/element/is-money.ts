import type { Money } from './gateway.js'

/** Whether a value is an amount with its currency, both there. */
export function isMoney(value: unknown): value is Money {
  if (typeof value !== 'object' || value === null) return false
  const { amountMinor, currency } = value as Partial<Money>
  return typeof amountMinor === 'number' && typeof currency === 'string'
}
