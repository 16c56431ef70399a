import type { CustomerSummary, TransactionColumns } from '@rapport/core/scoring'
import { createSeededRandom, type SeededRandom } from './seeded-random.js'

export interface GeneratedCustomers {
  summary: CustomerSummary
  /** Unsorted, string ids, plain dates. */
  transactions: TransactionColumns
}

const DAYS_OBSERVED = 273
const ACQUISITION_DAYS = 84
const FIRST_DAY = Date.UTC(2025, 0, 1)
const DAY_MS = 86_400_000

/**
 * Customers who behave as BG/NBD and Gamma-Gamma say, with parameters near those of CDNOW: time in weeks, purchases on
 * whole days, first purchases spread over twelve weeks.
 */
export function generateCustomers(customers: number, seed: number): GeneratedCustomers {
  const random = createSeededRandom(seed)
  const frequency = new Float64Array(customers)
  const recency = new Float64Array(customers)
  const age = new Float64Array(customers)
  const monetaryValue = new Float64Array(customers)
  for (let row = 0; row < customers; row++) {
    const days = DAYS_OBSERVED - Math.floor(random.uniform() * ACQUISITION_DAYS)
    const purchaseDays = simulatePurchaseDays(random, days)
    const x = purchaseDays.length
    frequency[row] = x
    recency[row] = x === 0 ? 0 : purchaseDays[x - 1]! / 7
    age[row] = days / 7
    if (x > 0) monetaryValue[row] = random.gamma(6.25 * x) / random.gamma(3.74) / (x / 15.44)
  }
  return { summary: { frequency, recency, age, monetaryValue }, transactions: generateTransactions(random, customers) }
}

/** Distinct days after the first purchase with a purchase, ascending. */
function simulatePurchaseDays(random: SeededRandom, days: number): number[] {
  const ratePerDay = random.gamma(0.243) / (4.414 * 7)
  const first = random.gamma(0.793)
  const dropout = first / (first + random.gamma(2.426))
  const purchases: number[] = []
  let time = 0
  for (;;) {
    time -= Math.log(random.uniform()) / ratePerDay
    if (!(time <= days)) return purchases
    const day = Math.floor(time)
    if (day > 0 && day !== purchases[purchases.length - 1]) purchases.push(day)
    if (random.uniform() < dropout) return purchases
  }
}

/** As many transactions as customers asked for, by about a ninth as many customers, in random order. */
function generateTransactions(random: SeededRandom, count: number): TransactionColumns {
  const dates = Array.from({ length: 365 }, (_, day) => new Date(FIRST_DAY + day * DAY_MS).toISOString().slice(0, 10))
  const buyers = Math.ceil(count / 9)
  const customerId: string[] = new Array(count)
  const at: string[] = new Array(count)
  const amount = new Float64Array(count)
  for (let row = 0; row < count; row++) {
    // Squaring skews purchases towards a few customers; the text is built anew, as a parser of a file would.
    customerId[row] = `customer-${Math.floor(random.uniform() ** 2 * buyers)}`
    at[row] = dates[Math.floor(random.uniform() * dates.length)]!
    amount[row] = Math.round(random.gamma(2) * 2000) / 100 + 0.01
  }
  return { customerId, at, amount }
}
