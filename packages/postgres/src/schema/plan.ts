import { CrmError, type EntityDef, type SchemaStep } from '@rapport/core/storage'
import { createFeedSql } from '../sql-feed.js'
import { fingerprint, quoteIdentifier } from '../sql-identifier.js'
import type { Catalogue, CatalogueTable } from './catalogue.js'
import { columnSql, createTableSql, type EntityTable, entityTable, isCustom } from './tables.js'

/** The tables of the definitions, as they are or will be once the plan is applied. */
export function tablesFor(target: readonly EntityDef[], schema: string, { tables }: Catalogue): EntityTable[] {
  return target.map((def) =>
    entityTable(
      def,
      schema,
      (table) => tables.has(table),
      (table, column) => tables.get(table)?.columns.get(column),
    ),
  )
}

/**
 * The steps from what is there to what is asked for. Nothing that holds data is ever dropped: a field that is no longer declared keeps its
 * column. Each step may be repeated without harm. Throws `unsupported` when a field changed its type.
 */
export function planSteps(
  target: readonly EntityDef[],
  tables: readonly EntityTable[],
  schema: string,
  catalogue: Catalogue,
): SchemaStep[] {
  const steps = [...schemaSteps(schema, catalogue), ...tables.flatMap((table) => tableSteps(table, schema, catalogue))]
  return steps.length === 0 ? [] : [...steps, recordStep(target, schema)]
}

/** Table that records which definitions were applied, and when. */
export function recordTableSql(schema: string): string {
  return `${quoteIdentifier(schema)}."rapport_schema"`
}

function schemaSteps(schema: string, { schemaExists, tables }: Catalogue): SchemaStep[] {
  if (schemaExists && tables.has('change') && tables.has('rapport_schema')) return []
  const record =
    `create table if not exists ${recordTableSql(schema)} (\n` +
    '  "id" bigint generated always as identity primary key,\n  "fingerprint" text not null,\n' +
    '  "applied_at" timestamp(3) with time zone not null default now()\n)'
  return [
    {
      id: 'schema',
      description: `Creates the schema ${schema} with the tables of the change feed and of applied definitions.`,
      sql: [
        ...(schemaExists ? [] : [`create schema if not exists ${quoteIdentifier(schema)}`]),
        record,
        ...createFeedSql(schema),
      ],
      online: true,
      destructive: false,
    },
  ]
}

function tableSteps(table: EntityTable, schema: string, catalogue: Catalogue): SchemaStep[] {
  const existing = catalogue.tables.get(table.name)
  if (!existing) {
    return [
      {
        id: `table:${table.name}`,
        description: `Creates the table of ${table.def.name} with ${table.indexes.length} indexes.`,
        sql: [createTableSql(table), ...table.indexes.map((index) => index.createSql)],
        online: true,
        destructive: false,
      },
    ]
  }
  return [...columnSteps(table, existing), ...indexSteps(table, schema, existing)]
}

function columnSteps(table: EntityTable, { columns }: CatalogueTable): SchemaStep[] {
  for (const { path, name, sqlType } of table.columns) {
    const found = columns.get(name)
    if (found && found.type !== sqlType) {
      throw new CrmError(
        'unsupported',
        `${table.def.name}.${path} is stored as ${found.type} and cannot become ${sqlType}`,
        {
          entity: table.def.name,
          field: path,
          remedy: 'declare a new field and copy the values',
        },
      )
    }
  }
  const added = table.columns.filter(({ name }) => !columns.has(name))
  const declared = new Map(table.columns.map((column) => [column.name, column]))
  const relaxed = [...columns].filter(
    ([name, { notNull }]) => notNull && name !== 'tenant_id' && !isRequired(table, declared.get(name)?.path),
  )
  const steps: SchemaStep[] = []
  if (added.length > 0) {
    steps.push({
      id: `column:${table.name}:${added.map(({ name }) => name).join(',')}`,
      description: `Adds ${added.map(({ path }) => path).join(', ')} to ${table.def.name}, without a value in rows that exist.`,
      sql: [
        `alter table ${table.sql} ${added.map((column) => `add column if not exists ${columnSql(column)}`).join(', ')}`,
      ],
      online: true,
      destructive: false,
    })
  }
  if (relaxed.length > 0) {
    steps.push({
      id: `optional:${table.name}:${relaxed.map(([name]) => name).join(',')}`,
      description: `Lets rows of ${table.def.name} lack what is no longer required.`,
      sql: [
        `alter table ${table.sql} ${relaxed.map(([name]) => `alter column ${quoteIdentifier(name)} drop not null`).join(', ')}`,
      ],
      online: true,
      destructive: false,
    })
  }
  return steps
}

function isRequired(table: EntityTable, path: string | undefined): boolean {
  return path === 'id' || path === 'version' || (path !== undefined && table.def.fields[path]?.required === true)
}

function indexSteps(table: EntityTable, schema: string, { indexes }: CatalogueTable): SchemaStep[] {
  const wanted = new Set(table.indexes.map(({ name }) => name))
  const missing = table.indexes.filter(({ name }) => !indexes.has(name))
  // An index of ours under an old definition may still refuse values that are allowed now.
  const outdated = [...indexes].filter((name) => isOurs(table, name) && !wanted.has(name))
  return [
    ...missing.map(
      ({ name, declared, createSql }): SchemaStep => ({
        id: `index:${name}`,
        description: `Builds the index ${declared} of ${table.def.name}; writers wait meanwhile.`,
        sql: [createSql],
        online: false,
        destructive: false,
      }),
    ),
    ...outdated.map(
      (name): SchemaStep => ({
        id: `drop-index:${name}`,
        description: `Drops an index of ${table.def.name} whose definition changed.`,
        sql: [`drop index if exists ${quoteIdentifier(schema)}.${quoteIdentifier(name)}`],
        online: true,
        destructive: false,
      }),
    ),
  ]
}

/** An index under the declared name of one that is still declared, or of the custom fields: only those are replaced. */
function isOurs(table: EntityTable, name: string): boolean {
  const declared = [
    ...table.def.indexes.map((index) => index.name),
    ...(table.columns.some(isCustom) ? ['custom_fields'] : []),
  ]
  return declared.some((index) => {
    const stem = `ix_${table.name}_${index}_`
    return name.startsWith(stem) && /^[0-9a-f]{8}$/.test(name.slice(stem.length))
  })
}

function recordStep(target: readonly EntityDef[], schema: string): SchemaStep {
  const print = fingerprint(JSON.stringify(target))
  return {
    id: `record:${print}`,
    description: 'Records which definitions were applied.',
    sql: [`insert into ${recordTableSql(schema)} ("fingerprint") values ('${print}')`],
    online: true,
    destructive: false,
  }
}
