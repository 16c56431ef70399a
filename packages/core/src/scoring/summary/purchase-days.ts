import type { TransactionLog } from './transaction-log.js'

/** Transactions added up by customer and day, in order of the days. */
export interface PurchaseDays {
  customer: Int32Array
  day: Int32Array
  /** What the customer paid that day, less refunds; 0 without amounts. */
  net: Float64Array
  /** 1 where the day counts as a purchase, 0 where refunds took back all that was bought. */
  counts: Uint8Array
  /** Transactions after the last day asked for, which are left out. */
  transactionsAfterEnd: number
}

/** A rest of this share of what was bought is the rounding of decimal amounts, not a spend. */
const ROUNDING = 1e-9

/** The log by customer and day, up to and including `end`, without comparing rows: close to linear time. */
export function purchaseDays(log: TransactionLog, end = Infinity): PurchaseDays {
  const { length } = log
  // Days are written over the sorted transactions, which they never overtake: memory not taken is memory not collected.
  const { customer, day, amount } = sortByDay(log)
  const net = amount ?? new Float64Array(length)
  const refunds = new Map<number, number>()
  /** Where the latest day of each customer stands. */
  const latest = new Int32Array(log.customerIds.length).fill(-1)
  let today = -Infinity
  let firstOfToday = 0
  let days = 0
  let row = 0
  for (; row < length; row++) {
    const d = day[row]!
    if (d !== today) {
      if (d > end) break
      today = d
      firstOfToday = days
    }
    const c = customer[row]!
    const paid = net[row]!
    let target = latest[c]!
    if (target < firstOfToday) {
      target = days++
      latest[c] = target
      customer[target] = c
      day[target] = d
      net[target] = 0
    }
    if (paid < 0) refunds.set(target, (refunds.get(target) ?? 0) - paid)
    else net[target]! += paid
  }
  const counts = new Uint8Array(days).fill(1)
  for (const [i, refunded] of refunds) {
    const bought = net[i]!
    net[i] = bought - refunded
    if (bought - refunded <= ROUNDING * bought) counts[i] = 0
  }
  return {
    customer: customer.subarray(0, days),
    day: day.subarray(0, days),
    net: net.subarray(0, days),
    counts,
    transactionsAfterEnd: length - row,
  }
}

/** Days are sorted by this many bits at a time: 45 years in one pass. */
const DIGIT_BITS = 14
const DIGIT_MASK = (1 << DIGIT_BITS) - 1

/**
 * A copy of the log in order of the days; transactions of one day keep their order. A radix sort that moves the columns
 * themselves, since reading them through sorted row numbers would miss the cache at every row.
 */
function sortByDay(log: TransactionLog): TransactionLog {
  const { length } = log
  let earliest = length > 0 ? log.day[0]! : 0
  let latest = earliest
  for (let row = 1; row < length; row++) {
    const d = log.day[row]!
    if (d < earliest) earliest = d
    else if (d > latest) latest = d
  }
  const span = latest - earliest
  let from = log
  for (let shift = 0; shift === 0 || span >> shift > 0; shift += DIGIT_BITS) {
    const next = new Int32Array(Math.min(DIGIT_MASK, span >> shift) + 2)
    const to: TransactionLog = {
      ...log,
      customer: new Int32Array(length),
      day: new Int32Array(length),
      amount: log.amount && new Float64Array(length),
    }
    for (let row = 0; row < length; row++) next[(((from.day[row]! - earliest) >> shift) & DIGIT_MASK) + 1]! += 1
    for (let digit = 1; digit < next.length; digit++) next[digit]! += next[digit - 1]!
    for (let row = 0; row < length; row++) {
      const d = from.day[row]!
      const digit = ((d - earliest) >> shift) & DIGIT_MASK
      const target = next[digit]!
      next[digit] = target + 1
      to.day[target] = d
      to.customer[target] = from.customer[row]!
      if (to.amount) to.amount[target] = from.amount![row]!
    }
    from = to
  }
  return from
}
