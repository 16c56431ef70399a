import {
  type Aggregate,
  type AggregateGroup,
  aggregateRows,
  type CallOptions,
  compileFilter,
  compileOrder,
  everything,
  isAfter,
  type Query,
  type Row,
  type RowPage,
  type StorageSession,
  throwIfAborted,
  type Write,
  type WriteResult,
} from '@rapport/core/storage'
import type { TenantLog } from './tenant-log.js'

// #region session
/** One tenant's view of the files. */
export class FileSession implements StorageSession {
  readonly #log: () => Promise<TenantLog>

  constructor(log: () => Promise<TenantLog>) {
    this.#log = log
  }

  async getMany(entity: string, ids: readonly string[], { signal }: CallOptions = {}): Promise<(Row | undefined)[]> {
    throwIfAborted(signal)
    const { rows } = await this.#log()
    rows.definitionOf(entity)
    return ids.map((id) => structuredClone(rows.get(entity, id)))
  }

  async write(batch: readonly Write[], { signal }: CallOptions = {}): Promise<WriteResult[]> {
    throwIfAborted(signal)
    return (await this.#log()).write(batch)
  }
  // #endregion

  // #region find
  async find({ entity, where = everything, order, after, limit, signal }: Query): Promise<RowPage> {
    throwIfAborted(signal)
    const { rows } = await this.#log()
    const def = rows.definitionOf(entity)
    const passes = compileFilter(def, where)
    const isBehind = after ? isAfter(def, order, after) : () => true
    const found = Array.from(rows.all(entity))
      .filter((row) => passes(row) && isBehind(row))
      .sort(compileOrder(def, order))
    return { rows: structuredClone(found.slice(0, limit)), done: found.length <= limit }
  }
  // #endregion

  // #region aggregate
  async aggregate(aggregate: Aggregate): Promise<AggregateGroup[]> {
    throwIfAborted(aggregate.signal)
    const { rows } = await this.#log()
    const def = rows.definitionOf(aggregate.entity)
    return aggregateRows(
      def,
      aggregate,
      Array.from(rows.all(aggregate.entity)).filter(compileFilter(def, aggregate.where ?? everything)),
    )
  }
  // #endregion
}
