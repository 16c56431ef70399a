import {
  applyWrite,
  type CallOptions,
  compileFilter,
  compileOrder,
  type EntityDef,
  everything,
  isAfter,
  type Query,
  type Row,
  type RowPage,
  type StorageSession,
  throwIfAborted,
  type Write,
  type WriteResult,
  writtenId,
} from '@rapport/core/storage'

/** Rows of one tenant by {@link recordKey}. */
export type TenantRows = Map<string, { readonly entity: string; readonly row: Row }>

/** What a session needs of its storage. */
export interface TemplateSetting {
  /** Throws when the storage is closed. */
  readonly rows: () => TenantRows
  readonly definitionOf: (entity: string) => EntityDef
}

/** One tenant's view. Core has checked every call: types, limits, undeclared fields. */
export class TemplateSession implements StorageSession {
  readonly #setting: TemplateSetting

  constructor(setting: TemplateSetting) {
    this.#setting = setting
  }

  async getMany(entity: string, ids: readonly string[], { signal }: CallOptions = {}): Promise<(Row | undefined)[]> {
    throwIfAborted(signal)
    this.#setting.definitionOf(entity)
    const rows = this.#setting.rows()
    return ids.map((id) => structuredClone(rows.get(recordKey(entity, id))?.row))
  }

  async find({ entity, where = everything, order, after, limit, signal }: Query): Promise<RowPage> {
    throwIfAborted(signal)
    const def = this.#setting.definitionOf(entity)
    const passes = compileFilter(def, where)
    const isBehind = after ? isAfter(def, order, after) : () => true
    const found = [...this.#setting.rows().values()]
      .flatMap((stored) => (stored.entity === entity && passes(stored.row) && isBehind(stored.row) ? [stored.row] : []))
      .sort(compileOrder(def, order))
    return { rows: structuredClone(found.slice(0, limit)), done: found.length <= limit }
  }

  async write(batch: readonly Write[], { signal }: CallOptions = {}): Promise<WriteResult[]> {
    throwIfAborted(signal)
    const rows = this.#setting.rows()
    // Everything is computed before anything is stored: a write that fails leaves nothing of its batch behind.
    const outcomes = batch.map((write, writeIndex) => {
      const { entity } = write
      const key = recordKey(entity, writtenId(write))
      return {
        entity,
        key,
        write,
        ...applyWrite(this.#setting.definitionOf(entity), rows.get(key)?.row, write, writeIndex),
      }
    })
    for (const { entity, key, write, after } of outcomes) {
      if (after) rows.set(key, { entity, row: after })
      else if (write.do === 'delete') rows.delete(key)
    }
    return outcomes.map(({ result }) => result)
  }
}

function recordKey(entity: string, id: string): string {
  return `${entity} ${id}`
}
