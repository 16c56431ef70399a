import { type Crm, type CrmSession, createCrm } from '@rapport/core'
import { memoryStorage } from '@rapport/core/storage/memory'
import { type SeededCustomer, seededCustomers } from '../../../../benchmarks/search/seeded-customers.js'
import { type SeededQuery, seededQueries } from '../../../../benchmarks/search/seeded-queries.js'

const actor = { type: 'system', id: 'seed' } as const

/** Customers on the memory storage, what is asked for them, and all of it as a backup for other storages. */
export interface SeededTenant {
  readonly crm: Crm
  readonly shop: CrmSession
  readonly backup: readonly string[]
  readonly queries: readonly SeededQuery[]
  /** The customer behind an id in another system. */
  readonly customerOf: ReadonlyMap<string, SeededCustomer>
}

/** What a search found, as it must be on every storage. */
export type FoundRecords = readonly (readonly [id: string, score: number, matched: string])[]

/** A tenant on the memory storage. */
export async function seedTenant(customers: number, queriesPerKind: number): Promise<SeededTenant> {
  const crm = await createCrm({ storage: memoryStorage() })
  const shop = crm.session({ tenantId: 'seeded', actor })
  const seeded = seededCustomers(customers)
  for (let start = 0; start < seeded.length; start += 200)
    await shop.contacts.upsertMany(
      seeded.slice(start, start + 200).map(({ firstName, lastName, email, phone, externalId }) => ({
        externalRef: { system: 'shop', externalId },
        firstName,
        lastName,
        emails: [{ address: email }],
        phones: [{ number: phone }],
      })),
    )
  const backup: string[] = []
  for await (const line of shop.backup()) backup.push(line)
  return {
    crm,
    shop,
    backup,
    queries: seededQueries(seeded, queriesPerKind),
    customerOf: new Map(seeded.map((customer) => [customer.externalId, customer])),
  }
}

/** What each query finds in a tenant. */
export async function foundBy(shop: CrmSession, queries: readonly SeededQuery[]): Promise<Map<string, FoundRecords>> {
  const found = new Map<string, FoundRecords>()
  for (const { kind, query } of queries) {
    const { items } = await shop.contacts.search(query, { limit: 10 })
    found.set(
      `${kind}: ${query}`,
      items.map(({ record, score, matched }) => [record.id, score, matched.join()] as const),
    )
  }
  return found
}
