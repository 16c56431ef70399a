import {
  type EntityDef,
  type FieldType,
  type IndexDef,
  invalidField,
  type PromotedField,
  parseOrderTerm,
} from '@rapport/core/storage'
import { type Profile, profileOf } from '../profile/profile.js'
import {
  byteLength,
  columnName,
  fingerprint,
  identifierBytes,
  quoteIdentifier,
  shortenIdentifier,
  tableName,
} from '../sql-identifier.js'
import { type PromotedPlace, promotedPlace } from './promoted-place.js'

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
  /** Where its values come from when it repeats a place inside a `json` field. */
  readonly promoted?: PromotedPlace
}

/** A declared index with the statement that makes it. */
export interface TableIndex {
  /** Physical name; ends with a fingerprint of the definition, so that a changed definition is another index. */
  readonly name: string
  /** Name in the definition of the entity, which errors speak of. */
  readonly declared: string
  readonly unique: boolean
  readonly on: readonly string[]
  /**
   * The statement that makes it; `concurrently` lets writers go on, and cannot stand in a transaction. That fails where the name is taken:
   * it may be by an index that is half built, which must not pass for this one.
   */
  readonly createSql: (concurrently: boolean) => string
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
  /** Columns that repeat places inside `json` fields, so that those can be compared by range and ordered. No row shows them. */
  readonly promoted: readonly (TableColumn & { readonly promoted: PromotedPlace })[]
  /** All columns as a select list. */
  readonly selectList: string
  /** The column of a declared field or a promoted place. */
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

/** What the table of an entity depends on besides its definition. */
export interface TableSurroundings {
  readonly profile?: Profile
  /** Whether the table is there already; when left out, it is new. */
  readonly tableExists?: (table: string) => boolean
  readonly existing?: ExistingColumn
  /** Places inside `json` fields that have columns, of any entity. */
  readonly promoted?: readonly PromotedColumn[]
}

/** A promoted field, and whether it has an index to be ordered by. */
export interface PromotedColumn extends PromotedField {
  readonly order?: boolean
}

/**
 * The table of an entity in a schema. A required field is `not null` where the table is new; in a table that exists it is so only
 * if the column already is, because rows from before may lack it.
 */
export function entityTable(
  def: EntityDef,
  schema: string,
  {
    profile = profileOf('postgres'),
    tableExists = () => false,
    existing = () => undefined,
    promoted: wanted = [],
  }: TableSurroundings = {},
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
  const own = wanted.filter(({ entity }) => entity === def.name)
  const promoted = own.map((field) => {
    const place = promotedPlace(def, field)
    return { ...column(field.field, field.type, false, place.column), promoted: place }
  })
  const byPath = new Map([...columns, ...promoted].map((entry) => [entry.path, entry]))
  const table = { def, name, sql: `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`, columns }
  const find = (path: string): TableColumn | undefined => byPath.get(path)
  return {
    ...table,
    promoted,
    primaryKey: shortenIdentifier(`pk_${name}`),
    column: find,
    selectList: columns.map(({ sql }) => sql).join(', '),
    indexes: [
      ...def.indexes.map((index) => tableIndex(table, find, index, profile)),
      ...columns.filter(isCustom).map((custom) => customIndex(table, custom, profile)),
      ...own
        .filter(({ order }) => order)
        .map(({ field }) => tableIndex(table, find, { name: promotedIndexName(field), on: [field] }, profile)),
    ],
  }
}

/** Custom fields are found by equality: one index answers for all of them. */
export function isCustom({ path, type }: TableColumn): boolean {
  return path === 'custom' && type === 'json'
}

/** Declared name of the index of a promoted field. */
export function promotedIndexName(field: string): string {
  return `promoted_${columnName(field)}`
}

/** All columns that a table stores, apart from the tenant. */
export function storedColumns({ columns, promoted }: Pick<EntityTable, 'columns' | 'promoted'>): TableColumn[] {
  return [...columns, ...promoted]
}

/** Definition of a column within `create table` and `add column`. */
export function columnSql({ sql, type, sqlType, notNull }: TableColumn, profile: Profile): string {
  const collation = type === 'text' || type === 'text[]' ? profile.collation : ''
  return `${sql} ${sqlType}${collation}${notNull ? ' not null' : ''}`
}

/** The statement that makes the table, without its indexes. */
export function createTableSql(table: EntityTable, profile: Profile): string {
  const columns = storedColumns(table).map((column) => columnSql(column, profile))
  const key = `constraint ${quoteIdentifier(table.primaryKey)} primary key ${primaryKeySql(['id'], profile, false)}`
  const checks = table.promoted.map(({ promoted }) => promoted.checkSql)
  const parts = [`"tenant_id" text${profile.collation} not null`, ...columns, key, ...checks]
  const tuned = profile.fineTuning && hashedTables.has(table.def.name) ? ' with (toast_tuple_target = 8160)' : ''
  return `create table if not exists ${table.sql} (\n  ${parts.join(',\n  ')}\n)${tuned}`
}

/**
 * Tables whose rows are mostly hashes and never change: trying to compress those takes half the time of writing them and saves nothing,
 * so a row that fits a page stays whole.
 */
const hashedTables: ReadonlySet<string> = new Set(['journal'])

/**
 * Columns of a primary key behind the tenant, as the engine likes them: YugabyteDB places rows by the hash of the tenant; CockroachDB
 * spreads keys that only ever grow, which would all go to one range otherwise.
 */
export function primaryKeySql(columns: readonly string[], { primaryKeys }: Profile, grows: boolean): string {
  const names = columns.map(quoteIdentifier)
  if (primaryKeys === 'hashed') return `(("tenant_id") hash, ${names.map((name) => `${name} asc`).join(', ')})`
  return `("tenant_id", ${names.join(', ')})${primaryKeys === 'sharded' && grows ? ' using hash' : ''}`
}

/** How a term is sorted: a missing value last in both directions; where none can be missing, as PostgreSQL does by itself. */
export function termDirection(notNull: boolean, descending: boolean): string {
  if (!descending) return ' asc'
  return notNull ? ' desc' : ' desc nulls last'
}

function column(path: string, type: FieldType, notNull: boolean, name = columnName(path)): TableColumn {
  return { path, name, sql: quoteIdentifier(name), type, sqlType: columnTypes[type], notNull }
}

type TableHead = Pick<EntityTable, 'def' | 'name' | 'sql'>

function tableIndex(
  table: TableHead,
  find: EntityTable['column'],
  index: IndexDef,
  { fineTuning }: Profile,
): TableIndex {
  // An engine that takes no place of missing values has its own.
  const direction = (notNull: boolean, descending: boolean): string => termDirection(notNull || !fineTuning, descending)
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
    const parts = terms.map((term) => term.sql + direction(term.notNull, term.descending))
    if (index.unique) conditions.push(...terms.filter((term) => !term.notNull).map((term) => `${term.sql} is not null`))
    else if (!terms.some((term) => term.path === 'id')) {
      parts.push(`"id"${direction(true, terms.at(-1)?.descending === true)}`)
    }
    keys = `(${['"tenant_id"', ...parts].join(', ')})`
  } else {
    keys = `using gin (${terms.map((term) => term.sql).join(', ')})`
  }
  const where = conditions.length > 0 ? ` where ${conditions.join(' and ')}` : ''
  const paths = terms.map((term) => term.path)
  return physicalIndex(table, index.name, index.unique === true, paths, keys + where)
}

function customIndex(table: TableHead, { path, sql }: TableColumn, { fineTuning }: Profile): TableIndex {
  return physicalIndex(
    table,
    'custom_fields',
    false,
    [path],
    `using gin (${sql}${fineTuning ? ' jsonb_path_ops' : ''})`,
  )
}

function physicalIndex(
  table: TableHead,
  declared: string,
  unique: boolean,
  on: readonly string[],
  body: string,
): TableIndex {
  const name = shortenIdentifier(`ix_${table.name}_${declared}_${fingerprint(body).slice(0, 8)}`)
  const createSql = (concurrently: boolean): string =>
    `create ${unique ? 'unique ' : ''}index ${concurrently ? 'concurrently' : 'if not exists'} ${quoteIdentifier(name)} on ${table.sql} ${body}`
  return { name, declared, unique, on, createSql }
}
