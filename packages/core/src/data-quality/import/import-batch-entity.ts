import * as z from 'zod/mini'
import { defineEntity } from '../../entity/entity.js'
import { bool, int, structured, text } from '../../entity/field.js'
import { deriveId } from '../../kernel/id.js'
import type { Row } from '../../storage/row.js'
import type { Cell } from './coerce-cell.js'
import type { ImportRowError, RowCounts, UndoConflict } from './import-report.js'

/** A row of the file: its number, counted from 1 with the header, and the cells of the mapped columns. */
export type StagedRow = readonly [row: number, cells: readonly Cell[]]

/** A record that the import changed, and the version the change made. */
export type ChangedRecord = readonly [id: string, version: number]

/** A record of another kind that the import made. */
export type OtherRecord = readonly [entity: string, id: string, by: string]

/**
 * Up to 250 rows of an import. What became of them is written in the same batch as the records, so a row is imported once,
 * wherever a process dies. The rows themselves are dropped when they are done; the ids stay, for the undo.
 */
export const importBatchEntity = defineEntity({
  name: 'importBatch',
  kind: 'projection',
  schema: z.strictObject({
    importId: text(),
    /** Counts from 0. */
    sequence: int({ min: 0 }),
    /** Rows that are left to do. */
    rows: z.optional(structured(z.array(z.unknown()), { personal: true })),
    /** How many of the rows are done. */
    done: int({ min: 0 }),
    created: structured(z.array(z.unknown())),
    updated: structured(z.array(z.unknown())),
    /** Records of other kinds that came with those, such as the role of a person in a company. */
    others: z.optional(structured(z.array(z.unknown()))),
    counts: structured(z.record(z.string(), z.number())),
    errors: structured(z.array(z.unknown())),
    undone: bool(),
    conflicts: structured(z.array(z.unknown())),
  }),
  access: { reach: 'tenant' },
  indexes: [{ name: 'import', on: ['importId', 'sequence'] }],
})

/** A batch as it is stored. */
export type ImportBatch = Row & {
  readonly importId: string
  readonly sequence: number
  readonly rows?: readonly StagedRow[]
  readonly done: number
  readonly created: readonly ChangedRecord[]
  readonly updated: readonly ChangedRecord[]
  readonly others?: readonly OtherRecord[]
  readonly counts: RowCounts
  readonly errors: readonly ImportRowError[]
  readonly undone: boolean
  readonly conflicts: readonly UndoConflict[]
}

/** The id of a batch follows from its place, so no search is needed to find it. */
export function importBatchId(importId: string, sequence: number): string {
  return deriveId('importBatch', importId, String(sequence))
}
