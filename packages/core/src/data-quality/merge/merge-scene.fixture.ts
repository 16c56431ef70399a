import type { CrmSession } from '../../index.js'
import type { StorageAdapter } from '../../storage/storage-adapter.js'

/** All that people can read of contacts: the records and what refers to them, without what counts or dates changes. */
export async function readable(shop: CrmSession, contactIds: readonly string[]): Promise<unknown> {
  const bare = (record: object): object => {
    const { version: _, updatedAt: __, updatedBy: ___, ...rest } = record as Record<string, unknown>
    return rest
  }
  const all = async (service: { each(): AsyncGenerator<object> }): Promise<object[]> => {
    const records: object[] = []
    for await (const record of service.each()) records.push(bare(record))
    return records.toSorted((a, b) => ((a as { id: string }).id < (b as { id: string }).id ? -1 : 1))
  }
  const [contacts, associations, orders, tickets, activities] = await Promise.all([
    all(shop.contacts),
    all(shop.associations),
    all(shop.orders),
    all(shop.tickets),
    all(shop.activities),
  ])
  const views = []
  for (const id of contactIds) {
    const consents = (await shop.consents.find({ where: { contactId: id }, orderBy: ['id'] })).items.map(bare)
    const lines = (await shop.timeline.of({ type: 'contact', id }, { limit: 1_000 })).items.map(bare)
    views.push({ id, consents, timeline: lines.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) })
  }
  const messages = []
  for (const ticket of tickets)
    messages.push((await shop.tickets.messages((ticket as { id: string }).id)).items.map(bare))
  return { contacts, associations, orders, tickets, activities, messages, views }
}

/** The rows of an entity as they are stored, without what counts or dates changes. */
export async function storedRows(storage: StorageAdapter, tenantId: string, entity: string): Promise<unknown[]> {
  const page = await storage.session({ tenantId }).find({ entity, order: ['id'], limit: 1_000 })
  return page.rows.map(({ version: _, updatedAt: __, ...row }) => row)
}
