import {
  compareCodePoints,
  compileOrder,
  type EntityDef,
  type Row,
  type StorageSession,
  uniqueConflict,
  writtenId,
} from '@rapport/core/storage'
import { pause } from '../../storage/writing.js'
import type { Fault } from './fault.js'
import { definitionOf } from './rewritten-filter.js'
import { wrappedStorage } from './wrapped-storage.js'

const withoutUnique = (def: EntityDef): EntityDef => ({
  ...def,
  indexes: def.indexes.map(({ unique, ...index }) => index),
})

/** Looks whether a value is free, waits, and writes: two writers can both find it free. */
function checkingBeforeWriting(inner: StorageSession): Partial<StorageSession> {
  return {
    async write(batch, options) {
      for (const [index, write] of batch.entries()) {
        const fields = write.do === 'insert' ? write.row : write.do === 'patch' ? write.set : undefined
        const value = fields?.uniqueKey
        if (typeof value !== 'string') continue
        const { rows } = await inner.find({
          entity: write.entity,
          where: { op: 'eq', path: 'uniqueKey', value },
          order: ['id'],
          limit: 1,
        })
        if (rows[0] && rows[0].id !== writtenId(write)) throw uniqueConflict(write.entity, 'unique_key', index)
        await pause(0)
      }
      return inner.write(batch, options)
    },
  }
}

/** Faults in keeping tenants apart and in unique indexes. */
export const tenancyFaults: readonly Fault[] = [
  {
    title: 'forgets the tenant where a filter is an or',
    create: () => {
      const sessions = new Map<string, StorageSession>()
      return wrappedStorage({
        session: (inner, { tenantId }) => {
          sessions.set(tenantId, inner)
          return {
            async find(query) {
              if (query.where?.op !== 'or') return inner.find(query)
              const latest = [...sessions.values()].slice(-3)
              const pages = await Promise.all(latest.map((session) => session.find(query)))
              const rows = pages.flatMap((page): Row[] => page.rows)
              rows.sort(compileOrder(definitionOf(query.entity), query.order))
              return {
                rows: rows.slice(0, query.limit),
                done: pages.every((page) => page.done) && rows.length <= query.limit,
              }
            },
          }
        },
      })
    },
    caughtBy: ['isolation: rows of another tenant are not found, and cannot be changed'],
  },
  {
    title: 'reads by id from any tenant',
    create: () => {
      const sessions = new Map<string, StorageSession>()
      return wrappedStorage({
        session: (inner, { tenantId }) => {
          sessions.set(tenantId, inner)
          return {
            async getMany(entity, ids, options) {
              const own = await inner.getMany(entity, ids, options)
              const last = [...sessions.values()].at(-1)
              const other = last ? await last.getMany(entity, ids, options) : []
              return own.map((row, index) => row ?? other[index])
            },
          }
        },
      })
    },
    caughtBy: ['isolation: rows of another tenant are not found, and cannot be changed'],
  },
  {
    title: 'ignores unique indexes',
    create: () =>
      wrappedStorage({
        adapter: (inner) => ({ plan: (target, options) => inner.plan(target.map(withoutUnique), options) }),
      }),
    caughtBy: [
      'uniqueness: a value that is taken is refused to insert, upsert and patch',
      'schema: a unique index added later holds',
    ],
  },
  {
    title: 'checks unique values before it writes',
    create: () =>
      wrappedStorage({
        adapter: (inner) => ({ plan: (target, options) => inner.plan(target.map(withoutUnique), options) }),
        session: checkingBeforeWriting,
      }),
    caughtBy: ['uniqueness: of concurrent writers who want one value exactly one gets it'],
  },
  {
    title: 'lists tenants whose rows are gone',
    create: () => {
      const known = new Set<string>()
      return wrappedStorage({
        adapter: (inner) => ({
          async *tenants(options) {
            for await (const tenantId of inner.tenants(options)) known.add(tenantId)
            yield* [...known].sort(compareCodePoints)
          },
        }),
        session: (inner, { tenantId }) => ({
          async write(batch, options) {
            const results = await inner.write(batch, options)
            known.add(tenantId)
            return results
          },
        }),
      })
    },
    caughtBy: ['isolation: tenants lists whoever has rows, in code point order'],
  },
]
