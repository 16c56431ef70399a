import type { SchemaStep } from '@rapport/core/storage'
import type { EntityTable } from './tables.js'

/** Rows whose column of a promoted place is not what it must be yet. */
export interface Backfill {
  readonly table: EntityTable
  readonly column: EntityTable['promoted'][number]
}

/** A step of a plan, and how it is carried out. Carried out twice, it changes nothing the second time. */
export interface MigrationStep extends SchemaStep {
  readonly sql: readonly string[]
  /** In one `transaction` where definitions can be undone; each statement `alone`, because it cannot stand in one; or in `batches`. */
  readonly run: 'transaction' | 'alone' | 'batches'
  readonly backfill?: Backfill
}

/** A step in one transaction that readers and writers hardly notice. */
export function quickStep(id: string, description: string, sql: readonly string[]): MigrationStep {
  return { id, description, sql, online: true, destructive: false, run: 'transaction' }
}
