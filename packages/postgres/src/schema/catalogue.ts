import type { PostgresConnection } from '../driver.js'

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
}

/** Reads the tables, columns and indexes of a schema, in three statements whatever their number. */
export async function readCatalogue(connection: PostgresConnection, schema: string): Promise<Catalogue> {
  const values = [schema]
  const { rows: found } = await connection.query({
    text: 'select 1 from pg_catalog.pg_namespace where nspname = $1::text',
    values,
  })
  const tables = new Map<string, { columns: Map<string, { type: string; notNull: boolean }>; indexes: Set<string> }>()
  if (found.length === 0) return { schemaExists: false, tables }
  const { rows: columns } = await connection.query({
    text:
      'select c.relname::text, a.attname::text, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull ' +
      'from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace ' +
      'join pg_catalog.pg_attribute a on a.attrelid = c.oid ' +
      "where n.nspname = $1::text and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped",
    values,
  })
  for (const [table, column, type, notNull] of columns as [string, string, string, boolean][]) {
    let entry = tables.get(table)
    if (!entry) {
      entry = { columns: new Map(), indexes: new Set() }
      tables.set(table, entry)
    }
    entry.columns.set(column, { type, notNull })
  }
  const { rows: indexes } = await connection.query({
    text:
      'select t.relname::text, i.relname::text from pg_catalog.pg_index x ' +
      'join pg_catalog.pg_class i on i.oid = x.indexrelid join pg_catalog.pg_class t on t.oid = x.indrelid ' +
      'join pg_catalog.pg_namespace n on n.oid = t.relnamespace where n.nspname = $1::text and x.indisvalid',
    values,
  })
  for (const [table, index] of indexes as [string, string][]) tables.get(table)?.indexes.add(index)
  return { schemaExists: true, tables }
}
