import { ScoringInputError } from '../scoring-input-error.js'
import { createDayReader, type DayReader } from './calendar-day.js'
import type { CustomerSummary } from './customer-summary.js'
import { orderTransactions } from './purchase-days.js'
import { readTransactionLog, type Transaction, type TransactionColumns } from './transaction-log.js'

export type TimeUnit = 'day' | 'week' | 'month'

/** Length of a unit in days; a month is a twelfth of 365.25 days. */
export const DAYS_PER_UNIT: Readonly<Record<TimeUnit, number>> = { day: 1, week: 7, month: 30.4375 }

/** A rest of this share of what was bought is the rounding of decimal amounts, not a spend. */
const ROUNDING = 1e-9

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
  const days = readerFor(options.timeZone ?? 'UTC')
  const observationEnd = endDay(days, options.observationEnd, 'observationEnd')
  const split = options.calibrationEnd !== undefined
  const end = split ? endDay(days, options.calibrationEnd!, 'calibrationEnd') : observationEnd
  if (end > observationEnd) {
    throw new ScoringInputError(
      { column: 'calibrationEnd' },
      'calibration ends after the observation',
      'Give a calibrationEnd before observationEnd',
    )
  }

  const log = readTransactionLog(transactions, days)
  const { start, day, amount } = orderTransactions(log)
  const most = log.customerIds.length
  const customerIds: string[] = []
  const frequency = new Float64Array(most)
  const recency = new Float64Array(most)
  const age = new Float64Array(most)
  const totalSpend = new Float64Array(most)
  const monetaryValue = new Float64Array(most)
  const laterFrequency = new Float64Array(most)
  const laterSpend = new Float64Array(most)
  const excluded = { transactionsAfterEnd: 0, refundedDays: 0 }

  for (let customer = 0; customer < most; customer++) {
    let purchases = 0
    let first = 0
    let last = 0
    let spend = 0
    let repeatSpend = 0
    let later = 0
    let spendLater = 0
    const stop = start[customer + 1]!
    for (let i = start[customer]!; i < stop; ) {
      const today = day[i]!
      if (today > observationEnd) {
        excluded.transactionsAfterEnd += stop - i
        break
      }
      let bought = 0
      let refunded = 0
      do {
        const sum = amount ? amount[i]! : 0
        if (sum < 0) refunded -= sum
        else bought += sum
        i++
      } while (i < stop && day[i] === today)
      const net = bought - refunded
      if (refunded > 0 && net <= ROUNDING * bought) {
        excluded.refundedDays++
        continue
      }
      if (today > end) {
        later++
        spendLater += net
        continue
      }
      if (purchases === 0) first = today
      else repeatSpend += net
      last = today
      spend += net
      purchases++
    }
    if (purchases === 0) continue
    const row = customerIds.length
    customerIds.push(log.customerIds[customer]!)
    frequency[row] = purchases - 1
    recency[row] = (last - first) / unitDays
    age[row] = (end - first) / unitDays
    totalSpend[row] = spend
    monetaryValue[row] = purchases > 1 ? repeatSpend / (purchases - 1) : 0
    laterFrequency[row] = later
    laterSpend[row] = later > 0 ? spendLater / later : 0
  }

  const n = customerIds.length
  const summary: TransactionSummary = {
    unit: options.unit,
    customerIds,
    frequency: frequency.slice(0, n),
    recency: recency.slice(0, n),
    age: age.slice(0, n),
    excluded,
  }
  if (amount) {
    summary.monetaryValue = monetaryValue.slice(0, n)
    summary.totalSpend = totalSpend.slice(0, n)
  }
  if (split) {
    summary.holdout = { frequency: laterFrequency.slice(0, n), duration: (observationEnd - end) / unitDays }
    if (amount) summary.holdout.monetaryValue = laterSpend.slice(0, n)
  }
  return summary
}

function readerFor(timeZone: string): DayReader {
  try {
    return createDayReader(timeZone)
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    throw new ScoringInputError(
      { column: 'timeZone' },
      'the time zone is not known',
      "Give an IANA name such as 'Europe/Berlin'",
    )
  }
}

function endDay(days: DayReader, at: string | number, column: string): number {
  const day = days.dayOf(at)
  if (day !== undefined) return day
  throw new ScoringInputError(
    { column },
    'the end is not a date that exists',
    "Give 'YYYY-MM-DD', an ISO 8601 time, or milliseconds since the epoch",
  )
}
