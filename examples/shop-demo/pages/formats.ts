import { type Money, minorDigits } from '@rapport/core'

/** `2,357`. */
export function formatCount(count: number): string {
  return Math.round(count).toLocaleString('en-US')
}

/** `$29.33`, or `$29` without cents. */
export function formatMoney({ amountMinor, currency }: Money, options: { readonly cents: boolean }): string {
  const digits = options.cents ? minorDigits(currency) : 0
  return (amountMinor / 10 ** minorDigits(currency)).toLocaleString('en-US', {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
}

/** `30 September 1997` for a day or an instant, in UTC. */
export function formatDay(day: string): string {
  return new Date(day).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })
}

/** `71 %` for 0.713. */
export function formatPercent(share: number): string {
  return `${Math.round(share * 100)} %`
}

/** `22 November 2026 at 07:13` for an instant, in UTC. */
export function formatMoment(instant: string): string {
  return new Date(instant).toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })
}
