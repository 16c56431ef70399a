import {
  applyWrite,
  type EntityDef,
  parseOrderTerm,
  type Row,
  uniqueConflict,
  unknownEntity,
  type Write,
  type WriteResult,
  writtenId,
} from '@rapport/core/storage'

/** A record as it is after a batch; without a row it is gone. */
export interface RowChange {
  readonly entity: string
  readonly id: string
  readonly row?: Row
}

// #region rows
/** The definitions of a plan, by the name of the entity. */
export type Definitions = ReadonlyMap<string, EntityDef>

/** The rows of one tenant, in memory. What it hands out is never changed, and must not be. */
export class TenantRows {
  readonly #definitions: Definitions
  readonly #rows = new Map<string, Map<string, Row>>()
  /** Who holds the values of a unique index. */
  readonly #holders = new Map<string, string>()

  constructor(definitions: Definitions) {
    this.#definitions = definitions
  }

  definitionOf(entity: string): EntityDef {
    const def = this.#definitions.get(entity)
    if (!def) throw unknownEntity(entity)
    return def
  }

  get(entity: string, id: string): Row | undefined {
    return this.#rows.get(entity)?.get(id)
  }

  all(entity: string): Iterable<Row> {
    return this.#rows.get(entity)?.values() ?? []
  }

  /** Every record there is, of all entities. */
  *changes(): Generator<RowChange> {
    for (const [entity, rows] of this.#rows) for (const [id, row] of rows) yield { entity, id, row }
  }

  apply(changes: Iterable<RowChange>): void {
    for (const { entity, id, row } of changes) this.#put(entity, id, row)
  }

  /** Puts a row in the place of the one with its id, or takes that one out. Returns how to undo it. */
  #put(entity: string, id: string, row: Row | undefined): () => void {
    const rows = this.#rows.get(entity) ?? new Map<string, Row>()
    this.#rows.set(entity, rows)
    const before = rows.get(id)
    if (before) for (const { key } of this.#uniqueValues(entity, before)) this.#holders.delete(key)
    if (row) rows.set(id, row)
    else rows.delete(id)
    if (row) for (const { key } of this.#uniqueValues(entity, row)) this.#holders.set(key, id)
    return () => this.#put(entity, id, before)
  }
  // #endregion

  // #region unique
  /** The values a row holds in unique indexes, each as one key. A row that lacks one of them does not take part. */
  #uniqueValues(entity: string, row: Row): { readonly index: string; readonly key: string }[] {
    const indexes = this.#definitions.get(entity)?.indexes ?? []
    return indexes.flatMap(({ name, on, unique }) => {
      const values = on.map((term) => row[parseOrderTerm(term).path])
      const takesPart = unique === true && values.every((value) => value !== undefined)
      return takesPart ? [{ index: name, key: JSON.stringify([entity, name, ...values]) }] : []
    })
  }

  /** The unique index in which another row holds the values of this one. */
  rivalIndex(entity: string, row: Row): string | undefined {
    const isTaken = ({ key }: { readonly key: string }): boolean =>
      this.#holders.has(key) && this.#holders.get(key) !== row.id
    return this.#uniqueValues(entity, row).find(isTaken)?.index
  }
  // #endregion

  // #region tryOut
  /**
   * What a batch comes to: each write sees those before it. It is tried out and taken back in one turn of the event loop, so nobody
   * sees it and the rows stay as they are. Throws the error of the first write that fails.
   */
  tryOut(batch: readonly Write[]): { readonly results: WriteResult[]; readonly changes: RowChange[] } {
    const undo: (() => void)[] = []
    const results: WriteResult[] = []
    const changes: RowChange[] = []
    try {
      for (const [writeIndex, write] of batch.entries()) {
        const def = this.definitionOf(write.entity)
        const { result, after } = applyWrite(def, this.get(write.entity, writtenId(write)), write, writeIndex)
        results.push(result)
        if (write.do === 'check') continue
        const rival = after && this.rivalIndex(write.entity, after)
        if (rival !== undefined) throw uniqueConflict(write.entity, rival, writeIndex, result.id)
        undo.push(this.#put(write.entity, result.id, after))
        changes.push({ entity: write.entity, id: result.id, ...(after && { row: after }) })
      }
    } finally {
      for (const step of undo.reverse()) step()
    }
    return { results, changes }
  }
  // #endregion
}
