import { storageClosed, unknownEntity } from '@rapport/core/storage'
import type { SqlValue, Statement } from './driver.js'
import type { EntityTable } from './schema/tables.js'
import { feedTableSql } from './sql-feed.js'
import { WriteCompiler } from './sql-write.js'
import type { StatementNames } from './statement-names.js'

/** What all sessions of a storage share: the tables of the last plan, and the names of prepared statements. */
export class StorageTables {
  readonly feed: string
  readonly #names: StatementNames | undefined
  #tables: ReadonlyMap<string, EntityTable> = new Map()
  #writes: WriteCompiler
  #closed = false

  constructor(schema: string, names: StatementNames | undefined) {
    this.feed = feedTableSql(schema)
    this.#names = names
    this.#writes = new WriteCompiler(this.feed)
  }

  get all(): Iterable<EntityTable> {
    return this.#tables.values()
  }

  set(tables: readonly EntityTable[]): void {
    this.#tables = new Map(tables.map((table) => [table.def.name, table]))
    this.#writes = new WriteCompiler(this.feed)
  }

  /** Turns writes into statements on the present tables. */
  get writes(): WriteCompiler {
    return this.#writes
  }

  close(): void {
    this.#closed = true
  }

  /** The table of an entity. Throws `validation_failed` when the last plan did not name it, `storage_failed` after `close`. */
  require(entity: string): EntityTable {
    const table = this.#tables.get(entity)
    if (table) return table
    throw this.#closed ? storageClosed() : unknownEntity(entity)
  }

  find(entity: string): EntityTable | undefined {
    return this.#tables.get(entity)
  }

  /** A statement, under a name where statements are prepared. */
  statement(text: string, values: readonly SqlValue[]): Statement {
    const name = this.#names?.nameOf(text)
    return name === undefined ? { text, values } : { text, values, name }
  }
}
