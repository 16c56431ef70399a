import { isCrmError, type Money, parseMoney } from '@rapport/core'
import { StartRefusal } from './start-refusal.js'

/** One purchase of the log. */
export interface CdnowPurchase {
  /** Line of the file, the header being line 1: the only thing in the log that tells two purchases of a day apart. */
  readonly line: number
  /** Number of the customer in the sample. */
  readonly customerId: number
  /** `1997-01-18`. */
  readonly day: string
  readonly cds: number
  readonly price: Money
}

const header = 'master_id,customer_id,date,cds,price'

/**
 * The purchases of a CDNOW log. Reads everything before anything is imported, so a broken file leaves nothing behind.
 * Throws {@link StartRefusal} naming file, line and fault.
 */
export function readCdnow(text: string, fileName: string): CdnowPurchase[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  while (lines.at(-1) === '') lines.pop()
  const refuse = (line: number, fault: string): StartRefusal => new StartRefusal(`${fileName}, line ${line}: ${fault}.`)
  if (lines[0] !== header) throw refuse(1, `expected the header ${header}`)
  if (lines.length === 1) throw refuse(2, 'expected at least one purchase')
  return lines.slice(1).map((row, index) => {
    const line = index + 2
    const purchase = purchaseOf(row, line)
    if (typeof purchase === 'string') throw refuse(line, purchase)
    return purchase
  })
}

/** The purchase of a row, or what is wrong with it. */
function purchaseOf(row: string, line: number): CdnowPurchase | string {
  const fields = row.split(',')
  if (fields.length !== 5) return `expected 5 fields (${header}), found ${fields.length}`
  const [, customer, day, cds, price] = fields as [string, string, string, string, string]
  const customerId = wholeNumber(customer)
  if (customerId === undefined) return `customer_id ${quoted(customer)} is not a whole number from 1`
  if (!isDay(day)) return `date ${quoted(day)} is not a day such as 1997-01-18`
  const count = wholeNumber(cds)
  if (count === undefined) return `cds ${quoted(cds)} is not a whole number from 1`
  const amount = moneyOf(price)
  if (amount === undefined) return `price ${quoted(price)} is not an amount in dollars such as 29.73`
  return { line, customerId, day, cds: count, price: amount }
}

function wholeNumber(text: string): number | undefined {
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined
}

function isDay(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00.000Z`) : Number.NaN
  // `Date.parse` takes the 31st of a shorter month for the 1st of the next one.
  return Number.isFinite(time) && new Date(time).toISOString().startsWith(text)
}

function moneyOf(text: string): Money | undefined {
  if (!/^\d/.test(text)) return undefined
  try {
    return parseMoney(text, 'USD')
  } catch (error) {
    if (isCrmError(error, 'validation_failed')) return undefined
    throw error
  }
}

/** A value as the terminal may show it: short, and with control characters spelled out. */
function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text)
}
