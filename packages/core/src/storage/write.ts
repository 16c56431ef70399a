import type { NewRow, Path, Scalar } from './row.js'

/**
 * One change within an atomic batch. A record (entity, id) appears at most once in a batch.
 *
 * - `insert` fails with `conflict` when the id exists.
 * - `patch` and `delete` fail with `not_found` when the row is missing, and with `conflict` when `ifVersion` differs.
 * - `patch.set` keys are declared paths; `null` makes a value absent; arrays and objects replace whole. `add` adds to a number
 *   (missing counts as 0); `max` and `min` keep the greater or smaller (missing gives way). A path is named once per patch.
 * - `touch: false` leaves `version` as it is, for derived fields; the change feed still advances.
 * - `upsert` inserts, or replaces all of the row and counts the version up.
 * - `check` changes nothing and fails with `conflict` unless the row is there, is not there, or has that version.
 */
export type Write =
  | { readonly do: 'insert'; readonly entity: string; readonly row: NewRow }
  | { readonly do: 'upsert'; readonly entity: string; readonly row: NewRow }
  | {
      readonly do: 'patch'
      readonly entity: string
      readonly id: string
      readonly set?: Readonly<Record<Path, unknown>>
      readonly add?: Readonly<Record<Path, number>>
      readonly max?: Readonly<Record<Path, Scalar>>
      readonly min?: Readonly<Record<Path, Scalar>>
      readonly ifVersion?: number
      readonly touch?: false
    }
  | { readonly do: 'delete'; readonly entity: string; readonly id: string; readonly ifVersion?: number }
  | { readonly do: 'check'; readonly entity: string; readonly id: string; readonly is: 'present' | 'absent' | number }

/** Outcome of one write, at the same position as the write. */
export interface WriteResult {
  readonly id: string
  /** Version after the write; for `delete` the last one, for `check` the one found (0 when absent). */
  readonly version: number
  /** New values of the paths named in `add`, `max` and `min`. */
  readonly values?: Readonly<Record<Path, Scalar>>
}

/** The id a write concerns. */
export function writtenId(write: Write): string {
  return write.do === 'insert' || write.do === 'upsert' ? write.row.id : write.id
}
