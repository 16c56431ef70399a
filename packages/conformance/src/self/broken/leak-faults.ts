import type { AggregateGroup, SearchHit, StorageAdapter, StorageSession } from '@rapport/core/storage'
import { pause } from '../../storage/writing.js'
import type { Fault } from './fault.js'
import { type Wrapping, wrappedStorage } from './wrapped-storage.js'

/** A storage whose sessions know those of the tenants that came before and after. */
function amongTenants(
  session: (
    inner: StorageSession,
    all: ReadonlyMap<string, StorageSession>,
    tenantId: string,
  ) => Partial<StorageSession>,
  adapter: Wrapping['adapter'] = () => ({}),
): StorageAdapter {
  const all = new Map<string, StorageSession>()
  return wrappedStorage({
    adapter,
    session: (inner, { tenantId }) => {
      if (!all.has(tenantId)) all.set(tenantId, inner)
      return session(inner, all, tenantId)
    },
  })
}

/** The last tenants that appeared; more would slow the kit down and show nothing else. */
const latest = (all: ReadonlyMap<string, StorageSession>): StorageSession[] => [...all.values()].slice(-3)

/** Faults that show another tenant's rows in one method alone. */
export const leakFaults: readonly Fault[] = [
  {
    title: 'aggregates over the rows of all tenants',
    create: () =>
      amongTenants((inner, all) => ({
        async aggregate(question) {
          const own = await inner.aggregate!(question)
          if (question.signal || question.by || Object.keys(question.compute).length < 4) return own
          const groups = await Promise.all(latest(all).map((session) => session.aggregate!(question)))
          const rows = groups.flat().reduce((sum, { values }) => sum + Number(values.rows ?? 0), 0)
          return own.map((group): AggregateGroup => ({ ...group, values: { ...group.values, rows } }))
        },
      })),
    caughtBy: ['isolation: an aggregate counts own rows alone'],
  },
  {
    title: 'searches all tenants and drops the hits of others at the end',
    create: () =>
      amongTenants((inner, all) => ({
        async search(question) {
          const own = await inner.search!(question)
          if (question.signal) return own
          const found = await Promise.all(
            latest(all).map(async (session) => (session === inner ? own : session.search!(question))),
          )
          const best = found.flat().sort((left, right) => right.overlap - left.overlap)
          const crowded = best.slice(0, question.limit)
          return own.filter((hit: SearchHit) => crowded.includes(hit))
        },
      })),
    caughtBy: ['isolation: a search finds own rows alone, and better ones of others do not crowd them out'],
  },
  {
    title: 'takes ids that another tenant has for loaded',
    create: () =>
      amongTenants((inner, all) => ({
        async load(entity, rows, options) {
          if (options?.onExisting !== 'skip') return inner.load!(entity, rows, options)
          const first = [...all.values()].at(-2)
          const count = { loaded: 0, skipped: 0 }
          for await (const batch of rows) {
            const known = first
              ? await first.getMany(
                  entity,
                  batch.map((row) => row.id),
                )
              : []
            const fresh = batch.filter((_, index) => known[index] === undefined)
            const { loaded, skipped } = await inner.load!(entity, [fresh], options)
            count.loaded += loaded
            count.skipped += skipped + batch.length - fresh.length
          }
          return count
        },
      })),
    caughtBy: ['isolation: load neither meets nor touches rows of others'],
  },
  {
    title: 'feeds the changes of any tenant that has the id',
    create: () =>
      amongTenants((inner, all) => ({
        async changes(after, limit, options) {
          const own = await inner.changes!(after, limit, options)
          const last = latest(all).at(-1)
          if (own.length === 0 || last === undefined || last === inner) return own
          const foreign = await last.changes!(undefined, 1_000)
          const deleted = new Set(foreign.filter(({ kind }) => kind === 'delete').map(({ id }) => id))
          return own.map((change) => (deleted.has(change.id) ? { ...change, kind: 'delete' as const } : change))
        },
      })),
    caughtBy: ['isolation: a feed tells of own changes, at own versions'],
  },
  {
    title: 'keeps the tenant in a variable that all sessions share',
    create: () => {
      let current: StorageSession | undefined
      return amongTenants((inner) => ({
        async getMany(entity, ids, options) {
          current = inner
          await pause(0)
          return current.getMany(entity, ids, options)
        },
      }))
    },
    caughtBy: ['isolation: tenants that work at the same time do not mix'],
  },
  {
    title: 'names one tenant for all rows of the system reader',
    create: () =>
      wrappedStorage({
        adapter: (inner) => ({
          system: () => ({
            async find(query) {
              const rows = await inner.system!().find(query)
              return rows.map(({ row }) => ({ tenantId: rows[0]!.tenantId, row }))
            },
          }),
        }),
      }),
    caughtBy: ['isolation: the system reader names the tenant of each row'],
  },
]
