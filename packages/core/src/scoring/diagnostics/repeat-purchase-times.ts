import { createDayReader } from '../summary/calendar-day.js'
import { orderTransactions } from '../summary/purchase-days.js'
import { DAYS_PER_UNIT, type TimeUnit } from '../summary/summarize-transactions.js'
import { readTransactionLog, type Transaction, type TransactionColumns } from '../summary/transaction-log.js'

/**
 * Times of all repeat purchases in a log, for `trackPurchases`: days with a purchase after the customer's first one, in
 * `unit`, measured from the first purchase of the earliest customer, ascending. A day whose amounts add up to less than
 * 0 does not count. Give the log of the customers of the summary alone, from the start of their cohort.
 * Throws ScoringInputError naming the row of an unreadable transaction, RangeError for an unknown time zone.
 */
export function repeatPurchaseTimes(
  transactions: Iterable<Transaction> | TransactionColumns,
  { unit, timeZone = 'UTC' }: { unit: TimeUnit; timeZone?: string },
): Float64Array {
  const unitDays = DAYS_PER_UNIT[unit]
  if (unitDays === undefined) throw new TypeError("unit must be 'day', 'week' or 'month'")
  const log = readTransactionLog(transactions, createDayReader(timeZone))
  const { start, day, amount } = orderTransactions(log)
  const times: number[] = []
  let earliest = Infinity
  for (let customer = 0; customer < log.customerIds.length; customer++) {
    let purchases = 0
    for (let i = start[customer]!; i < start[customer + 1]!; ) {
      const today = day[i]!
      let net = 0
      for (; i < start[customer + 1]! && day[i] === today; i++) net += amount ? amount[i]! : 0
      if (net < 0) continue
      if (purchases > 0) times.push(today)
      else earliest = Math.min(earliest, today)
      purchases++
    }
  }
  return Float64Array.from(times, (time) => (time - earliest) / unitDays).sort()
}
