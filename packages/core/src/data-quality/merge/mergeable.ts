import type { Entity } from '../../entity/entity.js'
import type { EntityChange } from '../../entity/entity-change.js'
import type { SessionContext } from '../../entity/session-context.js'
import type { Path, Row } from '../../storage/row.js'

/** An entry of a list of a record, such as an e-mail address with its marks. */
export type ListEntry = Readonly<Record<string, unknown>>

/** How the entries of one list are told apart and joined. */
export interface ListRules {
  /** Entries with the same key are one. */
  key(entry: ListEntry): string
  /** How an entry is written among others, where two may say the same in different forms. */
  among?(entries: readonly ListEntry[]): (entry: ListEntry) => ListEntry
  /** Two entries with the same key; of marks that restrict, both count. */
  join(kept: ListEntry, other: ListEntry): ListEntry
  /** Brings a joined list in order: one entry is primary, say. */
  finish(entries: readonly ListEntry[]): readonly ListEntry[]
}

/** A live record before and after a change of several at once; absent where it is not live. */
export interface RecordTurn {
  readonly id: string
  readonly before?: Readonly<Record<Path, unknown>>
  readonly after?: Readonly<Record<Path, unknown>>
}

/** What merging must know of a kind of record beyond its entity. Made by the domain that owns it. */
export interface Mergeable {
  readonly entity: Entity
  /** Lists of objects, by path. */
  readonly lists: Readonly<Record<Path, ListRules>>
  /** Fields with ordered values of which the furthest is kept. */
  readonly furthest: Readonly<Record<Path, readonly string[]>>
  /** Derived fields by how those of several records make one. */
  readonly totals: { readonly add: readonly Path[]; readonly min: readonly Path[]; readonly max: readonly Path[] }
  /** Derived fields that no longer say anything of a merged record. */
  readonly dropped: readonly Path[]
  /** What goes with changes of several records in one batch: their index rows and names. Removals come first. */
  planFollowing(turns: readonly RecordTurn[]): EntityChange[]
  /** What one of the records was refused, so that the merged one must be; plain data without personal values. */
  findRestrictions?(context: SessionContext, ids: readonly string[]): Promise<readonly unknown[]>
  /** The records that state these restrictions of the merged record. */
  planRestrictions?(context: SessionContext, survivorId: string, restrictions: readonly unknown[]): EntityChange[]
  /** Computes the totals of a record anew from what refers to it. */
  settleTotals?(context: SessionContext, id: string): Promise<void>
}

/** The kinds of record that can be merged, and what they share. */
export interface MergeKinds {
  readonly byName: Readonly<Record<string, Mergeable>>
  /** The line of the timeline that shows the same record to another subject. */
  planLine(line: Row, subject: { readonly type: string; readonly id: string }): EntityChange[]
  /** Takes a record's line out of a subject's timeline. */
  planLineRemoval(line: Row): EntityChange[]
}
