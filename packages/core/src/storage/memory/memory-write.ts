import { applyWrite } from '../apply-write.js'
import type { Change } from '../storage-adapter.js'
import { uniqueConflict } from '../storage-errors.js'
import { type Write, type WriteResult, writtenId } from '../write.js'
import type { MemoryCollection } from './memory-collection.js'

/** What a batch did. */
export interface BatchOutcome {
  readonly results: WriteResult[]
  readonly changes: readonly Omit<Change, 'position'>[]
}

/**
 * Applies a batch write by write; each sees what those before it did, also with respect to unique indexes. When one fails, what
 * was done is undone and its error thrown.
 */
export function applyBatch(collectionOf: (entity: string) => MemoryCollection, batch: readonly Write[]): BatchOutcome {
  const undo: (() => void)[] = []
  const results: WriteResult[] = []
  const changes: Omit<Change, 'position'>[] = []
  try {
    for (const [writeIndex, write] of batch.entries()) {
      const collection = collectionOf(write.entity)
      const before = collection.get(writtenId(write))
      const { result, after } = applyWrite(collection.def, before, write, writeIndex)
      results.push(result)
      if (write.do === 'check') continue
      const { id, version } = result
      const rival = after && collection.rivalIndex(after)
      if (rival) throw uniqueConflict(write.entity, rival.name, writeIndex, id)
      collection.change(id, after)
      undo.push(() => collection.change(id, before))
      changes.push({ entity: write.entity, id, version, kind: after ? 'put' : 'delete' })
    }
  } catch (error) {
    for (const step of undo.reverse()) step()
    throw error
  }
  return { results, changes }
}
