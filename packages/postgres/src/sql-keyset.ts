import { type OrderTerm, parseOrderTerm, type Scalar } from '@rapport/core/storage'
import { type EntityTable, type TableColumn, termDirection } from './schema/tables.js'
import { parameterTypes, type SqlBinds } from './sql-binds.js'

/** One term of an order over a table. */
export interface SortColumn {
  readonly column: TableColumn
  readonly descending: boolean
}

/** The columns of a checked order (see `prepareQuery`). */
export function sortColumns(table: EntityTable, order: readonly OrderTerm[]): SortColumn[] {
  return order.map((term) => {
    const { path, descending } = parseOrderTerm(term)
    return { column: table.column(path)!, descending }
  })
}

/** The `order by` list; a missing value comes last in both directions. */
export function orderBySql(sort: readonly SortColumn[]): string {
  return sort.map(({ column, descending }) => column.sql + termDirection(column.notNull, descending)).join(', ')
}

interface Place extends SortColumn {
  /** The parameter with the cursor's value; `undefined` where the value is missing. */
  readonly bound: string | undefined
}

/**
 * The conditions for rows strictly behind a place of an order, as one or two alternatives. Two come where the first term may be
 * missing and is not in the cursor: the rows that have it, and behind them those that lack it. Each alternative is one range of an
 * index in that order, which their disjunction is not.
 */
export function keysetConditions(
  sort: readonly SortColumn[],
  after: readonly (Scalar | null)[],
  binds: SqlBinds,
): string[] {
  const places = sort.map((term, index): Place => {
    const value = after[index] ?? null
    return { ...term, bound: value === null ? undefined : binds.add(value, parameterTypes[term.column.type]) }
  })
  const [first, ...rest] = places
  if (!first) return ['false']
  const { sql, notNull } = first.column
  if (first.bound === undefined) return [`${sql} is null and ${behind(rest)}`]
  const present = comparesAsRow(places) ? rowComparison(places) : `(${behind(places, true)} and ${upTo(first)})`
  return notNull ? [present] : [present, `${sql} is null`]
}

/** One direction throughout, and behind the first term nothing can be missing: then a comparison of rows says it all. */
function comparesAsRow(places: readonly Place[]): boolean {
  return places.every(
    ({ column, descending, bound }, index) =>
      descending === places[0]?.descending && bound !== undefined && (index === 0 || column.notNull),
  )
}

function rowComparison(places: readonly Place[]): string {
  const operator = places[0]?.descending ? '<' : '>'
  return `(${places.map(({ column }) => column.sql).join(', ')}) ${operator} (${places.map(({ bound }) => bound).join(', ')})`
}

/** The bound that follows from the rest, stated because it is what an index can start from. */
function upTo({ column, descending, bound }: Place): string {
  return `${column.sql} ${descending ? '<=' : '>='} ${bound}`
}

/** Behind the first term, or level with it and behind the rest. */
function behind(places: readonly Place[], firstIsPresent = false): string {
  const [first, ...rest] = places
  if (!first) return 'false'
  const { column, descending, bound } = first
  if (bound === undefined) return `(${column.sql} is null and ${behind(rest)})`
  const beyond = `${column.sql} ${descending ? '<' : '>'} ${bound}`
  const missing = column.notNull || firstIsPresent ? '' : ` or ${column.sql} is null`
  return rest.length === 0
    ? `(${beyond}${missing})`
    : `(${beyond}${missing} or (${column.sql} = ${bound} and ${behind(rest)}))`
}
