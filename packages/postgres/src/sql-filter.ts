import { type FieldType, type Filter, invalidField, type Scalar, toInstant } from '@rapport/core/storage'
import type { EntityTable, TableColumn } from './schema/tables.js'
import { parameterTypes, type SqlBinds } from './sql-binds.js'
import { type ColumnPlace, columnPlace, jsonAt, presentValue } from './sql-path.js'

type Condition = Exclude<Filter, { op: 'and' | 'or' | 'not' }>
type RangeOp = 'lt' | 'lte' | 'gt' | 'gte'

const rangeOperators: Readonly<Record<RangeOp, string>> = { lt: '<', lte: '<=', gt: '>', gte: '>=' }

/** Up to this many values inside JSON are asked for one by one, each of which the index on the field can answer. */
const containmentLimit = 10

/**
 * A checked filter (see `prepareFilter`) as an SQL condition: true exactly for the rows that pass, false or null for the others,
 * so it may stand in `where`. `not` maps null to true, which keeps the filter two-valued throughout. Values become parameters;
 * the text depends on the shape of the filter alone.
 */
export function compileSqlFilter(table: EntityTable, filter: Filter, binds: SqlBinds): string {
  switch (filter.op) {
    case 'and':
      return joined(table, filter.args, binds, ' and ', 'true')
    case 'or':
      return joined(table, filter.args, binds, ' or ', 'false')
    case 'not':
      return filter.arg.op === 'isNull'
        ? `not ${compileSqlFilter(table, filter.arg, binds)}`
        : `(${compileSqlFilter(table, filter.arg, binds)}) is not true`
    default:
      return compileCondition(table, filter, binds)
  }
}

function joined(table: EntityTable, args: readonly Filter[], binds: SqlBinds, word: string, empty: string): string {
  if (args.length === 0) return empty
  if (args.length === 1) return compileSqlFilter(table, args[0]!, binds)
  return `(${args.map((arg) => compileSqlFilter(table, arg, binds)).join(word)})`
}

/** Operators that JSON cannot serve; a promoted place has a column for them, and is compared by equality where it always was. */
const columnOperators: ReadonlySet<Filter['op']> = new Set(['lt', 'lte', 'gt', 'gte', 'prefix', 'contains'])

function compileCondition(table: EntityTable, filter: Condition, binds: SqlBinds): string {
  const direct = table.column(filter.path)
  if (direct && columnOperators.has(filter.op)) return columnCondition(direct, filter, binds)
  const place = columnPlace(table, filter.path)
  return place.column.type === 'json'
    ? jsonCondition(place, filter, binds)
    : columnCondition(place.column, filter, binds)
}

function columnCondition({ sql, type }: TableColumn, filter: Condition, binds: SqlBinds): string {
  switch (filter.op) {
    case 'eq':
      return isComparable(type, filter.value) ? `${sql} = ${bindScalar(type, filter.value, binds)}` : 'false'
    case 'ne':
      return isComparable(type, filter.value)
        ? `${sql} is distinct from ${bindScalar(type, filter.value, binds)}`
        : 'true'
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      if (!isComparable(type, filter.value)) return 'false'
      return `${sql} ${rangeOperators[filter.op]} ${bindScalar(type, filter.value, binds)}`
    case 'in': {
      const values = filter.values.filter(
        (value) => isComparable(type, value) && (type !== 'int' || Number.isSafeInteger(value)),
      )
      return values.length === 0 ? 'false' : `${sql} = any(${binds.add(values, `${parameterTypes[type]}[]`)})`
    }
    case 'isNull':
      return `(${sql} is null)`
    case 'prefix':
      return type === 'text' ? prefixCondition(sql, filter.value, binds) : 'false'
    case 'contains':
      return type === 'text' ? `strpos(${sql}, ${binds.add(filter.value, 'text')}) > 0` : 'false'
    case 'has':
      return memberCondition(sql, type, [filter.value], binds)
    case 'hasAny':
      return memberCondition(sql, type, filter.value, binds)
  }
}

/** A value of another type than the column's never equals it, and never lies before or after it. */
function isComparable(type: FieldType, value: Scalar): boolean {
  switch (type) {
    case 'text':
      return typeof value === 'string'
    case 'int':
    case 'float':
      return typeof value === 'number'
    case 'bool':
      return typeof value === 'boolean'
    case 'instant':
      return toInstant(value) !== undefined
    default:
      return false
  }
}

