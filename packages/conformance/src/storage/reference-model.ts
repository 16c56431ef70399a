import {
  compareScalars,
  compileFilter,
  compileOrder,
  type EntityDef,
  isAfter,
  type NewRow,
  type Query,
  type Row,
  type Scalar,
  type Write,
  type WriteResult,
  writtenId,
} from '@rapport/core/storage'

type Outcome = readonly WriteResult[] | { readonly failed: 'conflict' | 'not_found'; readonly writeIndex: number }

/** The smallest storage that keeps the contract: rows of one entity of one tenant in a Map, copied before every batch. */
export class ReferenceModel {
  readonly #def: EntityDef
  #rows = new Map<string, Row>()

  constructor(def: EntityDef) {
    this.#def = def
  }

  /** All rows, in order of the id. */
  rows(): Row[] {
    return [...this.#rows.values()].sort(compileOrder(this.#def, ['id']))
  }

  /** Ids of the rows of a page; `done` is left to the caller. */
  find({ where, order, after, limit }: Query): string[] {
    const passes = where ? compileFilter(this.#def, where) : () => true
    const behind = after ? isAfter(this.#def, order, after) : () => true
    return [...this.#rows.values()]
      .filter((row) => passes(row) && behind(row))
      .sort(compileOrder(this.#def, order))
      .slice(0, limit)
      .map((row) => row.id)
  }

  /** Applies a batch, or tells the first write that fails and leaves everything as it was. Ignores unique indexes. */
  write(batch: readonly Write[]): Outcome {
    const before = this.#rows
    this.#rows = new Map(before)
    const results: WriteResult[] = []
    for (const [writeIndex, write] of batch.entries()) {
      const result = this.#apply(write)
      if (typeof result === 'string') {
        this.#rows = before
        return { failed: result, writeIndex }
      }
      results.push(result)
    }
    return results
  }

  #apply(write: Write): WriteResult | 'conflict' | 'not_found' {
    const id = writtenId(write)
    const stored = this.#rows.get(id)
    switch (write.do) {
      case 'insert':
        return stored ? 'conflict' : this.#put(write.row, write.row.version ?? 1)
      case 'upsert':
        return this.#put(write.row, stored ? stored.version + 1 : (write.row.version ?? 1))
      case 'check': {
        const { is } = write
        const holds = is === 'present' ? stored !== undefined : is === 'absent' ? !stored : stored?.version === is
        return holds ? { id, version: stored?.version ?? 0 } : 'conflict'
      }
      case 'delete':
        if (!stored) return 'not_found'
        if (write.ifVersion !== undefined && write.ifVersion !== stored.version) return 'conflict'
        this.#rows.delete(id)
        return { id, version: stored.version }
      case 'patch':
        if (!stored) return 'not_found'
        if (write.ifVersion !== undefined && write.ifVersion !== stored.version) return 'conflict'
        return this.#patch(stored, write)
    }
  }

  #put(row: NewRow, version: number): WriteResult {
    this.#rows.set(row.id, { ...structuredClone(row), version })
    return { id: row.id, version }
  }

  #patch(stored: Row, write: Extract<Write, { do: 'patch' }>): WriteResult {
    const values: Record<string, Scalar> = {}
    for (const [path, addend] of Object.entries(write.add ?? {})) values[path] = Number(stored[path] ?? 0) + addend
    for (const [given, sign] of [
      [write.max, 1],
      [write.min, -1],
    ] as const) {
      for (const [path, value] of Object.entries(given ?? {})) {
        const held = stored[path] as Scalar | undefined
        values[path] = held !== undefined && (compareScalars(held, value) ?? 0) * sign > 0 ? held : value
      }
    }
    const row: Row = { ...stored, ...structuredClone(write.set), ...values }
    for (const [path, value] of Object.entries(row)) if (value === null) delete row[path]
    row.version = write.touch === false ? stored.version : stored.version + 1
    this.#rows.set(row.id, row)
    return { id: row.id, version: row.version, ...(Object.keys(values).length > 0 && { values }) }
  }
}
