import { crmDefinitions } from '@rapport/core'
import { pgliteStorage } from '@rapport/postgres'
import { demoTenantId } from './prepare-demo.js'
import type { CdnowPurchase } from './read-cdnow.js'

type StoredRow = Readonly<Record<string, unknown>> & { readonly id: string }

/** What a look into a database found. */
export interface StoredPurchases {
  readonly orders: number
  readonly contacts: number
  /** What is there in part: each line says what is missing or too much. */
  readonly faults: readonly string[]
}

interface Ref {
  readonly system: string
  readonly externalId: string
}

/**
 * Opens a database that nobody uses and compares all rows that belong to a purchase: the order, its external ref, its line in the
 * timeline, its journal entry and its share in the customer's count. Goes by rows, not by services, which would hide a loose end.
 */
export async function inspectStoredPurchases(
  dataDir: string,
  purchases: readonly CdnowPurchase[],
): Promise<StoredPurchases> {
  const storage = pgliteStorage({ dataDir })
  await storage.open()
  try {
    // Tells the adapter the collections; an interrupted migration would show as steps to do.
    const plan = await storage.plan(crmDefinitions())
    const session = storage.session({ tenantId: demoTenantId })
    const all = async (entity: string): Promise<StoredRow[]> => {
      const rows: StoredRow[] = []
      for (;;) {
        const last = rows.at(-1)
        const page = await session.find({ entity, order: ['id'], limit: 1_000, ...(last && { after: [last.id] }) })
        rows.push(...(page.rows as StoredRow[]))
        if (page.done || page.rows.length === 0) return rows
      }
    }
    const [contacts, orders, refs, lines, journal] = [
      await all('contact'),
      await all('order'),
      await all('externalRef'),
      await all('timelineEntry'),
      await all('journal'),
    ]
    return {
      orders: orders.length,
      contacts: contacts.length,
      faults: [
        ...plan.steps.map((step) => `schema: ${JSON.stringify(step)}`),
        ...faultsOfOrders(orders, purchases),
        ...faultsOfPairs('order', orders, refs, lines, journal),
        ...faultsOfContacts(contacts, orders, refs, journal),
      ],
    }
  } finally {
    await storage.close()
  }
}

function faultsOfOrders(orders: readonly StoredRow[], purchases: readonly CdnowPurchase[]): string[] {
  const byLine = new Map(purchases.map((purchase) => [String(purchase.line), purchase]))
  const seen = new Set<string>()
  return orders.flatMap((order) => {
    const line = refOf(order)?.externalId ?? ''
    const purchase = byLine.get(line)
    const faults: string[] = []
    if (seen.has(line)) faults.push(`line ${line} is stored twice`)
    seen.add(line)
    if (purchase === undefined) return [...faults, `order ${order.id} belongs to no line of the log`]
    if (order['total.amountMinor'] !== purchase.price.amountMinor) faults.push(`line ${line} has another amount`)
    if (order.placedAt !== `${purchase.day}T00:00:00.000Z`) faults.push(`line ${line} has another day`)
    return faults
  })
}

/** Each order has exactly one of everything that goes with it, and nothing is there without its order. */
function faultsOfPairs(
  entity: string,
  records: readonly StoredRow[],
  refs: readonly StoredRow[],
  lines: readonly StoredRow[],
  journal: readonly StoredRow[],
): string[] {
  const ids = new Set(records.map(({ id }) => id))
  const companions = {
    'external ref': refs.filter(({ objectType }) => objectType === entity).map(({ recordId }) => recordId),
    'line in the timeline': lines.filter(({ recordType }) => recordType === entity).map(({ recordId }) => recordId),
    'journal entry': journal.filter((row) => row.entity === entity).map(({ recordId }) => recordId),
  }
  return Object.entries(companions).flatMap(([what, owners]) => {
    const counts = new Map<unknown, number>()
    for (const owner of owners) counts.set(owner, (counts.get(owner) ?? 0) + 1)
    return [
      ...[...ids]
        .filter((id) => counts.get(id) !== 1)
        .map((id) => `${entity} ${id} has ${counts.get(id) ?? 0} × ${what}`),
      ...[...counts.keys()].filter((id) => !ids.has(String(id))).map((id) => `${what} without ${entity} ${String(id)}`),
    ]
  })
}

function faultsOfContacts(
  contacts: readonly StoredRow[],
  orders: readonly StoredRow[],
  refs: readonly StoredRow[],
  journal: readonly StoredRow[],
): string[] {
  const counts = new Map<unknown, number>()
  for (const { contactId } of orders) counts.set(contactId, (counts.get(contactId) ?? 0) + 1)
  const referred = new Set(refs.filter(({ objectType }) => objectType === 'contact').map(({ recordId }) => recordId))
  const journaled = new Set(journal.filter(({ entity }) => entity === 'contact').map(({ recordId }) => recordId))
  const seen = new Set<string>()
  const ids = new Set(contacts.map(({ id }) => id))
  return [
    ...contacts.flatMap((contact) => {
      const number = refOf(contact)?.externalId ?? ''
      const faults: string[] = []
      if (seen.has(number)) faults.push(`customer ${number} is stored twice`)
      seen.add(number)
      if (!referred.has(contact.id)) faults.push(`customer ${number} has no external ref`)
      if (!journaled.has(contact.id)) faults.push(`customer ${number} has no journal entry`)
      if ((contact.orderCount ?? 0) !== (counts.get(contact.id) ?? 0))
        faults.push(`customer ${number} counts other orders`)
      return faults
    }),
    ...[...counts.keys()].filter((id) => !ids.has(String(id))).map((id) => `orders of no customer ${String(id)}`),
  ]
}

function refOf(row: StoredRow): Ref | undefined {
  return (row.externalRefs as readonly Ref[] | undefined)?.[0]
}
