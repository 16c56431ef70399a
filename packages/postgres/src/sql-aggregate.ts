import { type Aggregate, type Bucket, defaultGroupLimit, type WeekStart } from '@rapport/core/storage'
import type { SqlValue } from './driver.js'
import type { EntityTable } from './schema/tables.js'
import { SqlBinds } from './sql-binds.js'
import { compileSqlFilter } from './sql-filter.js'
import { columnPlace, presentValue } from './sql-path.js'

/** A statement whose rows are groups: the keys first, then the computed values. */
export interface GroupQuery {
  readonly text: string
  readonly values: readonly SqlValue[]
  /** Which columns of its rows are numbers, as some drivers hand out text for those. */
  readonly numeric: readonly boolean[]
}

/** Days from the start of a week to the Monday inside it, which is where `date_trunc` cuts. */
const daysToMonday: Readonly<Record<WeekStart, number>> = { monday: 0, sunday: 1, saturday: 2 }

/** Offsets such as `+01:00`, which PostgreSQL would read as POSIX zones, with the sign turned round. */
const fixedOffset = /^[+-]\d{2}(?::?\d{2})?$/

/** A checked aggregate (see `prepareAggregate`) as SQL. */
export function compileAggregate(table: EntityTable, tenantId: string, aggregate: Aggregate): GroupQuery {
  const binds = new SqlBinds()
  const tenant = binds.add(tenantId, 'text')
  const where = aggregate.where ? ` and ${compileSqlFilter(table, aggregate.where, binds)}` : ''
  const zone = aggregate.timeZone ?? 'UTC'
  const localTime = (sql: string): string =>
    `${sql} at time zone ${binds.add(zone, fixedOffset.test(zone) ? 'interval' : 'text')}`
  const keys = (aggregate.by ?? []).map((by) => {
    if (typeof by === 'string') return table.column(by)!.sql
    return bucketSql(localTime(table.column(by.path)!.sql), by.bucket, aggregate.weekStart ?? 'monday')
  })
  const values = Object.values(aggregate.compute).map(({ fn, path }) =>
    computationSql(fn, path === undefined ? undefined : computedValue(table, fn, path, binds)),
  )
  const places = keys.map((_, index) => index + 1)
  const grouping =
    places.length === 0
      ? ''
      : ` group by ${places.join(', ')} order by ${places.map((place) => `${place} asc nulls last`).join(', ')}`
  const text =
    `select ${named([...keys, ...values])} from ${table.sql} where "tenant_id" = ${tenant}${where}` +
    `${grouping} limit ${aggregate.limit ?? defaultGroupLimit}`
  return { text, values: binds.values, numeric: numericColumns(table, aggregate) }
}

function numericColumns(table: EntityTable, { by = [], compute }: Aggregate): boolean[] {
  const isNumber = (path: string | undefined): boolean => {
    const type = path === undefined ? undefined : table.column(path)?.type
    return type === 'int' || type === 'float'
  }
  return [
    ...by.map((key) => typeof key === 'string' && isNumber(key)),
    ...Object.values(compute).map(({ fn, path }) => (fn !== 'min' && fn !== 'max') || isNumber(path)),
  ]
}

/** A name for each, since a host's client may key its rows by them. */
function named(values: readonly string[]): string {
  return values.map((value, index) => `${value} as value${index}`).join(', ')
}

/** What is computed over: a promoted place has a column for it, but is counted where it is, since values of all types count. */
function computedValue(table: EntityTable, fn: string, path: string, binds: SqlBinds): string {
  const column = table.column(path)
  return column && fn !== 'count' ? column.sql : presentValue(columnPlace(table, path), binds)
}

/** The local date a bucket starts on, as text that sorts by time. */
function bucketSql(localTime: string, bucket: Bucket, weekStart: WeekStart): string {
  const days = bucket === 'week' ? daysToMonday[weekStart] : 0
  const start =
    days === 0
      ? `date_trunc('${bucket}', ${localTime})`
      : `date_trunc('week', ${localTime} + interval '${days} day') - interval '${days} day'`
  return `to_char(${start}, 'YYYY-MM-DD') collate "C"`
}

function computationSql(fn: Aggregate['compute'][string]['fn'], sql: string | undefined): string {
  switch (fn) {
    case 'count':
      return `count(${sql ?? '*'})`
    case 'countDistinct':
      return `count(distinct ${sql})`
    case 'sum':
      return `coalesce(sum(${sql}), 0)::double precision`
    case 'avg':
      // Divided once, in double precision: `avg` of integers would round in decimal.
      return `sum(${sql})::double precision / nullif(count(${sql}), 0)`
    case 'min':
    case 'max':
      return `${fn}(${sql})`
  }
}
