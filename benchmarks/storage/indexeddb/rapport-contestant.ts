import { deleteIndexedDbStorage, indexedDbStorage } from '@rapport/indexeddb'
import { pageSize } from '../contestant.js'
import { contact } from '../specimen-contact.js'
import type { Contestant } from './contestant.js'

/** Our adapter, called as core calls it, with what it adds: tenants, versions, a change feed. */
export function rapportContestant(name: string): Contestant {
  const databaseName = `benchmark ${name}`
  const storage = indexedDbStorage({ name: databaseName })
  const session = storage.session({ tenantId: 'bench' })
  return {
    name,
    async open() {
      await storage.open()
      const definition = { ...contact, indexes: [...contact.indexes, { name: 'by_name', on: ['name'] }] }
      await storage.apply(await storage.plan([definition]))
    },
    async insert(rows) {
      await session.write(rows.map((row) => ({ do: 'insert', entity: contact.name, row })))
    },
    async read(id) {
      return (await session.getMany(contact.name, [id]))[0]
    },
    async page({ stage, updatedAt, id }) {
      const { rows } = await session.find({
        entity: contact.name,
        where: { op: 'eq', path: 'stage', value: stage },
        order: ['-updatedAt', '-id'],
        after: [updatedAt, id],
        limit: pageSize,
      })
      return rows.length
    },
    async update(id, orders) {
      await session.write([{ do: 'patch', entity: contact.name, id, set: { orders } }])
    },
    async remove() {
      await storage.close()
      await deleteIndexedDbStorage({ name: databaseName })
    },
  }
}
