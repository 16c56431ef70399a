import type { TicketCategory } from '@rapport/core'

const words: Readonly<Record<TicketCategory, string>> = {
  new: 'new',
  open: 'open',
  waitingOnCustomer: 'waiting for customer',
  waitingOnThird: 'waiting for others',
  snoozed: 'snoozed',
  resolved: 'resolved',
  closed: 'closed',
  merged: 'merged',
  spam: 'spam',
}

/** A category as staff reads it. */
export function categoryWords(category: TicketCategory): string {
  return words[category]
}

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const

/** How long ago an instant was, such as `5 hours ago`. */
export function sinceWords(instant: string): string {
  const passedMs = Date.now() - Date.parse(instant)
  const [unit, unitMs] = units.find(([, ms]) => passedMs >= ms) ?? units[2]
  const count = Math.floor(passedMs / unitMs)
  return count < 1 ? 'just now' : new Intl.RelativeTimeFormat('en').format(-count, unit)
}

/** Day and time of an instant, where the reader is. */
export function momentWords(instant: string): string {
  return new Date(instant).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' })
}
