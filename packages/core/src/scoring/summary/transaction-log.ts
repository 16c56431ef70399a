import { ScoringInputError } from '../scoring-input-error.js'
import { type DayReader, requireDay } from './calendar-day.js'

/** One purchase (or refund, with a negative amount) of one customer. */
export interface Transaction {
  customerId: string | number
  /** 'YYYY-MM-DD', an ISO time, or milliseconds since the epoch. */
  at: string | number
  /** In one currency; given for all transactions or for none. */
  amount?: number
}

/** The same as columns of equal length. */
export interface TransactionColumns {
  customerId: ArrayLike<string | number>
  at: ArrayLike<string | number>
  amount?: ArrayLike<number>
}

/** Transactions read: customers numbered in order of first appearance, times as days. */
export interface TransactionLog {
  customerIds: string[]
  /** Per transaction. */
  customer: Int32Array
  day: Int32Array
  amount: Float64Array | undefined
  length: number
}

/** Reads and checks every transaction; throws {@link ScoringInputError} naming the first row that cannot be read. */
export function readTransactionLog(
  transactions: Iterable<Transaction> | TransactionColumns,
  days: DayReader,
): TransactionLog {
  return Symbol.iterator in transactions ? readRows(transactions, days) : readColumns(transactions, days)
}

function readColumns({ customerId, at, amount }: TransactionColumns, days: DayReader): TransactionLog {
  const n = customerId.length
  checkColumnLength('at', at.length, n)
  if (amount) checkColumnLength('amount', amount.length, n)
  const register = createRegister()
  const customer = new Int32Array(n)
  const day = new Int32Array(n)
  // One pass a column: each then works on little enough memory to stay in the cache, a quarter faster than one for all.
  for (let row = 0; row < n; row++) customer[row] = register.numberOf(customerId[row], row)
  for (let row = 0; row < n; row++) day[row] = readDay(days, at[row], row)
  if (amount) for (let row = 0; row < n; row++) checkAmount(amount[row], row)
  return {
    customerIds: register.customerIds,
    customer,
    day,
    amount: amount && (amount instanceof Float64Array ? amount : Float64Array.from(amount)),
    length: n,
  }
}

function readRows(transactions: Iterable<Transaction>, days: DayReader): TransactionLog {
  const register = createRegister()
  let customer = new Int32Array(1024)
  let day = new Int32Array(1024)
  let amounts = new Float64Array(1024)
  let withAmounts: boolean | undefined
  let row = 0
  for (const transaction of transactions) {
    if (row === customer.length) {
      customer = enlarged(customer, new Int32Array(row * 2))
      day = enlarged(day, new Int32Array(row * 2))
      amounts = enlarged(amounts, new Float64Array(row * 2))
    }
    customer[row] = register.numberOf(transaction.customerId, row)
    day[row] = readDay(days, transaction.at, row)
    const { amount } = transaction
    withAmounts ??= amount !== undefined
    if (withAmounts) amounts[row] = checkAmount(amount, row)
    else if (amount !== undefined) checkAmount(undefined, 0)
    row++
  }
  return {
    customerIds: register.customerIds,
    customer: customer.subarray(0, row),
    day: day.subarray(0, row),
    amount: withAmounts ? amounts.subarray(0, row) : undefined,
    length: row,
  }
}

/** Numbers customers in order of first appearance. */
interface CustomerRegister {
  customerIds: string[]
  numberOf(id: string | number | undefined, row: number): number
}

function createRegister(): CustomerRegister {
  // A bare object rather than a Map: its lookup interns the text, so that every later one compares by identity, which
  // measures two to three times faster on a log read more than once and no slower on one read once.
  const numbers: Record<string, number | undefined> = Object.create(null)
  const customerIds: string[] = []
  return {
    customerIds,
    numberOf(id, row) {
      const key = typeof id === 'string' ? id : numericKey(id, row)
      const known = numbers[key]
      if (known !== undefined) return known
      if (key === '') refuseCustomer(row)
      const number = customerIds.length
      numbers[key] = number
      customerIds.push(key)
      return number
    },
  }
}

function numericKey(id: number | undefined, row: number): string {
  return typeof id === 'number' && Number.isFinite(id) ? String(id) : refuseCustomer(row)
}

function refuseCustomer(row: number): never {
  throw new ScoringInputError(
    { column: 'customerId', row },
    'the customer has no identifier',
    'Give a text that is not empty or a finite number, or leave out purchases of unknown customers',
  )
}

function readDay(days: DayReader, at: string | number | undefined, row: number): number {
  // The place of a row is only written down for one that fails: a log has millions of them.
  return (
    (at === undefined ? undefined : days.dayOf(at)) ??
    requireDay(days, at, { column: 'at', row }, 'the moment of the purchase')
  )
}

function checkAmount(amount: number | undefined, row: number): number {
  if (typeof amount === 'number' && Math.abs(amount) <= Number.MAX_SAFE_INTEGER) return amount
  throw new ScoringInputError(
    { column: 'amount', row },
    'the amount is missing, not a number, or too large to add up exactly',
    'Give an amount with every transaction, in one currency, or with none',
  )
}

function checkColumnLength(column: string, length: number, n: number): void {
  if (length === n) return
  throw new ScoringInputError(
    { column },
    `the column has ${length} rows where customerId has ${n}`,
    'Give all columns the same length',
  )
}

function enlarged<Column extends Int32Array | Float64Array>(from: Column, to: Column): Column {
  to.set(from)
  return to
}
