import {
  applyWrite,
  type CallOptions,
  CrmError,
  compileFilter,
  compileOrder,
  type EntityDef,
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
import { cellsOf, rowOf, splitFilter } from './sheet-rows.js'
import {
  type ListRequest,
  RevisionMismatch,
  type SheetChange,
  type SheetRow,
  type SheetService,
} from './sheet-service.js'

/** What a session needs of its storage. */
export interface SheetSetting {
  /** Throws when the storage is closed. */
  readonly service: () => SheetService
  readonly definitionOf: (entity: string) => EntityDef
  /** Runs the work when the writes of this process to the sheet that were begun before have come to an end. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>
}

const attempts = 50

/** One tenant's view: a sheet of its own, with a tab for each entity. */
export class SheetSession implements StorageSession {
  readonly #sheet: string
  readonly #setting: SheetSetting

  constructor(tenantId: string, setting: SheetSetting) {
    this.#sheet = tenantId
    this.#setting = setting
  }

  // #region find
  async find({ entity, where, order, after, limit, signal }: Query): Promise<RowPage> {
    throwIfAborted(signal)
    const def = this.#setting.definitionOf(entity)
    // An undeclared path is refused here: the service would find nothing under it, and say nothing.
    if (where) compileFilter(def, where)
    const { equals, residual } = splitFilter(def, where)
    const left = residual && { residual }
    const { rows } = await this.#rows(def, equals)
    const isById = order.length === 1 && (order[0] === 'id' || order[0] === '-id')
    // Core sorts a list that came whole. Of a longer one it asks for the pages in the order of the id, and sorts them then.
    if (!isById) return { rows: rows.slice(0, limit), done: rows.length <= limit, unordered: true, ...left }
    const found = rows.filter(after ? isAfter(def, order, after) : () => true).sort(compileOrder(def, order))
    return { rows: found.slice(0, limit), done: found.length <= limit, ...left }
  }
  // #endregion

  // #region read
  async getMany(entity: string, ids: readonly string[], { signal }: CallOptions = {}): Promise<(Row | undefined)[]> {
    throwIfAborted(signal)
    const def = this.#setting.definitionOf(entity)
    const [id] = ids
    const one = ids.length === 1 ? { column: 'id', text: JSON.stringify(id) } : undefined
    const { rows } = await this.#rows(def, one)
    const byId = new Map(rows.map((row) => [row.id, row]))
    return ids.map((each) => byId.get(each))
  }

  /** All rows of a tab that pass, page by page, and the revision at which they are so. */
  async #rows(
    def: EntityDef,
    equals?: ListRequest['equals'],
  ): Promise<{ readonly rows: Row[]; readonly revision: number }> {
    const service = this.#setting.service()
    for (let attempt = 0; attempt < attempts; attempt++) {
      const cells: SheetRow[] = []
      const request = { sheet: this.#sheet, tab: def.name, ...(equals && { equals }) }
      const first = await service.list(request)
      let page = first
      cells.push(...page.rows)
      while (page.nextPageToken !== undefined && page.revision === first.revision) {
        page = await service.list({ ...request, pageToken: page.nextPageToken })
        cells.push(...page.rows)
      }
      // Pages of different revisions do not fit together: a row may have slipped from one to the other.
      if (page.revision === first.revision)
        return { rows: cells.map((row) => rowOf(def, row)), revision: first.revision }
    }
    throw busy()
  }
  // #endregion

  // #region write
  /** Writers of this process take turns; those of others show by the revision. */
  async write(batch: readonly Write[], { signal }: CallOptions = {}): Promise<WriteResult[]> {
    throwIfAborted(signal)
    return this.#setting.inTurn(() => this.#readAndUpdate(batch))
  }

  /** Reads, computes, and changes the sheet if nobody else did meanwhile; else all over again. */
  async #readAndUpdate(batch: readonly Write[]): Promise<WriteResult[]> {
    for (let attempt = 0; attempt < attempts; attempt++) {
      const { results, changes, revision } = await this.#outcomeOf(batch)
      if (changes.length === 0) return results
      try {
        await this.#setting.service().update(this.#sheet, changes, revision)
        return results
      } catch (error) {
        if (!(error instanceof RevisionMismatch)) throw error
      }
    }
    throw busy()
  }

  async #outcomeOf(
    batch: readonly Write[],
  ): Promise<{ results: WriteResult[]; changes: SheetChange[]; revision: number }> {
    const rows = new Map<string, Row>()
    const keyOf = (entity: string, id: string): string => JSON.stringify([entity, id])
    let revision: number | undefined
    for (const entity of new Set(batch.map((write) => write.entity))) {
      const read = await this.#rows(this.#setting.definitionOf(entity))
      // Of tabs read at different revisions the older one decides: the change is refused, and all is read again.
      revision = Math.min(revision ?? read.revision, read.revision)
      for (const row of read.rows) rows.set(keyOf(entity, row.id), row)
    }
    const results: WriteResult[] = []
    const changes: SheetChange[] = []
    for (const [writeIndex, write] of batch.entries()) {
      const { entity } = write
      const key = writtenId(write)
      const before = rows.get(keyOf(entity, key))
      const { result, after } = applyWrite(this.#setting.definitionOf(entity), before, write, writeIndex)
      results.push(result)
      if (write.do !== 'check') changes.push({ tab: entity, key, ...(after && { row: cellsOf(after) }) })
    }
    return { results, changes, revision: revision ?? 0 }
  }
  // #endregion
}

function busy(): CrmError {
  return new CrmError('storage_failed', 'Others change the sheet all the time', {
    reason: 'busy',
    retriable: true,
    remedy: 'try again in a moment',
  })
}
