import { ScoringInputError } from '../scoring-input-error.js'
import { createDayReader, requireDay } from './calendar-day.js'
import type { CustomerSummary } from './customer-summary.js'
import { purchaseDays } from './purchase-days.js'
import { readTransactionLog, type Transaction, type TransactionColumns } from './transaction-log.js'

export type TimeUnit = 'day' | 'week' | 'month'

/** Length of a unit in days; a month is a twelfth of 365.25 days. */
export const DAYS_PER_UNIT: Readonly<Record<TimeUnit, number>> = { day: 1, week: 7, month: 30.4375 }

export interface SummarizeOptions {
  /** Unit of recency and age, and so of every parameter and horizon derived from them. */
  unit: TimeUnit
  /** Last day that counts, the same for everybody; a date, an ISO time, or milliseconds since the epoch. */
  observationEnd: string | number
  /** Ends the columns here and counts what follows, up to observationEnd, as `holdout`. */
  calibrationEnd?: string | number
  /** IANA zone in which a purchase falls on a day; default 'UTC'. Plain dates are days already. */
  timeZone?: string
}

/** What the customers of the calibration did afterwards: the truth to hold predictions against. */
export interface HoldoutSummary {
  /** Days with a purchase after calibrationEnd, up to observationEnd. */
  frequency: Float64Array
  /** Mean spend on these days, 0 where there are none; present where amounts were given. */
  monetaryValue?: Float64Array
  /** Length of the holdout in the unit of the summary, the same for everybody. */
  duration: number
}

export interface TransactionSummary extends CustomerSummary {
  unit: TimeUnit
  customerIds: string[]
  /** Spend on all days of the (calibration) period, the first included; present where amounts were given. */
  totalSpend?: Float64Array
  holdout?: HoldoutSummary
  /** Transactions after observationEnd, and days whose refunds took back all that was bought: neither counts. */
  excluded: { transactionsAfterEnd: number; refundedDays: number }
}

/**
 * Condenses a purchase log into the columns that the purchase models take. Purchases of one customer on one day are one
 * purchase with the summed amount; a day whose refunds (negative amounts) leave nothing does not count. A purchase for
 * nothing does: eight of the 2357 customers of the CDNOW sample, on whom the published values rest, have only that.
 * The order of transactions does not matter; customers come in the order of their first appearance in the log.
 * Customers without a counted purchase up to the end (of calibration, if given) are left out.
 *
 * x, t_x and T as in Fader, Hardie & Lee (2005): T runs from the first purchase to the end for everybody.
 * Throws {@link ScoringInputError} naming the row of an unreadable transaction, or the option at fault.
 */
export function summarizeTransactions(
  transactions: Iterable<Transaction> | TransactionColumns,
  options: SummarizeOptions,
): TransactionSummary {
  const unitDays = DAYS_PER_UNIT[options.unit]
  if (unitDays === undefined) throw new TypeError("unit must be 'day', 'week' or 'month'")
  const days = createDayReader(options.timeZone ?? 'UTC')
  const observationEnd = requireDay(days, options.observationEnd, { column: 'observationEnd' }, 'the end')
  const split = options.calibrationEnd !== undefined
  const end = split ? requireDay(days, options.calibrationEnd, { column: 'calibrationEnd' }, 'the end') : observationEnd
  if (end > observationEnd) {
    throw new ScoringInputError(
      { column: 'calibrationEnd' },
      'calibration ends after the observation',
      'Give a calibrationEnd before observationEnd',
    )
  }

  const log = readTransactionLog(transactions, days)
  const { customer, day, net, counts, transactionsAfterEnd } = purchaseDays(log, observationEnd)
  const most = log.customerIds.length
  const purchases = new Int32Array(most)
  const first = new Int32Array(most)
  const last = new Int32Array(most)
  const firstSpend = new Float64Array(most)
  const repeatSpend = new Float64Array(most)
  const later = new Int32Array(split ? most : 0)
  const laterSpend = new Float64Array(split ? most : 0)
  let refundedDays = 0
  for (let i = 0; i < day.length; i++) {
    const c = customer[i]!
    const today = day[i]!
    const paid = net[i]!
    if (counts[i] === 0) {
      refundedDays++
    } else if (today > end) {
      later[c]! += 1
      laterSpend[c]! += paid
    } else {
      if (purchases[c] === 0) {
        first[c] = today
        firstSpend[c] = paid
      } else repeatSpend[c]! += paid
      purchases[c]! += 1
      last[c] = today
    }
  }

  const bought: number[] = []
  for (let c = 0; c < most; c++) if (purchases[c]! > 0) bought.push(c)
  const column = (value: (c: number) => number): Float64Array => {
    const values = new Float64Array(bought.length)
    for (let row = 0; row < values.length; row++) values[row] = value(bought[row]!)
    return values
  }
  const mean = (sum: number, count: number): number => (count > 0 ? sum / count : 0)
  const summary: TransactionSummary = {
    unit: options.unit,
    customerIds: bought.map((c) => log.customerIds[c]!),
    frequency: column((c) => purchases[c]! - 1),
    recency: column((c) => (last[c]! - first[c]!) / unitDays),
    age: column((c) => (end - first[c]!) / unitDays),
    excluded: { transactionsAfterEnd, refundedDays },
  }
  if (log.amount) {
    summary.monetaryValue = column((c) => mean(repeatSpend[c]!, purchases[c]! - 1))
    summary.totalSpend = column((c) => firstSpend[c]! + repeatSpend[c]!)
  }
  if (split) {
    summary.holdout = { frequency: column((c) => later[c]!), duration: (observationEnd - end) / unitDays }
    if (log.amount) summary.holdout.monetaryValue = column((c) => mean(laterSpend[c]!, later[c]!))
  }
  return summary
}
