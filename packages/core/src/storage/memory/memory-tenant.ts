import type { EntityDef } from '../entity-def.js'
import type { Write, WriteResult } from '../write.js'
import { ChangeLog } from './change-log.js'
import { MemoryCollection } from './memory-collection.js'
import { applyBatch } from './memory-write.js'

/** The collections that a session or a transaction reads and writes. */
export interface Collections {
  /** Throws `validation_failed` for an entity that is not declared. */
  collection(entity: string): MemoryCollection
  commit(batch: readonly Write[]): WriteResult[]
}

/** Everything stored for one tenant. */
export class MemoryTenant implements Collections {
  readonly changes = new ChangeLog()
  readonly #definitionOf: (entity: string) => EntityDef
  readonly #collections = new Map<string, MemoryCollection>()
  readonly #watchers = new Set<() => void>()

  constructor(definitionOf: (entity: string) => EntityDef) {
    this.#definitionOf = definitionOf
  }

  collection(entity: string): MemoryCollection {
    const def = this.#definitionOf(entity)
    let collection = this.#collections.get(entity)
    if (!collection) {
      collection = new MemoryCollection(def)
      this.#collections.set(entity, collection)
    }
    return collection
  }

  /** Whether any row is stored. */
  get isEmpty(): boolean {
    for (const { size } of this.#collections.values()) if (size > 0) return false
    return true
  }

  commit(batch: readonly Write[]): WriteResult[] {
    const { results, changes } = applyBatch((entity) => this.collection(entity), batch)
    for (const change of changes) this.changes.append(change)
    // A microtask, so that a watcher that throws does not look like a failed write.
    if (changes.length > 0) for (const wake of this.#watchers) queueMicrotask(wake)
    return results
  }

  watch(wake: () => void): () => void {
    const watcher = (): void => wake()
    this.#watchers.add(watcher)
    return () => {
      this.#watchers.delete(watcher)
    }
  }

  /** The rows of an entity under a new definition, with new indexes. Throws `conflict` when a new unique index does not hold. */
  rebuilt(def: EntityDef): MemoryCollection | undefined {
    const rows = this.#collections.get(def.name)?.rows()
    return rows && MemoryCollection.of(def, rows)
  }

  /** Puts a rebuilt collection in place. */
  adopt(collection: MemoryCollection): void {
    this.#collections.set(collection.def.name, collection)
  }
}
