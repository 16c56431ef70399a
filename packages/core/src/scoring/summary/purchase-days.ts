import type { TransactionLog } from './transaction-log.js'

/** Transactions ordered by customer, then day; transactions of one day keep their order. */
export interface OrderedTransactions {
  /** Transactions of customer c are start[c] .. start[c + 1] - 1. */
  start: Int32Array
  day: Int32Array
  amount: Float64Array | undefined
}

/** Beyond so many days between the first and the last transaction a bucket for each would be a waste. */
const MOST_DAY_BUCKETS = 1 << 21

/** Two stable counting sorts, by day and by customer: linear time whatever the order of the input. */
export function orderTransactions(log: TransactionLog): OrderedTransactions {
  const { customer, length } = log
  const byDay = orderByDay(log)
  const start = new Int32Array(log.customerIds.length + 1)
  for (let row = 0; row < length; row++) start[customer[row]! + 1]! += 1
  for (let c = 0; c < log.customerIds.length; c++) start[c + 1]! += start[c]!
  const next = start.slice()
  const day = new Int32Array(length)
  const amount = log.amount && new Float64Array(length)
  for (let i = 0; i < length; i++) {
    const row = byDay ? byDay[i]! : i
    const c = customer[row]!
    const target = next[c]!
    next[c] = target + 1
    day[target] = log.day[row]!
    if (amount) amount[target] = log.amount![row]!
  }
  return { start, day, amount }
}

/** Row numbers in order of day, or undefined where each customer's rows are in that order already. */
function orderByDay({ customer, day, length, customerIds }: TransactionLog): Int32Array | undefined {
  const latest = new Int32Array(customerIds.length).fill(-(2 ** 31))
  let ordered = true
  let first = Infinity
  let last = -Infinity
  for (let row = 0; row < length; row++) {
    const d = day[row]!
    const c = customer[row]!
    if (d < latest[c]!) ordered = false
    latest[c] = d
    if (d < first) first = d
    if (d > last) last = d
  }
  if (ordered) return undefined
  if (last - first >= MOST_DAY_BUCKETS) {
    return Int32Array.from(Array.from({ length }, (_, row) => row).sort((one, other) => day[one]! - day[other]!))
  }
  const next = new Int32Array(last - first + 2)
  for (let row = 0; row < length; row++) next[day[row]! - first + 1]! += 1
  for (let i = 1; i < next.length; i++) next[i]! += next[i - 1]!
  const order = new Int32Array(length)
  for (let row = 0; row < length; row++) {
    const bucket = day[row]! - first
    order[next[bucket]!] = row
    next[bucket]! += 1
  }
  return order
}
