import { ScoringInputError } from '../scoring-input-error.js'
import { createDayReader, requireDay } from '../summary/calendar-day.js'
import { purchaseDays } from '../summary/purchase-days.js'
import { readTransactionLog, type Transaction, type TransactionColumns } from '../summary/transaction-log.js'
import { type CohortPeriod, createPeriodReader, periodName } from './calendar-period.js'

export interface CohortTableOptions {
  /** Last day that counts; a date, an ISO time, or milliseconds since the epoch. */
  asOf: string | number
  /** Calendar periods; default 'month'. Weeks begin on Monday. */
  period?: CohortPeriod
  /** IANA zone in which a purchase falls on a day; default 'UTC'. Plain dates are days already. */
  timeZone?: string
}

/** Customers who bought first in one period. Index k counts periods since then; there is none beyond `asOf`. */
export interface Cohort {
  /** '2026-03', '2026-Q1', or the Monday of a week. */
  period: string
  customers: number
  /** Customers with a purchase in period k; all of them for k = 0. */
  active: number[]
  /** The same as a ratio of `customers`, 0 to 1. */
  activeShare: number[]
  /** Customers with a purchase in any of the periods 1 to k; 0 for k = 0. */
  returned: number[]
  /** Revenue in period k, less refunds; present where amounts were given. */
  revenue?: number[]
}

export interface CohortTable {
  /** Ascending; periods in which nobody bought first are left out. */
  cohorts: Cohort[]
  /** Whether the last period of every cohort is cut short by `asOf`. */
  lastPeriodPartial: boolean
  /** Transactions after `asOf`, which do not count. */
  transactionsAfterEnd: number
}

/** Beyond this the dates are wrong rather than the table large. */
const MOST_CELLS = 2_000_000

/**
 * Retention by cohort: a triangle of the period of first purchase by periods since. As in `summarizeTransactions`, a
 * day whose refunds take back all that was bought is no purchase, and a purchase for nothing is one; refunds lower the
 * revenue of the period they fall in. Throws {@link ScoringInputError} naming the row of an unreadable transaction, or
 * the option at fault.
 */
export function cohortTable(
  transactions: Iterable<Transaction> | TransactionColumns,
  { asOf, period = 'month', timeZone = 'UTC' }: CohortTableOptions,
): CohortTable {
  if (!['week', 'month', 'quarter'].includes(period)) throw new TypeError("period must be 'week', 'month' or 'quarter'")
  const days = createDayReader(timeZone)
  const end = requireDay(days, asOf, { column: 'asOf' }, 'the end')
  const log = readTransactionLog(transactions, days)
  const { customer, day, net, counts, transactionsAfterEnd } = purchaseDays(log, end)
  const periodOf = createPeriodReader(period)
  const lastPeriod = periodOf(end)
  const cohorts = new Map<number, Cohort>()
  let cells = 0

  const cohortOf = (first: number): Cohort => {
    const known = cohorts.get(first)
    if (known) return known
    const length = lastPeriod - first + 1
    cells += length
    if (cells > MOST_CELLS) {
      throw new ScoringInputError(
        { column: 'at' },
        `the dates make a table of more than ${MOST_CELLS} cells`,
        'Leave out the dates that are centuries off, or take longer periods',
      )
    }
    const empty = (): number[] => new Array<number>(length).fill(0)
    const cohort: Cohort = {
      period: periodName(first, period),
      customers: 0,
      active: empty(),
      activeShare: [],
      returned: empty(),
      ...(log.amount && { revenue: empty() }),
    }
    cohorts.set(first, cohort)
    return cohort
  }

  const firstPeriod = new Int32Array(log.customerIds.length)
  const latestPeriod = new Int32Array(log.customerIds.length)
  const cohortOfCustomer: (Cohort | undefined)[] = new Array(log.customerIds.length)
  for (let i = 0; i < day.length; i++) {
    const c = customer[i]!
    const now = periodOf(day[i]!)
    let cohort = cohortOfCustomer[c]
    if (counts[i] === 1) {
      if (!cohort) {
        firstPeriod[c] = now
        cohort = cohortOf(now)
        cohortOfCustomer[c] = cohort
        cohort.customers += 1
        cohort.active[0]! += 1
      } else if (now > latestPeriod[c]!) {
        const since = now - firstPeriod[c]!
        cohort.active[since]! += 1
        // Counted in the period of the first return here, in all later ones below.
        if (latestPeriod[c] === firstPeriod[c]) cohort.returned[since]! += 1
      }
      latestPeriod[c] = now
    }
    if (cohort?.revenue) cohort.revenue[now - firstPeriod[c]!]! += net[i]!
  }

  const ordered = [...cohorts.entries()].sort(([a], [b]) => a - b).map(([, cohort]) => cohort)
  for (const cohort of ordered) {
    cohort.activeShare = cohort.active.map((count) => count / cohort.customers)
    let sum = 0
    cohort.returned = cohort.returned.map((count) => {
      sum += count
      return sum
    })
  }
  return { cohorts: ordered, lastPeriodPartial: periodOf(end + 1) === lastPeriod, transactionsAfterEnd }
}
