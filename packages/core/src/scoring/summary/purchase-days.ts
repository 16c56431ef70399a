import type { TransactionLog } from './transaction-log.js'

/** Transactions ordered by customer, then day; transactions of one day keep their order. */
export interface OrderedTransactions {
  /** Transactions of customer c are start[c] .. start[c + 1] - 1. */
  start: Int32Array
  day: Int32Array
  amount: Float64Array | undefined
}

/** Up to this length, sorting by insertion beats setting up anything else. */
const SHORT_HISTORY = 32

/**
 * A counting sort by customer, then a sort of the days inside each customer where the log had them out of order: close
 * to linear time, and no row of the log is touched twice.
 */
export function orderTransactions(log: TransactionLog): OrderedTransactions {
  const { customer, length } = log
  const customers = log.customerIds.length
  const start = new Int32Array(customers + 1)
  for (let row = 0; row < length; row++) start[customer[row]! + 1]! += 1
  for (let c = 0; c < customers; c++) start[c + 1]! += start[c]!
  const next = start.slice()
  const day = new Int32Array(length)
  const amount = log.amount && new Float64Array(length)
  for (let row = 0; row < length; row++) {
    const c = customer[row]!
    const target = next[c]!
    next[c] = target + 1
    day[target] = log.day[row]!
    if (amount) amount[target] = log.amount![row]!
  }
  for (let c = 0; c < customers; c++) {
    const from = start[c]!
    const to = start[c + 1]!
    if (to - from <= SHORT_HISTORY) insertionSort(day, amount, from, to)
    else if (!isAscending(day, from, to)) keySort(day, amount, from, to)
  }
  return { start, day, amount }
}

function isAscending(day: Int32Array, from: number, to: number): boolean {
  for (let i = from + 1; i < to; i++) if (day[i]! < day[i - 1]!) return false
  return true
}

function insertionSort(day: Int32Array, amount: Float64Array | undefined, from: number, to: number): void {
  for (let i = from + 1; i < to; i++) {
    const d = day[i]!
    if (d >= day[i - 1]!) continue
    const sum = amount ? amount[i]! : 0
    let hole = i
    while (hole > from && day[hole - 1]! > d) {
      day[hole] = day[hole - 1]!
      if (amount) amount[hole] = amount[hole - 1]!
      hole--
    }
    day[hole] = d
    if (amount) amount[hole] = sum
  }
}

/** Day and place in one number (exact below 2^53: days fit 28 bits), so that the native numeric sort keeps ties stable. */
function keySort(day: Int32Array, amount: Float64Array | undefined, from: number, to: number): void {
  const length = to - from
  const keys = Float64Array.from({ length }, (_, i) => day[from + i]! * length + i).sort()
  const amounts = amount?.slice(from, to)
  for (let i = 0; i < length; i++) {
    const d = Math.floor(keys[i]! / length)
    day[from + i] = d
    if (amount && amounts) amount[from + i] = amounts[keys[i]! - d * length]!
  }
}
