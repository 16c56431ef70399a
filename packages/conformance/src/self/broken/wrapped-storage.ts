import type { Capabilities, SessionScope, StorageAdapter, StorageSession } from '@rapport/core/storage'
import { memoryStorage } from '@rapport/core/storage/memory'

/** What a wrapper changes; the rest goes to the memory storage as it is. */
export interface Wrapping {
  readonly capabilities?: Partial<Capabilities>
  /** Methods that take the place of the adapter's own. */
  readonly adapter?: (inner: StorageAdapter) => Partial<StorageAdapter>
  /** Methods that take the place of a session's own; also inside transactions. */
  readonly session?: (inner: StorageSession, scope: SessionScope) => Partial<StorageSession>
}

/** A memory storage of which some methods are replaced: a fault to be caught, or a weakness to be declared. */
export function wrappedStorage({ capabilities, adapter, session }: Wrapping, inner = memoryStorage()): StorageAdapter {
  const wrapSession = (original: StorageSession, scope: SessionScope): StorageSession => {
    const transaction: StorageSession['transaction'] = (work, options) =>
      original.transaction!((bare) => work(wrapSession(bare, scope)), options)
    const delegating = { ...delegate(original), transaction }
    return { ...delegating, ...session?.(delegating, scope) }
  }
  return {
    name: 'wrapped memory',
    apiVersion: 1,
    migrate: inner.migrate,
    capabilities: { ...inner.capabilities, ...capabilities },
    open: (options) => inner.open(options),
    plan: (target, options) => inner.plan(target, options),
    apply: (plan, options) => inner.apply(plan, options),
    session: (scope) => wrapSession(inner.session(scope), scope),
    tenants: (options) => inner.tenants(options),
    system: () => inner.system!(),
    close: () => inner.close(),
    ...adapter?.(inner),
  }
}

/** The methods of a session as properties, so that some of them can be replaced. */
export function delegate(inner: StorageSession): StorageSession {
  return {
    getMany: (entity, ids, options) => inner.getMany(entity, ids, options),
    find: (query) => inner.find(query),
    write: (batch, options) => inner.write(batch, options),
    aggregate: (aggregate) => inner.aggregate!(aggregate),
    search: (search) => inner.search!(search),
    load: (entity, rows, options) => inner.load!(entity, rows, options),
    changes: (after, limit, options) => inner.changes!(after, limit, options),
    watch: (wake) => inner.watch!(wake),
  }
}
