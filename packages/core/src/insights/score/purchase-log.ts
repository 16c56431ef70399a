import type { SessionContext } from '../../entity/session-context.js'
import { throwIfAborted } from '../../kernel/crm-error.js'
import { minorDigits } from '../../kernel/money.js'
import { netAmountMinor } from '../../sales/index.js'
import type { Scalar } from '../../storage/row.js'

/** A tenant's purchases as columns, by customer and then by time: what the purchase models are fitted to. */
export interface PurchaseLog {
  readonly customerId: readonly string[]
  readonly at: readonly string[]
  /** What the customer paid in the end, in whole units of the currency (dollars, not cents). */
  readonly amount: readonly number[]
  /** The currency of most purchases; others are left out. */
  readonly currency: string
  readonly excludedOtherCurrency: number
}

const fields = [
  'contactId',
  'placedAt',
  'status',
  'total.amountMinor',
  'total.currency',
  'refunded.amountMinor',
  'refunded.currency',
]
const pageSize = 1_000

/**
 * Reads all purchases up to a moment in pages of 1,000; `onPage` hears how many were read. A purchase that was given back whole is
 * none; one that never cost anything is.
 */
export async function readPurchaseLog(
  context: SessionContext,
  through: string,
  signal: AbortSignal,
  onPage: (read: number) => Promise<void>,
): Promise<PurchaseLog> {
  const customerId: string[] = []
  const at: string[] = []
  const amount: number[] = []
  const currencies: string[] = []
  const byCurrency = new Map<string, number>()
  let after: readonly (Scalar | null)[] | undefined
  for (;;) {
    throwIfAborted(signal)
    const page = await context.storage.find({
      entity: 'order',
      where: {
        op: 'and',
        args: [
          { op: 'isNull', path: 'deletedAt' },
          { op: 'lte', path: 'placedAt', value: through },
          { op: 'ne', path: 'status', value: 'canceled' },
        ],
      },
      order: ['contactId', 'placedAt', 'id'],
      limit: pageSize,
      fields,
      ...(after && { after }),
    })
    for (const row of page.rows) {
      const currency = row['total.currency'] as string
      const total = { amountMinor: row['total.amountMinor'] as number, currency }
      const refundedMinor = row['refunded.amountMinor'] as number | undefined
      const net = netAmountMinor({
        status: row.status as string,
        total,
        ...(refundedMinor !== undefined && { refunded: { amountMinor: refundedMinor, currency } }),
      })
      if (net === 0 && total.amountMinor > 0) continue
      customerId.push(row.contactId as string)
      at.push(row.placedAt as string)
      amount.push(net)
      currencies.push(currency)
      byCurrency.set(currency, (byCurrency.get(currency) ?? 0) + 1)
    }
    await onPage(customerId.length)
    const last = page.rows.at(-1)
    if (page.done || !last) break
    after = [last.contactId as string, last.placedAt as string, last.id]
  }
  const currency = [...byCurrency].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0]?.[0] ?? 'USD'
  return inOneCurrency({ customerId, at, amount }, currencies, currency)
}

function inOneCurrency(
  columns: { customerId: string[]; at: string[]; amount: number[] },
  currencies: readonly string[],
  currency: string,
): PurchaseLog {
  const scale = 10 ** minorDigits(currency)
  const kept = currencies.flatMap((other, index) => (other === currency ? [index] : []))
  return {
    customerId: kept.map((index) => columns.customerId[index] as string),
    at: kept.map((index) => columns.at[index] as string),
    amount: kept.map((index) => (columns.amount[index] as number) / scale),
    currency,
    excludedOtherCurrency: currencies.length - kept.length,
  }
}
