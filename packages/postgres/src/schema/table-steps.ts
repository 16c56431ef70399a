import { CrmError } from '@rapport/core/storage'
import type { Profile } from '../profile/profile.js'
import { feedTableSql } from '../sql-feed.js'
import { quoteIdentifier } from '../sql-identifier.js'
import type { CatalogueTable } from './catalogue.js'
import { distributeSql } from './distribution.js'
import { type MigrationStep, quickStep } from './migration-step.js'
import { columnSql, createTableSql, type EntityTable, isCustom, storedColumns } from './tables.js'

/** Size from which building an index would make writers wait noticeably: a mebibyte is built in some milliseconds. */
const largeBytes = 2 ** 20

/** What the steps of a table depend on besides the table. */
export interface TableStepContext {
  readonly schema: string
  readonly profile: Profile
}

/** The step that makes a new table with its indexes. */
export function createTableStep(table: EntityTable, { schema, profile }: TableStepContext): MigrationStep {
  return quickStep(
    `table:${table.name}`,
    `Creates the table of ${table.def.name} with ${table.indexes.length} indexes.`,
    [
      createTableSql(table, profile),
      ...distributeSql(profile, { byTenant: [table.sql], beside: feedTableSql(schema) }),
      ...table.indexes.map((index) => index.createSql(false)),
    ],
  )
}

/**
 * The steps that give a table the columns it lacks, and let values be missing that are no longer required. Throws `unsupported` when a
 * field changed its type.
 */
export function columnSteps(
  table: EntityTable,
  { columns }: CatalogueTable,
  { profile }: TableStepContext,
): MigrationStep[] {
  const stored = storedColumns(table)
  for (const { path, name, sqlType } of stored) {
    const found = columns.get(name)
    if (found && found.type !== sqlType) {
      throw new CrmError(
        'unsupported',
        `${table.def.name}.${path} is stored as ${found.type} and cannot become ${sqlType}`,
        { entity: table.def.name, field: path, remedy: 'declare a new field and copy the values' },
      )
    }
  }
  const added = stored.filter(({ name }) => !columns.has(name))
  const declared = new Map(stored.map((column) => [column.name, column]))
  const relaxed = [...columns].filter(
    ([name, { notNull }]) => notNull && name !== 'tenant_id' && !isRequired(table, declared.get(name)?.path),
  )
  const steps: MigrationStep[] = []
  if (added.length > 0) {
    const parts = added.map((column) => `add column if not exists ${columnSql(column, profile)}`)
    steps.push(
      quickStep(
        `column:${table.name}:${added.map(({ name }) => name).join(',')}`,
        `Adds ${added.map(({ path }) => path).join(', ')} to ${table.def.name}, without a value in rows that exist.`,
        [`alter table ${table.sql} ${parts.join(', ')}`],
      ),
    )
  }
  if (relaxed.length > 0) {
    const parts = relaxed.map(([name]) => `alter column ${quoteIdentifier(name)} drop not null`)
    steps.push(
      quickStep(
        `optional:${table.name}:${relaxed.map(([name]) => name).join(',')}`,
        `Lets rows of ${table.def.name} lack what is no longer required.`,
        [`alter table ${table.sql} ${parts.join(', ')}`],
      ),
    )
  }
  return steps
}

function isRequired(table: EntityTable, path: string | undefined): boolean {
  return path === 'id' || path === 'version' || (path !== undefined && table.def.fields[path]?.required === true)
}

/** The steps that build the indexes a table lacks, and drop those of an old definition or that a crash left half built. */
export function indexSteps(
  table: EntityTable,
  existing: CatalogueTable,
  { schema, profile }: TableStepContext,
): MigrationStep[] {
  const { indexes, brokenIndexes, bytes } = existing
  const { indexBuild, migrationLock } = profile
  const concurrently = indexBuild === 'concurrently' || (indexBuild === 'large' && bytes >= largeBytes)
  const run = concurrently ? 'alone' : 'transaction'
  const online = concurrently || migrationLock === 'lease'
  const drop = (name: string): string =>
    `drop index ${concurrently ? 'concurrently ' : ''}if exists ${quoteIdentifier(schema)}.${quoteIdentifier(name)}`
  const wanted = new Set(table.indexes.map(({ name }) => name))
  const missing = table.indexes.filter(({ name }) => !indexes.has(name))
  // An index of ours under an old definition may still refuse values that are allowed now, and so does one that is half built.
  const outdated = [...indexes, ...brokenIndexes].filter((name) => isOurs(table, name) && !wanted.has(name))
  return [
    ...missing.map(({ name, declared, createSql }): MigrationStep => {
      const isBroken = brokenIndexes.has(name)
      return {
        id: `index:${name}`,
        description:
          `Builds the index ${declared} of ${table.def.name}${isBroken ? ' anew, after a build that broke off' : ''}` +
          `${online ? '.' : '; writers wait meanwhile.'}`,
        sql: [...(isBroken ? [drop(name)] : []), createSql(concurrently)],
        online,
        destructive: false,
        run,
      }
    }),
    ...outdated.map(
      (name): MigrationStep => ({
        id: `drop-index:${name}`,
        description: `Drops an index of ${table.def.name} that is no longer asked for.`,
        sql: [drop(name)],
        online: true,
        destructive: false,
        run,
      }),
    ),
  ]
}

/** An index under the declared name of one that is still declared, of the custom fields or of a promoted one: only those are replaced. */
function isOurs(table: EntityTable, name: string): boolean {
  const stem = `ix_${table.name}_`
  if (!name.startsWith(stem) || !/_[0-9a-f]{8}$/.test(name)) return false
  const declared = name.slice(stem.length, -9)
  return (
    declared.startsWith('promoted_') ||
    table.def.indexes.some((index) => index.name === declared) ||
    (declared === 'custom_fields' && table.columns.some(isCustom))
  )
}
