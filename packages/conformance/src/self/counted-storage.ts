import type { StorageSession, SystemReader } from '@rapport/core/storage'
import { delegate, wrappedStorage } from './broken/wrapped-storage.js'
import type { Rig } from './cuttable-storage.js'

/** Methods that take the place of a session's own; what they ask of `inner` is counted. */
export type Spending = (inner: StorageSession) => Partial<StorageSession>

/** A memory storage that counts each call that reaches it as one request. */
export function countedStorage(spending: Spending = () => ({})): Rig {
  let requests = 0
  const counted = <T>(call: T): T => {
    requests++
    return call
  }
  const count = (inner: StorageSession): StorageSession => {
    const { getMany, find, write, aggregate, search, load, changes, watch } = delegate(inner)
    return {
      getMany: (...given) => counted(getMany(...given)),
      find: (...given) => counted(find(...given)),
      write: (...given) => counted(write(...given)),
      aggregate: (...given) => counted(aggregate!(...given)),
      search: (...given) => counted(search!(...given)),
      load: (...given) => counted(load!(...given)),
      changes: (...given) => counted(changes!(...given)),
      watch: watch!,
      transaction: (work, options) => counted(inner.transaction!((bare) => work(count(bare)), options)),
    }
  }
  return {
    create: () =>
      wrappedStorage({
        adapter: (inner) => ({
          session(scope) {
            const session = count(inner.session(scope))
            return { ...session, ...spending(session) }
          },
          system: (): SystemReader => ({ find: (query) => counted(inner.system!().find(query)) }),
        }),
      }),
    counter: () => requests,
  }
}
