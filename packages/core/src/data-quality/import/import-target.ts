import type { Entity } from '../../entity/entity.js'
import type { EntityChange } from '../../entity/entity-change.js'
import type { SessionContext } from '../../entity/session-context.js'
import type { Path, Row } from '../../storage/row.js'

/** The input of one row, as the entity's service would take it. */
export type RowInput = Readonly<Record<string, unknown>>

/** Ids of live records by key; several where a key is ambiguous. Keys that nobody has are left out. */
export type KeyOwners = ReadonlyMap<string, readonly string[]>

/** Who has these keys, in a fixed number of reads. Deleted records have none. */
export type FindOwners = (context: SessionContext, keys: readonly string[]) => Promise<KeyOwners>

/** A way to tell which record a row means. */
export interface MatchKey {
  /** The field that a column must be mapped to. */
  readonly field: Path
  /** The key of a row's input, made as the storage's own uniqueness makes it. */
  keyOf(input: RowInput): string | undefined
  readonly find: FindOwners
}

/** Values that no two live records share, whatever rows are matched on. */
export interface UniqueValues {
  readonly field: Path
  keysOf(input: RowInput): readonly string[]
  /** Where it is that of the match key, both are asked together. */
  readonly find: FindOwners
}

/** Entities that files are imported into, by name. */
export type ImportTargets = ReadonlyMap<string, ImportTarget>

/** An entity that files are imported into. The domains plan; the import adds up and commits. */
export interface ImportTarget {
  readonly entity: Entity
  planNew(
    context: SessionContext,
    input: RowInput,
  ): Promise<{ readonly id: string; readonly changes: readonly EntityChange[] }>
  planChange(context: SessionContext, before: Row, patch: RowInput): Promise<readonly EntityChange[]>
  /** What goes with a record that is deleted. */
  planRemoval(context: SessionContext, row: Row): Promise<readonly EntityChange[]>
  /** Makes sums true that others may have changed meanwhile. Called once changes are committed; may be called in vain. */
  settle?(context: SessionContext, changes: readonly EntityChange[]): Promise<void>
  /** Everyday names of fields: `{ email: 'emails' }`. */
  readonly aliases: Readonly<Record<string, Path>>
  /** Keys of its own by name; the id and custom fields are keys of every entity. */
  readonly matchKeys: Readonly<Record<string, MatchKey>>
  readonly unique: readonly UniqueValues[]
}
