import * as z from 'zod/mini'
import { defineEntity } from '../entity/entity.js'
import { int, structured, text } from '../entity/field.js'
import { deriveId } from '../kernel/id.js'
import type { Row, Scalar } from '../storage/row.js'

/** A record that changed hands: its id, the version that made it, and who owned it before. */
export type MovedRecord = readonly [id: string, version: number, from: string]

/**
 * Up to 1,000 records that changed hands at once. Written in the same batch as they, so each is moved and counted once, wherever a
 * process dies; what takes them back reads it.
 */
export const ownerMoveEntity = defineEntity({
  name: 'ownerMove',
  kind: 'projection',
  schema: z.strictObject({
    runId: text(),
    /** Counts from 0. */
    sequence: int({ min: 0 }),
    object: text(),
    moved: structured(z.array(z.unknown())),
    /** Order values of the last record: where the next batch begins. */
    place: structured(z.array(z.unknown())),
    /** How many were given back, and how many were not; missing until the run is taken back. */
    returned: z.optional(int({ min: 0 })),
    kept: z.optional(int({ min: 0 })),
  }),
  access: { reach: 'tenant' },
  indexes: [{ name: 'run', on: ['runId', 'sequence'] }],
})

/** A batch as it is stored. */
export type OwnerMove = Row & {
  readonly runId: string
  readonly sequence: number
  readonly object: string
  readonly moved: readonly MovedRecord[]
  readonly place: readonly (Scalar | null)[]
  readonly returned?: number
  readonly kept?: number
}

/** The id of a batch follows from its place, so that it is written once. */
export function ownerMoveId(runId: string, sequence: number): string {
  return deriveId('ownerMove', runId, String(sequence))
}
