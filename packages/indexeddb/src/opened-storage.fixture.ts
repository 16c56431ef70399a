import type { EntityDef, StorageAdapter, StorageSession } from '@rapport/core/storage'
import { onTestFinished } from 'vitest'
import { deleteIndexedDbStorage, type IndexedDbStorageOptions, indexedDbStorage } from './index.js'
import { insert, ticket } from './ticket.fixture.js'

let count = 0

/** A database name that no other test has, deleted when the test is over. */
export function freshName(): string {
  const name = `rapport test ${crypto.randomUUID()} ${++count}`
  onTestFinished(() => deleteIndexedDbStorage({ name }))
  return name
}

/** An open storage over the given definitions, closed when the test is over. */
export async function openStorage(
  options: IndexedDbStorageOptions,
  definitions: readonly EntityDef[] = [ticket],
): Promise<StorageAdapter> {
  const storage = indexedDbStorage(options)
  onTestFinished(() => storage.close())
  await storage.open()
  await storage.apply(await storage.plan(definitions))
  return storage
}

/** Inserts so many tickets, numbered from 0, their ids in the same order. */
export async function insertMany(session: StorageSession, total: number, from = 0): Promise<void> {
  for (let start = from; start < total; start += 1_000) {
    const size = Math.min(1_000, total - start)
    await session.write(
      Array.from({ length: size }, (_, index) => {
        const number = start + index
        return insert(`t${String(number).padStart(6, '0')}`, {
          number,
          status: ['open', 'waiting', 'closed'][number % 3],
          tags: [`tag${number % 5}`],
        })
      }),
    )
  }
}
