import type { Row } from '@rapport/core/storage'
import { feedEntry, type IndexEntry, type StoredRecord } from './layout.js'
import { type KeySpace, MemberIndex, OrderedIndex, primarySpace } from './row-index.js'
import type { Catalogue, StoredCounter, StoredEntity } from './schema/catalogue.js'

/** What is known of one entity, ready to make keys. */
export class EntityIndexes {
  readonly entity: string
  readonly rows: KeySpace
  readonly ordered: readonly OrderedIndex[]
  readonly members: readonly MemberIndex[]
  readonly counters: readonly StoredCounter[]
  /** Whether all indexes and counters can be read. */
  readonly isFilled: boolean

  constructor(entity: string, { indexes, counters }: StoredEntity) {
    this.entity = entity
    this.rows = primarySpace(entity)
    this.ordered = indexes.filter(({ kind }) => kind === 'order').map((index) => new OrderedIndex(index))
    this.members = indexes.filter(({ kind }) => kind !== 'order').map((index) => new MemberIndex(index))
    this.counters = counters
    this.isFilled = [...indexes, ...counters].every(({ ready }) => ready)
  }

  /** A row with all its entries. */
  recordOf(tenantId: string, row: Row, position: number): StoredRecord {
    const entries: [IndexEntry, ...IndexEntry[]] = [feedEntry(tenantId, position)]
    const unique: IndexEntry[] = []
    for (const index of this.ordered) {
      index.addEntries(tenantId, row, entries)
      const entry = index.uniqueEntry(tenantId, row)
      if (entry) unique.push(entry)
    }
    for (const index of this.members) index.addEntries(tenantId, row, entries)
    return { row, entries, ...(unique.length > 0 && { unique }) }
  }
}

/** One revision of the catalogue, ready to use. */
export interface StoredSchema {
  readonly revision: number
  readonly entities: ReadonlyMap<string, EntityIndexes>
}

export function compileSchema(catalogue: Catalogue, revision: number): StoredSchema {
  const entities = Array.from(catalogue.entities, ([name, stored]) => [name, new EntityIndexes(name, stored)] as const)
  return { revision, entities: new Map(entities) }
}
