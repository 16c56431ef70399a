import { CrmError, invalidField } from './crm-error.js'

/** An amount in integer minor units (cents) of an ISO 4217 currency: `{ amountMinor: 4999, currency: 'EUR' }` is €49.99. */
export interface Money {
  /** Integer count of the currency's smallest unit, within ±2^53. */
  readonly amountMinor: number
  /** ISO 4217 code, three capital letters. */
  readonly currency: string
}

let known: ReadonlySet<string> | undefined
/** Asking the platform takes longer than all else that is done with an amount. */
const digitsByCurrency = new Map<string, number>()

/** Whether a code is an ISO 4217 currency that the platform knows. */
export function isCurrency(code: unknown): code is string {
  known ??= new Set(Intl.supportedValuesOf('currency'))
  return typeof code === 'string' && known.has(code)
}

/** Decimal digits of a currency's minor unit: 2 for EUR, 0 for JPY, 3 for KWD. */
export function minorDigits(currency: string): number {
  if (!isCurrency(currency)) throw invalidField('currency', 'expected an ISO 4217 code such as EUR')
  let digits = digitsByCurrency.get(currency)
  if (digits === undefined) {
    const format = new Intl.NumberFormat('en', { style: 'currency', currency })
    digits = format.resolvedOptions().maximumFractionDigits ?? 2
    digitsByCurrency.set(currency, digits)
  }
  return digits
}

/**
 * Money from a decimal text, exactly: `parseMoney('29.33', 'USD')` is `{ amountMinor: 2933, currency: 'USD' }`. Throws
 * `validation_failed` when the text is no decimal number or has more digits than the currency.
 */
export function parseMoney(decimal: string, currency: string): Money {
  const digits = minorDigits(currency)
  const match = /^([+-]?)(\d+)(?:\.(\d+))?$/.exec(decimal.trim())
  if (!match) throw invalidField('amount', 'expected a decimal number such as 29.33')
  const [, sign, whole, fraction = ''] = match
  const excess = fraction.slice(digits)
  if (/[1-9]/.test(excess))
    throw invalidField('amount', `${currency} has ${digits} decimal digits; round the amount first`)
  const amountMinor = Number(`${sign}${whole}${fraction.slice(0, digits).padEnd(digits, '0')}`)
  if (!Number.isSafeInteger(amountMinor)) throw invalidField('amount', 'the amount is too large to be exact')
  return { amountMinor: amountMinor === 0 ? 0 : amountMinor, currency }
}

/**
 * Decimal text of an amount: `formatDecimal({ amountMinor: 2933, currency: 'USD' })` is `29.33`. Throws `validation_failed` when
 * the amount is no safe integer.
 */
export function formatDecimal(money: Money): string {
  const digits = minorDigits(money.currency)
  if (!Number.isSafeInteger(money.amountMinor))
    throw invalidField('amountMinor', 'must be a whole number of minor units')
  const text = String(Math.abs(money.amountMinor)).padStart(digits + 1, '0')
  const sign = money.amountMinor < 0 ? '-' : ''
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`
}

/** The sum of two amounts of one currency. Throws `rule_violated` when the currencies differ or the sum is not exact. */
export function addMoney(left: Money, right: Money): Money {
  if (left.currency !== right.currency) {
    throw new CrmError('rule_violated', 'Amounts of different currencies cannot be added', {
      field: 'currency',
      remedy: 'convert one of them first',
    })
  }
  const amountMinor = left.amountMinor + right.amountMinor
  if (!Number.isSafeInteger(amountMinor)) throw invalidField('amountMinor', 'the sum is too large to be exact')
  return { amountMinor, currency: left.currency }
}