function bindScalar(type: FieldType, value: Scalar, binds: SqlBinds): string {
  const isFraction = type === 'int' && !Number.isSafeInteger(value)
  return binds.add(value, isFraction ? 'double precision' : parameterTypes[type])
}

function memberCondition(sql: string, type: FieldType, values: readonly Scalar[], binds: SqlBinds): string {
  const texts = values.filter((value) => typeof value === 'string')
  if (type !== 'text[]' || texts.length === 0) return 'false'
  return `${sql} ${texts.length === 1 ? '@>' : '&&'} ${binds.add(texts, 'text[]')}`
}

/** Texts that begin with a prefix are a range of the index, since columns are sorted by code point. */
function prefixCondition(sql: string, prefix: string, binds: SqlBinds): string {
  if (prefix === '') return `(${sql} is not null)`
  const end = afterPrefix(prefix)
  const from = `${sql} >= ${binds.add(prefix, 'text')}`
  return end === undefined ? from : `(${from} and ${sql} < ${binds.add(end, 'text')})`
}

/** The least text by code point that lies behind all texts with the prefix; `undefined` when there is none. */
export function afterPrefix(prefix: string): string | undefined {
  const points = Array.from(prefix, (character) => character.codePointAt(0)!)
  for (let last = points.length - 1; last >= 0; last--) {
    const point = points[last]!
    if (point === 0x10ffff) continue
    const next = point === 0xd7ff ? 0xe000 : point + 1
    return String.fromCodePoint(...points.slice(0, last), next)
  }
  return undefined
}

function jsonCondition(place: ColumnPlace, filter: Condition, binds: SqlBinds): string {
  switch (filter.op) {
    case 'eq':
      return equalsJson(place, filter.value, binds)
    case 'ne':
      return `(${equalsJson(place, filter.value, binds)}) is not true`
    case 'in':
      if (filter.values.length === 0) return 'false'
      if (filter.values.length > containmentLimit) return isOneOf(jsonAt(place, binds), filter.values, binds)
      return `(${filter.values.map((value) => equalsJson(place, value, binds)).join(' or ')})`
    case 'isNull':
      return `(${presentValue(place, binds)} is null)`
    case 'has':
      return containsMember(place, filter.value, binds)
    case 'hasAny':
      if (filter.value.length === 0) return 'false'
      if (filter.value.length > containmentLimit) return hasOneOf(jsonAt(place, binds), filter.value, binds)
      return `(${filter.value.map((value) => containsMember(place, value, binds)).join(' or ')})`
    default:
      throw invalidField(filter.path, 'lies inside a JSON field; compare it by eq, ne, in, isNull, has or hasAny')
  }
}

function equalsJson(place: ColumnPlace, value: Scalar, binds: SqlBinds): string {
  const json = JSON.stringify(value)
  // Containment of a scalar also holds for a list at the top that has it as a member; below a key it does not.
  return place.inside.length === 0
    ? `${place.column.sql} = ${binds.add(json, 'jsonb')}`
    : containsJson(place, json, binds)
}

function containsMember(place: ColumnPlace, value: Scalar, binds: SqlBinds): string {
  return containsJson(place, `[${JSON.stringify(value)}]`, binds)
}

function containsJson({ column, inside }: ColumnPlace, json: string, binds: SqlBinds): string {
  const nested = inside.reduceRight((inner, key) => `{${JSON.stringify(key)}:${inner}}`, json)
  return `${column.sql} @> ${binds.add(nested, 'jsonb')}`
}

function isOneOf(sql: string, values: readonly Scalar[], binds: SqlBinds): string {
  // As texts, in the form that the database itself gives both, since not every engine compares JSON.
  const wanted = `select wanted.value::text from jsonb_array_elements(${binds.add(JSON.stringify(values), 'jsonb')}) as wanted(value)`
  return `(${sql})::text = any(array(${wanted}))`
}

function hasOneOf(sql: string, values: readonly Scalar[], binds: SqlBinds): string {
  const list = `case when jsonb_typeof(${sql}) = 'array' then ${sql} else '[]'::jsonb end`
  return `exists (select 1 from jsonb_array_elements(${list}) as member(value) where ${isOneOf('member.value', values, binds)})`
}
