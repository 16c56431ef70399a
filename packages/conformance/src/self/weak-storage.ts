import type { Capabilities, EntityDef, StorageAdapter, StorageSession } from '@rapport/core/storage'
import { memoryStorage } from '@rapport/core/storage/memory'

/** As little as the contract allows. */
const capabilities: Capabilities = {
  filter: ['eq'],
  order: 'indexed',
  unique: false,
  aggregate: false,
  search: false,
  load: false,
  transaction: 'none',
  changes: 'none',
  watch: false,
  system: false,
  durable: false,
  maxBatch: 1_000,
}

/** A sound storage with the required methods alone: it filters by a single `eq`, and leaves every other filter to core. */
export function weakStorage(): StorageAdapter {
  const inner = memoryStorage()
  const withoutUnique = (def: EntityDef): EntityDef => ({
    ...def,
    indexes: def.indexes.map(({ unique, ...index }) => index),
  })
  const weaken = (session: StorageSession): StorageSession => ({
    getMany: (entity, ids, options) => session.getMany(entity, ids, options),
    write: (batch, options) => session.write(batch, options),
    async find(query) {
      const { where, ...unfiltered } = query
      if (!where || where.op === 'eq') return session.find(query)
      // Asked for everything, so that an undeclared path is refused all the same.
      await session.find({ ...query, limit: 1 })
      return { ...(await session.find(unfiltered)), residual: where }
    },
  })
  return {
    name: 'weak memory',
    apiVersion: 1,
    migrate: 'auto',
    capabilities,
    open: (options) => inner.open(options),
    plan: (target, options) => inner.plan(target.map(withoutUnique), options),
    apply: (plan, options) => inner.apply(plan, options),
    session: (scope) => weaken(inner.session(scope)),
    tenants: (options) => inner.tenants(options),
    close: () => inner.close(),
  }
}
