import type { EntityDef } from '@rapport/core/storage'
import type { PostgresConnection } from '../driver.js'
import type { Profile } from '../profile/profile.js'
import { feedTableSql } from '../sql-feed.js'
import { beginStep, bookkeepingSteps, finishStep, readSchemaState } from './bookkeeping.js'
import { type Catalogue, readCatalogue } from './catalogue.js'
import type { MigrationStep } from './migration-step.js'
import { promotedInCatalogue, promotionSteps } from './promotion-steps.js'
import { rowSecuritySteps } from './row-security.js'
import { columnSteps, createTableStep, indexSteps, type TableStepContext } from './table-steps.js'
import { type EntityTable, entityTable, type PromotedColumn } from './tables.js'

/** How a storage wants its schema, besides the definitions. */
export interface SchemaSettings {
  readonly schema: string
  readonly profile: Profile
  /** Fields that have columns of their own; what is promoted stays so when left out. */
  readonly promote?: readonly PromotedColumn[] | undefined
  /** When left out, off, and to be refused where it is on. */
  readonly rowLevelSecurity?: boolean | undefined
}

/** What a schema needs, and the tables it will have then. */
export interface PlannedSchema {
  readonly tables: readonly EntityTable[]
  readonly steps: readonly MigrationStep[]
  /** A change of the schema began, did not end, and some of it is left to do. */
  readonly isHalfMigrated: boolean
}

/**
 * Compares a schema with what is asked for. Nothing that holds data is ever dropped: a field that is no longer declared keeps its
 * column. Throws `unsupported` when a field changed its type, `storage_failed` when a newer version of the library made the schema.
 */
export async function planSchema(
  connection: PostgresConnection,
  target: readonly EntityDef[],
  settings: SchemaSettings,
): Promise<PlannedSchema> {
  const { schema, profile } = settings
  const catalogue = await readCatalogue(connection, schema, profile)
  const { isPending } = await readSchemaState(connection, schema, catalogue)
  const tables = tablesFor(target, settings, catalogue)
  const bookkeeping = bookkeepingSteps(schema, profile, catalogue)
  const work = stepsFor(tables, settings, catalogue)
  if (bookkeeping.length + work.length === 0 && !isPending) return { tables, steps: [], isHalfMigrated: false }
  const steps = [...bookkeeping, beginStep(target, schema), ...work, finishStep(target, schema)]
  return { tables, steps, isHalfMigrated: isPending }
}

/** The tables of the definitions, as they are or will be once the plan is applied. */
export function tablesFor(
  target: readonly EntityDef[],
  { schema, profile, promote }: SchemaSettings,
  catalogue: Catalogue,
): EntityTable[] {
  const { tables } = catalogue
  const promoted = promote ?? promotedInCatalogue(target, catalogue)
  return target.map((def) =>
    entityTable(def, schema, {
      profile,
      promoted,
      tableExists: (table) => tables.has(table),
      existing: (table, column) => tables.get(table)?.columns.get(column),
    }),
  )
}

function stepsFor(tables: readonly EntityTable[], settings: SchemaSettings, catalogue: Catalogue): MigrationStep[] {
  const { schema, profile, rowLevelSecurity } = settings
  const context: TableStepContext = { schema, profile }
  const secured = [{ name: 'change', sql: feedTableSql(schema) }, ...tables]
  return [
    ...tables.flatMap((table) => {
      const existing = catalogue.tables.get(table.name)
      if (!existing) return [createTableStep(table, context)]
      return [
        ...columnSteps(table, existing, context),
        ...promotionSteps(table, existing),
        ...indexSteps(table, existing, context),
      ]
    }),
    ...rowSecuritySteps(secured, catalogue, rowLevelSecurity),
  ]
}
