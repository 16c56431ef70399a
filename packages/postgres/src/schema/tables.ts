import { type EntityDef, type FieldType, type IndexDef, invalidField, parseOrderTerm } from '@rapport/core/storage'
import {
  byteLength,
  columnName,
  fingerprint,
  identifierBytes,
  quoteIdentifier,
  shortenIdentifier,
  tableName,
} from '../sql-identifier.js'

/** A declared field as a column. */
export interface TableColumn {
  /** Declared path, as it stands in rows. */
  readonly path: string
  readonly name: string
  /** Quoted name. */
  readonly sql: string
  readonly type: FieldType
  /** Type as the catalogue spells it; see {@link columnTypes}. */
  readonly sqlType: string
  /** Whether the column itself refuses a missing value, so that both directions of an order can share an index. */
  readonly notNull: boolean
}

/** A declared index with the statement that makes it. */
export interface TableIndex {
  /** Physical name; ends with a fingerprint of the definition, so that a changed definition is another index. */
  readonly name: string
  /** Name in the definition of the entity, which errors speak of. */
  readonly declared: string
  readonly unique: boolean
  readonly on: readonly string[]
  readonly createSql: string
}

/** An entity as a table. Pure description: the same definition always gives the same table. */
export interface EntityTable {
  readonly def: EntityDef
  readonly name: string
  /** Quoted, with the schema. */
  readonly sql: string
  readonly primaryKey: string
  /** `id` and `version` first, then the declared fields. */
  readonly columns: readonly TableColumn[]
  /** All columns as a select list. */
  readonly selectList: string
  readonly column: (path: string) => TableColumn | undefined
  readonly indexes: readonly TableIndex[]
}

/** Column type of each field type, as `format_type` of the catalogue spells it. */
const columnTypes: Readonly<Record<FieldType, string>> = {
  text: 'text',
  int: 'bigint',
  float: 'double precision',
  bool: 'boolean',
  instant: 'timestamp(3) with time zone',
  'text[]': 'text[]',
  json: 'jsonb',
}

/** What exists already and stays as it is: whether a column of a table refuses missing values. `undefined`: not there. */
export type ExistingColumn = (table: string, column: string) => { readonly notNull: boolean } | undefined

/**
 * The table of an entity in a schema. A required field is `not null` where the table is new; in a table that exists it is so only
 * if the column already is, because rows from before may lack it.
 */
export function entityTable(
  def: EntityDef,
  schema: string,
  tableExists: (table: string) => boolean = () => false,
  existing: ExistingColumn = () => undefined,
): EntityTable {
  const name = tableName(def.name)
  const isNew = !tableExists(name)
  const columns: TableColumn[] = [column('id', 'text', true), column('version', 'int', true)]
  for (const [path, field] of Object.entries(def.fields)) {
    if (path === 'id' || path === 'version') continue
    if (byteLength(path) > identifierBytes)
      throw invalidField(path, 'a field that is stored in a column has at most 63 bytes in its path')
    const required = field.required === true
    columns.push(column(path, field.type, required && (isNew || existing(name, columnName(path))?.notNull === true)))
  }
  const byPath = new Map(columns.map((entry) => [entry.path, entry]))
  const table = { def, name, sql: `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`, columns }
  const find = (path: string): TableColumn | undefined => byPath.get(path)
  return {
    ...table,
    primaryKey: shortenIdentifier(`pk_${name}`),
    column: find,
    selectList: columns.map(({ sql }) => sql).join(', '),
    indexes: [
      ...def.indexes.map((index) => tableIndex(table, find, index)),
      ...columns.filter(isCustom).map((custom) => customIndex(table, custom)),
    ],
  }
}

/** Custom fields are found by equality: one index answers for all of them. */
export function isCustom({ path, type }: TableColumn): boolean {
  return path === 'custom' && type === 'json'
}

/** Definition of a column within `create table` and `add column`. */
export function columnSql({ sql, type, sqlType, notNull }: TableColumn): string {
  const collation = type === 'text' || type === 'text[]' ? ' collate "C"' : ''
  return `${sql} ${sqlType}${collation}${notNull ? ' not null' : ''}`
}

/** The statement that makes the table, without its indexes. */
export function createTableSql(table: EntityTable): string {
  const columns = ['"tenant_id" text collate "C" not null', ...table.columns.map(columnSql)]
  const key = `constraint ${quoteIdentifier(table.primaryKey)} primary key ("tenant_id", "id")`
  return `create table if not exists ${table.sql} (\n  ${[...columns, key].join(',\n  ')}\n)`
}

/** How a term is sorted: a missing value last in both directions; where none can be missing, as PostgreSQL does by itself. */
export function termDirection(notNull: boolean, descending: boolean): string {
  if (!descending) return ' asc'
  return notNull ? ' desc' : ' desc nulls last'
}

function column(path: string, type: FieldType, notNull: boolean): TableColumn {
  const name = columnName(path)
  return { path, name, sql: quoteIdentifier(name), type, sqlType: columnTypes[type], notNull }
}

type TableHead = Pick<EntityTable, 'def' | 'name' | 'sql'>

function tableIndex(table: TableHead, find: EntityTable['column'], index: IndexDef): TableIndex {
  const terms = index.on.map((term) => {
    const { path, descending } = parseOrderTerm(term)
    const found = find(path)
    if (!found)
      throw invalidField(path, `the index ${index.name} of ${table.def.name} names a field that is not declared`)
    return { ...found, descending }
  })
  const conditions: string[] = []
  if (index.live && find('deletedAt')) conditions.push(`${find('deletedAt')!.sql} is null`)
  const kind = index.kind ?? 'order'
  let keys: string
  if (kind === 'order') {
    const parts = terms.map((term) => term.sql + termDirection(term.notNull, term.descending))
    if (index.unique) conditions.push(...terms.filter((term) => !term.notNull).map((term) => `${term.sql} is not null`))
    else if (!terms.some((term) => term.path === 'id')) {
      parts.push(`"id"${termDirection(true, terms.at(-1)?.descending === true)}`)
    }
    keys = `(${['"tenant_id"', ...parts].join(', ')})`
  } else {
    keys = `using gin (${terms.map((term) => term.sql).join(', ')})`
  }
  const where = conditions.length > 0 ? ` where ${conditions.join(' and ')}` : ''
  const paths = terms.map((term) => term.path)
  return physicalIndex(table, index.name, index.unique === true, paths, keys + where)
}

function customIndex(table: TableHead, { path, sql }: TableColumn): TableIndex {
  return physicalIndex(table, 'custom_fields', false, [path], `using gin (${sql} jsonb_path_ops)`)
}

function physicalIndex(
  table: TableHead,
  declared: string,
  unique: boolean,
  on: readonly string[],
  body: string,
): TableIndex {
  const name = shortenIdentifier(`ix_${table.name}_${declared}_${fingerprint(body).slice(0, 8)}`)
  const createSql = `create ${unique ? 'unique ' : ''}index if not exists ${quoteIdentifier(name)} on ${table.sql} ${body}`
  return { name, declared, unique, on, createSql }
}
