import type { StorageAdapter, Write } from '@rapport/core/storage'

/** Keeps every batch that is written through a storage from now on, oldest first. */
export function recordWrites(storage: StorageAdapter): readonly (readonly Write[])[] {
  const batches: (readonly Write[])[] = []
  const openSession = storage.session.bind(storage)
  storage.session = (scope) => {
    const session = openSession(scope)
    const write = session.write.bind(session)
    session.write = (batch, options) => {
      batches.push(structuredClone(batch))
      return write(batch, options)
    }
    return session
  }
  return batches
}
