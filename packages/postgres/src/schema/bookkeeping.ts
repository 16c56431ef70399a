import { CrmError, type EntityDef } from '@rapport/core/storage'
import type { PostgresConnection } from '../driver.js'
import type { Profile } from '../profile/profile.js'
import { createFeedSql, feedTableSql } from '../sql-feed.js'
import { fingerprint, quoteIdentifier } from '../sql-identifier.js'
import type { Catalogue } from './catalogue.js'
import { distributeSql } from './distribution.js'
import { isNewerVersion, libraryVersion } from './library-version.js'
import { type MigrationStep, quickStep } from './migration-step.js'

const schemaTable = 'rapport_schema'
const stepTable = 'rapport_schema_step'

/** Table with one row for each change of the schema: what was asked for, by which library, and whether it is still under way. */
export function schemaTableSql(schema: string): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(schemaTable)}`
}

/** Table with one row for each step that was carried out. */
export function stepTableSql(schema: string): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(stepTable)}`
}

/** What the bookkeeping says of a schema. */
export interface SchemaState {
  /** A change of the schema has begun and not ended. */
  readonly isPending: boolean
}

/** Reads the bookkeeping. Throws `storage_failed` when a newer version of the library has changed the schema. */
export async function readSchemaState(
  connection: PostgresConnection,
  schema: string,
  { tables }: Catalogue,
): Promise<SchemaState> {
  if (!tables.get(schemaTable)?.columns.has('library')) return { isPending: false }
  const { rows } = await connection.query({
    text: `select "library", bool_or("pending") from ${schemaTableSql(schema)} group by 1`,
    values: [],
  })
  const newest = rows.reduce(
    (latest, [library]) => (typeof library === 'string' && isNewerVersion(library, latest) ? library : latest),
    libraryVersion,
  )
  if (newest !== libraryVersion) {
    throw new CrmError('storage_failed', 'The schema was changed by a newer version of the library', {
      reason: 'schema_newer',
      retriable: false,
      remedy: `use version ${newest} of @rapport/postgres, or a newer one`,
    })
  }
  return { isPending: rows.some(([, pending]) => pending === true) }
}

/** The steps that make the schema with the tables of the change feed and of the bookkeeping, or bring those up to date. */
export function bookkeepingSteps(
  schema: string,
  profile: Profile,
  { schemaExists, tables }: Catalogue,
): MigrationStep[] {
  const feed = tables.get('change')
  const record = tables.get(schemaTable)
  if (schemaExists && feed && record && tables.has(stepTable)) {
    return feed.columns.has('at') && record.columns.has('library') ? [] : [upgradeStep(schema)]
  }
  const sql = [
    ...(schemaExists ? [] : [`create schema if not exists ${quoteIdentifier(schema)}`]),
    `create table if not exists ${schemaTableSql(schema)} (\n` +
      '  "id" bigint generated always as identity primary key,\n  "fingerprint" text not null,\n' +
      '  "applied_at" timestamp(3) with time zone not null default now(),\n' +
      '  "library" text,\n  "pending" boolean not null default false\n)',
    `create table if not exists ${stepTableSql(schema)} (\n` +
      '  "id" bigint generated always as identity primary key,\n  "step" text not null,\n' +
      '  "library" text not null,\n  "applied_at" timestamp(3) with time zone not null default now()\n)',
    ...createFeedSql(schema, profile),
    ...(record || feed ? upgradeStep(schema).sql : []),
    ...distributeSql(profile, {
      shared: [...(record ? [] : [schemaTableSql(schema)]), stepTableSql(schema)],
      byTenant: feed ? [] : [feedTableSql(schema)],
    }),
  ]
  return [
    quickStep(
      'schema',
      `Creates the schema ${schema} with the tables of the change feed and of the changes of the schema.`,
      sql,
    ),
  ]
}

/** What the tables of 0.1.0 lack. */
function upgradeStep(schema: string): MigrationStep {
  return quickStep('schema:columns', 'Adds what the tables of the change feed and of the bookkeeping lack.', [
    `alter table ${schemaTableSql(schema)} add column if not exists "library" text, add column if not exists "pending" boolean not null default false`,
    `alter table ${feedTableSql(schema)} add column if not exists "at" timestamp(3) with time zone not null default now()`,
  ])
}

/** Notes that a change of the schema has begun. */
export function beginStep(target: readonly EntityDef[], schema: string): MigrationStep {
  const print = fingerprint(JSON.stringify(target))
  return quickStep(`begin:${print}`, 'Notes that a change of the schema has begun, and by which version.', [
    `insert into ${schemaTableSql(schema)} ("fingerprint", "library", "pending") values ('${print}', '${libraryVersion}', true)`,
  ])
}

/** Notes that the change of the schema is complete. */
export function finishStep(target: readonly EntityDef[], schema: string): MigrationStep {
  const print = fingerprint(JSON.stringify(target))
  return quickStep(`finish:${print}`, 'Notes that the change of the schema is complete.', [
    `update ${schemaTableSql(schema)} set "pending" = false, "applied_at" = now() where "pending"`,
  ])
}

/** Notes that a step was carried out. */
export async function recordStep(connection: PostgresConnection, schema: string, id: string): Promise<void> {
  await connection.query({
    text: `insert into ${stepTableSql(schema)} ("step", "library") values ($1::text, $2::text)`,
    values: [id, libraryVersion],
  })
}
