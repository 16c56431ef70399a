import type { SessionContext } from '../../entity/session-context.js'
import { throwIfAborted } from '../../kernel/crm-error.js'
import { minorDigits } from '../../kernel/money.js'
import { netAmountMinor } from '../../sales/index.js'
import type { Row, Scalar } from '../../storage/row.js'
import type { PurchaseColumns } from './purchase-columns.js'

/** A tenant's purchases, with what the numbers in their columns stand for. */
export interface PurchaseLog {
  readonly purchases: PurchaseColumns
  /** By customer number, ascending. */
  readonly customerIds: readonly string[]
  /** By item number: the SKU, or the name of an item without one. */
  readonly items: readonly string[]
  /** The currency of most purchases; others are left out. */
  readonly currency: string
  readonly excludedOtherCurrency: number
}

/** What of an order counts. */
interface Purchase {
  readonly contactId: string
  readonly at: number
  readonly amountMinor: number
  readonly currency: string
  readonly items: readonly string[]
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
 * none; one that never cost anything is. Holds about 20 bytes a purchase, and ids and items once each.
 */
export async function readPurchaseLog(
  context: SessionContext,
  options: {
    readonly through: string
    readonly withItems: boolean
    readonly signal: AbortSignal
    readonly onPage: (read: number) => Promise<void>
  },
): Promise<PurchaseLog> {
  const collector = collectPurchases()
  let after: readonly (Scalar | null)[] | undefined
  for (;;) {
    throwIfAborted(options.signal)
    const page = await context.storage.find({
      entity: 'order',
      where: {
        op: 'and',
        args: [
          { op: 'isNull', path: 'deletedAt' },
          { op: 'lte', path: 'placedAt', value: options.through },
          { op: 'ne', path: 'status', value: 'canceled' },
        ],
      },
      order: ['contactId', 'placedAt', 'id'],
      limit: pageSize,
      fields: options.withItems ? [...fields, 'items'] : fields,
      ...(after && { after }),
    })
    for (const row of page.rows) {
      const purchase = purchaseOf(row)
      if (purchase) collector.add(purchase)
    }
    await options.onPage(collector.count())
    const last = page.rows.at(-1)
    if (page.done || !last) return collector.log()
    after = [last.contactId as string, last.placedAt as string, last.id]
  }
}

function purchaseOf(row: Row): Purchase | undefined {
  const currency = row['total.currency'] as string
  const total = { amountMinor: row['total.amountMinor'] as number, currency }
  const refundedMinor = row['refunded.amountMinor'] as number | undefined
  const amountMinor = netAmountMinor({
    status: row.status as string,
    total,
    ...(refundedMinor !== undefined && { refunded: { amountMinor: refundedMinor, currency } }),
  })
  if (amountMinor === 0 && total.amountMinor > 0) return undefined
  const items = (row.items ?? []) as readonly { readonly sku?: string; readonly name: string }[]
  return {
    contactId: row.contactId as string,
    at: Date.parse(row.placedAt as string),
    amountMinor,
    currency,
    items: items.map(({ sku, name }) => sku ?? name),
  }
}

function collectPurchases(): { add(purchase: Purchase): void; count(): number; log(): PurchaseLog } {
  const contacts = numbering()
  const items = numbering()
  const currencies = numbering()
  const ofCurrency: number[] = []
  const contact: number[] = []
  const at: number[] = []
  const amountMinor: number[] = []
  const currency: number[] = []
  const itemStart: number[] = [0]
  const item: number[] = []
  return {
    add(purchase) {
      contact.push(contacts.numberOf(purchase.contactId))
      at.push(purchase.at)
      amountMinor.push(purchase.amountMinor)
      const money = currencies.numberOf(purchase.currency)
      currency.push(money)
      ofCurrency[money] = (ofCurrency[money] ?? 0) + 1
      for (const name of purchase.items) item.push(items.numberOf(name))
      itemStart.push(item.length)
    },
    count: () => at.length,
    log() {
      const most = commonest(currencies.names, ofCurrency)
      const kept = currency.flatMap((money, line) => (money === most ? [line] : []))
      const customers = numbering()
      const keptStart = [0]
      const keptItem: number[] = []
      const customer = Uint32Array.from(kept, (line) => customers.numberOf(contacts.names[contact[line]!]!))
      for (const line of kept) {
        for (let i = itemStart[line]!; i < itemStart[line + 1]!; i++) keptItem.push(item[i]!)
        keptStart.push(keptItem.length)
      }
      const code = currencies.names[most] ?? 'USD'
      const minorUnits = 10 ** minorDigits(code)
      return {
        purchases: {
          customer,
          at: Float64Array.from(kept, (line) => at[line]!),
          amount: Float64Array.from(kept, (line) => amountMinor[line]! / minorUnits),
          itemStart: Uint32Array.from(keptStart),
          item: Uint32Array.from(keptItem),
        },
        customerIds: customers.names,
        items: items.names,
        currency: code,
        excludedOtherCurrency: currency.length - kept.length,
      }
    },
  }
}

/** Numbers names in the order of their first appearance. */
function numbering(): { readonly names: string[]; numberOf(name: string): number } {
  const numbers = new Map<string, number>()
  const names: string[] = []
  return {
    names,
    numberOf(name) {
      let number = numbers.get(name)
      if (number === undefined) {
        number = names.push(name) - 1
        numbers.set(name, number)
      }
      return number
    },
  }
}

/** The currency of most purchases, the first by code of equals. */
function commonest(codes: readonly string[], counts: readonly number[]): number {
  return [...codes.keys()].sort((a, b) => counts[b]! - counts[a]! || (codes[a]! < codes[b]! ? -1 : 1))[0] ?? -1
}
