import { createDayReader } from '../summary/calendar-day.js'
import { purchaseDays } from '../summary/purchase-days.js'
import { DAYS_PER_UNIT, type TimeUnit } from '../summary/summarize-transactions.js'
import { readTransactionLog, type Transaction, type TransactionColumns } from '../summary/transaction-log.js'

/**
 * Times of all repeat purchases in a log, for `trackPurchases`: days with a purchase after the customer's first one, in
 * `unit`, measured from the first purchase of the earliest customer, ascending. A day whose refunds take
 * back all that was bought does not count. Give the log of the customers of the summary alone, from the start of their cohort.
 * Throws ScoringInputError naming the row of an unreadable transaction, or the option at fault.
 */
export function repeatPurchaseTimes(
  transactions: Iterable<Transaction> | TransactionColumns,
  { unit, timeZone = 'UTC' }: { unit: TimeUnit; timeZone?: string },
): Float64Array {
  const unitDays = DAYS_PER_UNIT[unit]
  if (unitDays === undefined) throw new TypeError("unit must be 'day', 'week' or 'month'")
  const log = readTransactionLog(transactions, createDayReader(timeZone))
  const { customer, day, counts } = purchaseDays(log)
  const seen = new Uint8Array(log.customerIds.length)
  const times: number[] = []
  let earliest: number | undefined
  for (let i = 0; i < day.length; i++) {
    if (counts[i] === 0) continue
    earliest ??= day[i]!
    if (seen[customer[i]!] === 1) times.push((day[i]! - earliest) / unitDays)
    seen[customer[i]!] = 1
  }
  return Float64Array.from(times)
}
