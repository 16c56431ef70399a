import { type Change, type StorageSession, writtenId } from '@rapport/core/storage'
import { pause } from '../../storage/writing.js'
import type { Fault } from './fault.js'
import { wrappedStorage } from './wrapped-storage.js'

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

/** Faults in aggregates, search, the change feed, load and transactions. */
export const sessionFaults: readonly Fault[] = [
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
    title: 'feeds new versions alone',
    create: () => {
      const fed = new Map<string, number>()
      return wrappedStorage({
        session: (inner, { tenantId }) => ({
          async changes(after, limit, options) {
            const page = await inner.changes!(after, limit, options)
            if (after === undefined) fed.clear()
            return page.filter(({ entity, id, version, kind }) => {
              const record = `${tenantId} ${entity} ${id}`
              const isNew = kind === 'delete' || fed.get(record) !== version
              fed.set(record, kind === 'delete' ? 0 : version)
              return isNew
            })
          },
        }),
      })
    },
    caughtBy: ['changes: a patch with touch: false appears, at the version the row keeps'],
  },
  {
    title: 'returns every group there is',
    create: () =>
      wrappedStorage({
        session: (inner) => ({ aggregate: ({ limit = 10_000, ...rest }) => inner.aggregate!({ ...rest, limit }) }),
      }),
    caughtBy: ['aggregates: at most 1,000 groups come where no limit is named'],
  },
]
