import {
  type Change,
  compileOrder,
  type EntityDef,
  isCrmError,
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

/** Numbers a change before it commits and lists by number: what commits late is behind a poller's position. */
function createEarlyNumberedFeed(): (inner: StorageSession, tenantId: string) => Partial<StorageSession> {
  const logs = new Map<string, Change[]>()
  let sequence = 0
  return (inner, tenantId) => {
    const log = logs.get(tenantId) ?? []
    logs.set(tenantId, log)
    return {
      async write(batch, options) {
        const numbers = batch.map(() => ++sequence)
        await pause(sequence % 3)
        const results = await inner.write(batch, options)
        for (const [index, write] of batch.entries()) {
          if (write.do === 'check') continue
          log.push({
            position: String(numbers[index]).padStart(12, '0'),
            entity: write.entity,
            id: writtenId(write),
            kind: write.do === 'delete' ? 'delete' : 'put',
            version: results[index]?.version ?? 0,
          })
        }
        return results
      },
      async changes(after = '', limit, options) {
        await inner.changes!(undefined, 1, options)
        const behind = log.filter((change) => change.position > after)
        return behind.sort((left, right) => (left.position < right.position ? -1 : 1)).slice(0, limit)
      },
    }
  }
}

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

/** Faults in tenancy, uniqueness, aggregates, search, the feed, transactions, capabilities, schema and closing. */
export const sessionFaults: readonly Fault[] = [
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
    title: 'declares aggregate and lacks it',
    create: () => {
      const storage = wrappedStorage({})
      const session = (scope: Parameters<typeof storage.session>[0]): StorageSession => {
        const { aggregate, ...rest } = storage.session(scope)
        return rest
      }
      return { ...storage, session }
    },
    caughtBy: ['capabilities: optional methods are there exactly when they are declared'],
  },
  {
    title: 'has a search that it does not declare',
    create: () => wrappedStorage({ capabilities: { search: false } }),
    caughtBy: ['capabilities: optional methods are there exactly when they are declared'],
  },
  {
    title: 'leaves a residual though it declares all filters',
    create: () =>
      wrappedStorage({
        session: (inner) => ({
          async find(query) {
            const { where, ...rest } = query
            return where?.op === 'contains' ? { ...(await inner.find(rest)), residual: where } : inner.find(query)
          },
        }),
      }),
    caughtBy: ['capabilities: work is left to core only where the capabilities say so'],
  },
  {
    title: 'groups by days of UTC in every zone',
    create: () =>
      wrappedStorage({
        session: (inner) => ({ aggregate: ({ timeZone, ...aggregate }) => inner.aggregate!(aggregate) }),
      }),
    caughtBy: [
      'buckets: the spring day of Europe/Berlin has 23 hours',
      'buckets: the autumn day of America/New_York has 25 hours',
    ],
  },
  {
    title: 'groups by the offset of one day in the whole year',
    create: () =>
      wrappedStorage({
        session: (inner) => ({
          aggregate: (aggregate) =>
            inner.aggregate!(
              aggregate.timeZone === 'Europe/Berlin' ? { ...aggregate, timeZone: 'Etc/GMT-1' } : aggregate,
            ),
        }),
      }),
    caughtBy: [
      'buckets: the spring day of Europe/Berlin has 23 hours',
      'buckets: the autumn day of Europe/Berlin has 25 hours',
    ],
  },
  {
    title: 'searches without the filter',
    create: () => wrappedStorage({ session: (inner) => ({ search: ({ where, ...search }) => inner.search!(search) }) }),
    caughtBy: ['search: a filter narrows the candidates before the limit does'],
  },
  {
    title: 'loses changes that commit late',
    create: () => {
      const feed = createEarlyNumberedFeed()
      return wrappedStorage({
        capabilities: { load: false, transaction: 'none' },
        session: (inner, { tenantId }) => ({ ...feed(inner, tenantId), load: undefined, transaction: undefined }),
      })
    },
    caughtBy: ['changes: a poller that never goes back loses nothing while many write'],
  },
  {
    title: 'commits whatever happens in a transaction',
    create: () => wrappedStorage({ session: (inner) => ({ transaction: (work) => work(inner) }) }),
    caughtBy: [
      'transactions: a transaction that throws leaves nothing, and its error comes through',
      'transactions: a batch that fails inside fails the transaction',
    ],
  },
  {
    title: 'reports a duplicate of a load as skipped',
    create: () =>
      wrappedStorage({
        session: (inner) => ({
          load: (entity, rows, options) => inner.load!(entity, rows, { onExisting: 'skip', ...options }),
        }),
      }),
    caughtBy: ['load: an id that exists fails its batch alone'],
  },
  {
    title: 'does not hear that its caller left',
    create: () =>
      wrappedStorage({
        session: (inner) => ({
          find: ({ signal, ...query }) => inner.find(query),
          write: (batch) => inner.write(batch),
        }),
      }),
    caughtBy: ['aborting: reads', 'aborting: writes'],
  },
  {
    title: 'plans the same step again and again',
    create: () =>
      wrappedStorage({
        adapter: (inner) => ({
          async plan(target, options) {
            const plan = await inner.plan(target, options)
            const again = { id: 'again', description: 'Build an index again', online: true, destructive: false }
            return { ...plan, steps: [...plan.steps, again] }
          },
        }),
      }),
    caughtBy: ['schema: a plan of what is there has no steps'],
  },
  {
    title: 'answers after it was closed',
    create: () => wrappedStorage({ adapter: () => ({ close: async () => {} }) }),
    caughtBy: ['closing: calls after close fail with storage_failed'],
  },
  {
    title: 'throws errors of its own kind',
    create: () =>
      wrappedStorage({
        session: (inner) => ({
          async write(batch, options) {
            try {
              return await inner.write(batch, options)
            } catch (error) {
              throw isCrmError(error, 'not_found') ? new Error('row not found') : error
            }
          },
        }),
      }),
    caughtBy: ['writes: patch and delete of a missing row fail with not_found'],
  },
]
