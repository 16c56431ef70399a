import type { PostgresConnection } from '../driver.js'
import type { Profile } from '../profile/profile.js'

/** What a schema of the database holds, as far as this adapter looks at it. */
export interface Catalogue {
  readonly schemaExists: boolean
  readonly tables: ReadonlyMap<string, CatalogueTable>
}

/** One table of the catalogue. */
export interface CatalogueTable {
  readonly columns: ReadonlyMap<string, { readonly type: string; readonly notNull: boolean }>
  /** Names of the indexes that are complete. */
  readonly indexes: ReadonlySet<string>
  /** Names of indexes that nobody reads, because building them broke off or goes on. */
  readonly brokenIndexes: ReadonlySet<string>
  /** Check constraints by name, and whether all rows are known to keep them. */
  readonly checks: ReadonlyMap<string, { readonly validated: boolean }>
  /** Policies of row-level security. */
  readonly policies: ReadonlySet<string>
  /** Whether row-level security is on, for the owner of the table too. */
  readonly isSecured: boolean
  /** Size without indexes; 0 where the engine is not asked. */
  readonly bytes: number
}

interface Reading {
  readonly columns: Map<string, { type: string; notNull: boolean }>
  readonly indexes: Set<string>
  readonly brokenIndexes: Set<string>
  readonly checks: Map<string, { validated: boolean }>
  readonly policies: Set<string>
  readonly isSecured: boolean
  readonly bytes: number
}

/** Reads the tables of a schema with all that belongs to them, in six statements whatever their number. */
export async function readCatalogue(
  connection: PostgresConnection,
  schema: string,
  { indexBuild }: Profile,
): Promise<Catalogue> {
  const tables = new Map<string, Reading>()
  const read = async (text: string): Promise<readonly (readonly unknown[])[]> =>
    (await connection.query({ text, values: [schema] })).rows
  const found = await read('select 1 from pg_catalog.pg_namespace where nspname = $1::text')
  if (found.length === 0) return { schemaExists: false, tables }
  const ofTables =
    'join pg_catalog.pg_namespace n on n.oid = t.relnamespace ' +
    "where n.nspname = $1::text and t.relkind in ('r', 'p')"

  const bytes = indexBuild === 'large' ? 'pg_catalog.pg_relation_size(t.oid)' : '0'
  for (const [table, size, enabled, forced] of await read(
    `select t.relname::text, ${bytes}::bigint, t.relrowsecurity, t.relforcerowsecurity from pg_catalog.pg_class t ${ofTables}`,
  )) {
    tables.set(table as string, {
      columns: new Map(),
      indexes: new Set(),
      brokenIndexes: new Set(),
      checks: new Map(),
      policies: new Set(),
      isSecured: enabled === true && forced === true,
      bytes: Number(size),
    })
  }
  for (const [table, column, type, notNull] of await read(
    'select t.relname::text, a.attname::text, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull ' +
      `from pg_catalog.pg_class t join pg_catalog.pg_attribute a on a.attrelid = t.oid ${ofTables} ` +
      'and a.attnum > 0 and not a.attisdropped',
  )) {
    tables.get(table as string)?.columns.set(column as string, { type: type as string, notNull: notNull === true })
  }
  for (const [table, index, valid] of await read(
    'select t.relname::text, i.relname::text, x.indisvalid from pg_catalog.pg_index x ' +
      `join pg_catalog.pg_class i on i.oid = x.indexrelid join pg_catalog.pg_class t on t.oid = x.indrelid ${ofTables}`,
  )) {
    tables.get(table as string)?.[valid === true ? 'indexes' : 'brokenIndexes'].add(index as string)
  }
  for (const [table, check, validated] of await read(
    'select t.relname::text, k.conname::text, k.convalidated from pg_catalog.pg_constraint k ' +
      `join pg_catalog.pg_class t on t.oid = k.conrelid ${ofTables} and k.contype = 'c'`,
  )) {
    tables.get(table as string)?.checks.set(check as string, { validated: validated === true })
  }
  for (const [table, policy] of await read(
    'select t.relname::text, p.polname::text from pg_catalog.pg_policy p ' +
      `join pg_catalog.pg_class t on t.oid = p.polrelid ${ofTables}`,
  )) {
    tables.get(table as string)?.policies.add(policy as string)
  }
  return { schemaExists: true, tables }
}
