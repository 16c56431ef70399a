import { CrmError, type NewRow, storageClosed, unknownEntity, type Write } from '@rapport/core/storage'
import type { SqlValue, Statement } from './driver.js'
import type { Profile } from './profile/profile.js'
import { filledRow, filledWrite } from './schema/fill-promoted.js'
import type { EntityTable } from './schema/tables.js'
import { type FeedOrder, feedOrder, feedTableSql } from './sql-feed.js'
import { WriteCompiler } from './sql-write.js'
import type { StatementNames } from './statement-names.js'

/** What all sessions of a storage share: the tables of the last plan, and the names of prepared statements. */
export class StorageTables {
  readonly feed: string
  readonly feedOrder: FeedOrder
  readonly profile: Profile
  readonly #names: StatementNames | undefined
  #tables: ReadonlyMap<string, EntityTable> = new Map()
  #writes: WriteCompiler
  #closed = false
  #isHalfMigrated = false
  readonly #copyRefused = new Set<string>()

  constructor(schema: string, names: StatementNames | undefined, profile: Profile, feedLagMs: number) {
    this.feed = feedTableSql(schema)
    this.feedOrder = feedOrder(profile, feedLagMs)
    this.profile = profile
    this.#names = names
    this.#writes = new WriteCompiler(this.feed)
  }

  get all(): Iterable<EntityTable> {
    return this.#tables.values()
  }

  /** `isHalfMigrated`: a change of the schema began and did not end, so nothing is read or written until it is applied again. */
  set(tables: readonly EntityTable[], isHalfMigrated = false): void {
    this.#isHalfMigrated = isHalfMigrated
    this.#tables = new Map(tables.map((table) => [table.def.name, table]))
    this.#writes = new WriteCompiler(this.feed)
  }

  /** The plan was carried out. */
  markApplied(): void {
    this.#isHalfMigrated = false
  }

  /** Writes with what their tables repeat of `json` fields. */
  filled(batch: readonly Write[]): readonly Write[] {
    const isPlain = batch.every(({ entity }) => this.require(entity).promoted.length === 0)
    return isPlain ? batch : batch.map((write) => filledWrite(this.require(write.entity), write))
  }

  /** Rows to load with what their table repeats of `json` fields. */
  filledRows(entity: string, rows: readonly NewRow[]): readonly NewRow[] {
    const table = this.require(entity)
    return table.promoted.length === 0 ? rows : rows.map((row) => filledRow(table, row))
  }

  /** Turns writes into statements on the present tables. */
  get writes(): WriteCompiler {
    return this.#writes
  }

  /** Whether rows of an entity may be tried to `copy`; false once the server has refused it. */
  mayCopy(entity: string): boolean {
    return !this.#copyRefused.has(entity)
  }

  refuseCopy(entity: string): void {
    this.#copyRefused.add(entity)
  }

  close(): void {
    this.#closed = true
  }

  /** The table of an entity. Throws `validation_failed` when the last plan did not name it, `storage_failed` after `close`. */
  require(entity: string): EntityTable {
    if (this.#isHalfMigrated) throw halfMigrated()
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

function halfMigrated(): CrmError {
  return new CrmError('storage_failed', 'A change of the schema was begun and not finished', {
    reason: 'schema_half_migrated',
    retriable: false,
    remedy: 'apply the plan again: it goes on where it was interrupted',
  })
}
