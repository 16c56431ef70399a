import type { StorageAdapter, StorageSession } from './storage/storage-adapter.js'
import type { Write } from './storage/write.js'

/** What happens before a batch is written: something of another process, or a failure that is thrown. */
export type BeforeWrite = (batch: readonly Write[]) => Promise<void> | void

/** A storage that calls back before each batch, to let something come in between at the worst moment. */
export function withObservedWrites(storage: StorageAdapter, before: BeforeWrite): StorageAdapter {
  const observed = (inner: StorageSession): StorageSession => {
    const write: StorageSession['write'] = async (batch, options) => {
      await before(batch)
      return inner.write(batch, options)
    }
    return replacing(inner, 'write', write)
  }
  const session: StorageAdapter['session'] = (scope) => observed(storage.session(scope))
  return replacing(storage, 'session', session)
}

function replacing<T extends object>(target: T, name: keyof T, replacement: unknown): T {
  return new Proxy(target, {
    get(from, key) {
      if (key === name) return replacement
      const member: unknown = Reflect.get(from, key, from)
      return typeof member === 'function' ? member.bind(from) : member
    },
  })
}
