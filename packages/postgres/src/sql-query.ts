import { type Query, resolvePath } from '@rapport/core/storage'
import type { SqlValue } from './driver.js'
import type { Profile } from './profile/profile.js'
import type { EntityTable, TableColumn } from './schema/tables.js'
import { SqlBinds } from './sql-binds.js'
import { compileSqlFilter } from './sql-filter.js'
import { keysetConditions, orderBySql, type SortColumn, sortColumns } from './sql-keyset.js'

/** A statement that reads rows of one table, and the columns they consist of. */
export interface RowQuery {
  readonly text: string
  readonly values: readonly SqlValue[]
  readonly columns: readonly TableColumn[]
}

/**
 * A checked query (see `prepareQuery`) as SQL. It asks for one row more than the limit, which tells whether anything follows. The
 * limit stands in the text, because the planner chooses by it.
 */
export function compileFind(table: EntityTable, tenantId: string, query: Query): RowQuery {
  const binds = new SqlBinds()
  const conditions = [`"tenant_id" = ${binds.add(tenantId, 'text')}`]
  if (query.where) conditions.push(compileSqlFilter(table, query.where, binds))
  const sort = sortColumns(table, query.order)
  const columns = selectedColumns(table, query.fields, sort)
  const list = query.fields ? columnList(columns) : table.selectList
  const ending = ` order by ${orderBySql(sort)} limit ${query.limit + 1}`
  // A promoted place is in no row, yet two ranges that are joined are ordered by it.
  const hidden = sort.flatMap(({ column }) => (column.promoted ? [`, ${column.sql}`] : [])).join('')
  const select = (condition?: string, and = ''): string => {
    const all = condition === undefined ? conditions : [...conditions, condition]
    return `select ${list}${and} from ${table.sql} where ${all.join(' and ')}${ending}`
  }
  const [first, second] = query.after ? keysetConditions(sort, query.after, binds) : []
  const text =
    second === undefined
      ? select(first)
      : `select ${hidden === '' ? '*' : list} from ((${select(first, hidden)}) union all (${select(second, hidden)})) as page${ending}`
  return { text, values: binds.values, columns }
}

/** The rows of some ids, in no order. */
export function compileGetMany(
  table: EntityTable,
  tenantId: string,
  ids: readonly string[],
  { skipScans }: Pick<Profile, 'skipScans'>,
): RowQuery {
  const { columns, selectList } = table
  const [only] = ids
  if (ids.length > 1 || only === undefined)
    return { text: selectByIds(table, selectList, skipScans), values: [tenantId, ids], columns }
  const text = `select ${selectList} from ${table.sql} where "tenant_id" = $1::text and "id" = $2::text`
  return { text, values: [tenantId, only], columns }
}

/**
 * The rows with the ids in `$2`, of the tenant `$1`. Where the planner may skip over the first columns of an index, any index that ends in
 * the id looks as good to it as the primary key while it has no statistics of the table, and it reads all of it; one descent an id leaves it
 * no choice. An id that is named twice may give its row twice.
 */
export function selectByIds({ sql }: EntityTable, selectList: string, skipScans: boolean): string {
  const select = `select ${selectList} from ${sql} where "tenant_id" = $1::text and "id" =`
  return skipScans
    ? `select t.* from unnest($2::text[]) as k(id) cross join lateral (${select} k.id limit 1) as t`
    : `${select} any($2::text[])`
}

/** A page across tenants, in the order of the query and then of the tenant, which is the first value of each row. */
export function compileSystemFind(table: EntityTable, query: Omit<Query, 'after'>): RowQuery {
  const binds = new SqlBinds()
  const where = query.where ? compileSqlFilter(table, query.where, binds) : 'true'
  const sort = sortColumns(table, query.order)
  const columns = selectedColumns(table, query.fields, sort)
  const text =
    `select "tenant_id", ${columnList(columns)} from ${table.sql} where ${where} ` +
    `order by ${orderBySql(sort)}, "tenant_id" limit ${query.limit}`
  return { text, values: binds.values, columns }
}

/** The columns as a select list. */
export function columnList(columns: readonly TableColumn[]): string {
  return columns.map(({ sql }) => sql).join(', ')
}

/** The columns asked for, with those that are always returned, in the order of the table. */
export function selectedColumns(
  table: EntityTable,
  fields: readonly string[] | undefined,
  sort: readonly SortColumn[] = [],
): readonly TableColumn[] {
  if (!fields) return table.columns
  const wanted = new Set(['id', 'version', ...sort.map(({ column }) => column.promoted?.field ?? column.path)])
  for (const path of fields) wanted.add(resolvePath(table.def, path)?.field ?? path)
  return table.columns.filter(({ path }) => wanted.has(path))
}
