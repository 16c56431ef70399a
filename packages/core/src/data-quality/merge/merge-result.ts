import type { Run } from '../../entity/run-entity.js'
import type { FieldChoice } from './merge-fields.js'

/** What a merge does, or would do. */
export interface MergePreview {
  readonly survivorId: string
  readonly mergedIds: readonly string[]
  /** Every field of the result: whose value it is and why. */
  readonly fields: readonly FieldChoice[]
  /** Fields in which the records differ and nobody said what to keep; the survivor's value is kept. */
  readonly conflicts: readonly string[]
  /** How many records of each kind refer to the merged ones, and will refer to the survivor. */
  readonly relations: Readonly<Record<string, number>>
}

/** A merge that was carried out, or is being. */
export interface MergeResult extends MergePreview {
  /** Takes the merge back: `unmerge(mergeId)`. */
  readonly mergeId: string
  /** There are too many relations for one batch: the merge is complete when this run is. */
  readonly run?: Run
}

/** What taking a merge back did, or would do. */
export interface UnmergeResult {
  readonly mergeId: string
  readonly survivorId: string
  /** The records that are there again. */
  readonly restoredIds: readonly string[]
  /** Fields of the survivor that the merge had changed and somebody changed again since: that edit is kept. */
  readonly conflicts: readonly string[]
  /** Relations that somebody changed since, so that they stay as they are. */
  readonly kept: number
  /** There are too many relations for one batch: all is back when this run is done, and its result tells `conflicts` and `kept`. */
  readonly run?: Run
}

/** Which merge a run is about. */
export interface MergeRunParams {
  readonly mergeId: string
}
