import { type CrmError, isCrmError } from '../../kernel/crm-error.js'
import { isCurrency, type Money, parseMoney } from '../../kernel/money.js'
import { type Coerced, coerceDecimal, type DecimalMark } from './coerce-number.js'

/** Signs that mean one currency only. `$` and `¥` mean several, so a column of them names its currency. */
const signs: Readonly<Record<string, string>> = {
  '€': 'EUR',
  '£': 'GBP',
  '₹': 'INR',
  '₩': 'KRW',
  '₽': 'RUB',
  '₺': 'TRY',
}
const sharedSigns = /[$¥￥元圓円]/g

/**
 * An amount with its currency: `1,234.50 EUR`, `€12`, `CNY 30`. A currency in the cell must be the column's, where that names one;
 * a cell without any needs it.
 */
export function coerceMoney(
  text: string,
  options: { readonly decimal?: DecimalMark; readonly currency?: string },
): Coerced<Money> {
  const code = /(?<![A-Za-z])[A-Za-z]{3}(?![A-Za-z])/.exec(text)?.[0]?.toUpperCase()
  const sign = [...text].find((char) => Object.hasOwn(signs, char))
  const stated = code ?? (sign === undefined ? undefined : signs[sign])
  const { currency = stated } = options
  if (currency === undefined) return { fault: 'has no currency: write its code behind, or say it with currency' }
  if (stated !== undefined && stated !== currency) return { fault: 'is in another currency than the column' }
  if (!isCurrency(currency)) return { fault: 'must be in a currency of ISO 4217 such as EUR' }
  const bare = [...text.replace(/(?<![A-Za-z])[A-Za-z]{3}(?![A-Za-z])/, '')]
    .filter((char) => !Object.hasOwn(signs, char))
    .join('')
    .replace(sharedSigns, '')
  const amount = coerceDecimal(bare, options.decimal)
  if ('fault' in amount) return amount
  try {
    return { value: parseMoney(amount.value, currency) }
  } catch (error) {
    if (isCrmError(error, 'validation_failed')) return { fault: moneyFault(error) }
    throw error
  }
}

function moneyFault(error: CrmError): string {
  return error.details.issues?.[0]?.message ?? 'must be an amount such as 12.50 EUR'
}
