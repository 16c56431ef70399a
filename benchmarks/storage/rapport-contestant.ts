import type { StorageAdapter } from '@rapport/core/storage'
import { type Contestant, pageSize, tenantId } from './contestant.js'
import { contact } from './specimen-contact.js'

/** Our adapter, as core uses it. Each write also feeds the change feed. */
export function rapportContestant(name: string, storage: StorageAdapter): Contestant {
  const session = storage.session({ tenantId })
  const entity = contact.name
  return {
    name,
    async insert(row) {
      await session.write([{ do: 'insert', entity, row }])
    },
    async insertBatch(rows) {
      await session.write(rows.map((row) => ({ do: 'insert', entity, row })))
    },
    async load(rows) {
      await session.load?.(entity, [rows])
    },
    async read(id) {
      const [row] = await session.getMany(entity, [id])
      return row
    },
    async page({ stage, updatedAt, id }) {
      const { rows } = await session.find({
        entity,
        where: { op: 'eq', path: 'stage', value: stage },
        order: ['-updatedAt', '-id'],
        after: [updatedAt, id],
        limit: pageSize,
      })
      return rows.length
    },
    async pageBehind(id) {
      const { rows } = await session.find({ entity, order: ['id'], ...(id !== '' && { after: [id] }), limit: pageSize })
      return rows.length
    },
    async update(id, version, orders) {
      await session.write([{ do: 'patch', entity, id, ifVersion: version, set: { orders, active: true } }])
    },
    close: () => storage.close(),
  }
}
