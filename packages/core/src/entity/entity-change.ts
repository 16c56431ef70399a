import type { Path, Row, Scalar } from '../storage/row.js'
import { sameValue } from './canonical-json.js'
import type { PlannedEvent } from './domain-event.js'

/**
 * What a planner wants changed. Plans are plain data: services add them up and commit them as one batch.
 *
 * `implied` marks a change that follows from another one of the same command whose right is checked. `namedBy` is the field of
 * the input that holds the id, so that the error names it when there is no such record.
 */
export type EntityChange =
  | {
      readonly kind: 'create'
      readonly entity: string
      readonly id: string
      readonly values: Readonly<Record<Path, unknown>>
      readonly events?: readonly PlannedEvent[]
      readonly implied?: boolean
    }
  | {
      readonly kind: 'update'
      readonly entity: string
      /** The row as it was read; the commit fails when it has changed since. */
      readonly before: Row
      /** New values by path; `null` clears. Values equal to the old ones are left out by the commit. */
      readonly values: Readonly<Record<Path, unknown>>
      readonly events?: readonly PlannedEvent[]
      readonly implied?: boolean
      /** The journal names the changed fields but keeps no value of them: they are erased. */
      readonly erases?: boolean
    }
  | {
      readonly kind: 'delete' | 'restore'
      readonly entity: string
      readonly before: Row
      readonly events?: readonly PlannedEvent[]
      readonly implied?: boolean
    }
  /** Writes a projection whole, whether or not it exists. */
  | {
      readonly kind: 'project'
      readonly entity: string
      readonly id: string
      readonly values: Readonly<Record<Path, unknown>>
    }
  /** Removes a projection. */
  | { readonly kind: 'unproject'; readonly entity: string; readonly id: string }
  /** Sets derived fields: no version, no journal, so it conflicts with nobody. Several for one record add up. */
  | ({ readonly kind: 'derive'; readonly entity: string; readonly id: string; readonly namedBy?: string } & Derivation)
  /** Makes the batch fail unless the record is there, is not, or is at a version, which nothing else in the batch may change. */
  | {
      readonly kind: 'require'
      readonly entity: string
      readonly id: string
      readonly is: 'present' | 'absent' | number
      readonly namedBy?: string
    }

/** Derived values to set, add to, or raise and lower. */
export interface Derivation {
  readonly set?: Readonly<Record<Path, unknown>>
  readonly add?: Readonly<Record<Path, number>>
  readonly max?: Readonly<Record<Path, Scalar>>
  readonly min?: Readonly<Record<Path, Scalar>>
}

/** The id of the record a change concerns. */
export function changedId(change: EntityChange): string {
  return 'before' in change ? change.before.id : change.id
}

/** Whether a plan leaves anything different for people; what is merely derived or required does not count. */
export function changesSomething(changes: readonly EntityChange[]): boolean {
  return changes.some((change) =>
    change.kind === 'update'
      ? Object.entries(change.values).some(([path, value]) => !sameValue(change.before[path], value))
      : change.kind !== 'derive' && change.kind !== 'require',
  )
}
