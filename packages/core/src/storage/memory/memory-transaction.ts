import { CrmError } from '../../kernel/crm-error.js'
import type { Write, WriteResult } from '../write.js'
import { MemoryCollection } from './memory-collection.js'
import type { Collections } from './memory-tenant.js'
import { applyBatch } from './memory-write.js'

interface Fork {
  readonly copy: MemoryCollection
  readonly original: MemoryCollection
  readonly revision: number
}

/**
 * A serializable transaction without locks: it works on copies of the collections it touches, and its batches are applied at the end,
 * to the tenant or to the transaction around it, if nobody changed one of these collections meanwhile. Copying makes the first touch
 * of a collection as slow as it is large.
 */
export class MemoryTransaction implements Collections {
  readonly #outer: Collections
  readonly #forks = new Map<string, Fork>()
  readonly #batches: Write[][] = []

  constructor(outer: Collections) {
    this.#outer = outer
  }

  collection(entity: string): MemoryCollection {
    let fork = this.#forks.get(entity)
    if (!fork) {
      const original = this.#outer.collection(entity)
      fork = { original, copy: new MemoryCollection(original.def, original), revision: original.revision }
      this.#forks.set(entity, fork)
    }
    return fork.copy
  }

  commit(batch: readonly Write[]): WriteResult[] {
    const { results } = applyBatch((entity) => this.collection(entity), batch)
    this.#batches.push(structuredClone([...batch]))
    return results
  }

  /** Applies everything at once. Throws `conflict` when somebody else changed what was read or written here. */
  finish(): void {
    for (const [entity, { original, revision }] of this.#forks) {
      if (original.revision === revision && this.#outer.collection(entity) === original) continue
      throw new CrmError('conflict', `${entity} was changed by somebody else during the transaction`, {
        entity,
        reason: 'serialization',
        retriable: true,
        remedy: 'run the transaction again',
      })
    }
    for (const batch of this.#batches) this.#outer.commit(batch)
  }
}
