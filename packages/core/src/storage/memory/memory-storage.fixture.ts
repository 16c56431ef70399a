import type { EntityDef } from '../entity-def.js'
import { sample } from '../sample-entity.fixture.js'
import type { StorageAdapter, StorageSession } from '../storage-adapter.js'
import { memoryStorage } from './memory-storage.js'

/** An open memory storage of the sample entity, a session of it, and how many rows were looked at so far. */
export interface OpenedMemory {
  readonly storage: StorageAdapter
  readonly session: StorageSession
  readonly visits: { count: number }
}

export async function openMemory(...definitions: readonly EntityDef[]): Promise<OpenedMemory> {
  const visits = { count: 0 }
  const storage = memoryStorage({ onRowVisited: () => visits.count++ })
  await storage.open()
  await storage.apply(await storage.plan(definitions.length > 0 ? definitions : [sample]))
  return { storage, session: storage.session({ tenantId: 'acme' }), visits }
}
