import { type EntityDef, type PromotedField, type PromotedType, resolvePath } from '@rapport/core/storage'
import { columnName, identifierBytes, quoteIdentifier } from '../sql-identifier.js'

/** A place inside a `json` column that a column of its own repeats. */
export interface PromotedPlace {
  /** Declared path of the `json` field, such as `custom`. */
  readonly field: string
  readonly key: string
  readonly type: PromotedType
  /** Name of the column; it tells the type, so that a place promoted again as another type gets another column. */
  readonly column: string
  /** The value that the column must hold, from the `json` column of the same row. */
  readonly valueSql: string
  /** Name of the constraint that holds column and place together. */
  readonly check: string
  /** The constraint as part of a table. */
  readonly checkSql: string
}

/** JSON type of each column type. */
const jsonTypes: Readonly<Record<PromotedType, string>> = { text: 'string', float: 'number', bool: 'boolean' }
const casts: Readonly<Record<PromotedType, string>> = { text: '', float: '::double precision', bool: '::boolean' }

const plainKey = /^[a-z][a-zA-Z0-9]*$/
const checkPrefix = 'promoted_'

/**
 * The place of a promoted field. Throws `TypeError` unless it is one plain key below a `json` field, such as `custom.region`, short enough
 * for a name of PostgreSQL.
 */
export function promotedPlace(def: EntityDef, { field: path, type }: PromotedField): PromotedPlace {
  const target = resolvePath({ ...def, promoted: {} }, path)
  const [key = '', ...deeper] = target?.inside ?? []
  if (!target || deeper.length > 0 || !plainKey.test(key) || !Object.hasOwn(jsonTypes, type)) {
    throw new TypeError(
      `promote: ${path} of ${def.name} must be one camelCase key below a JSON field, with the type text, float or bool`,
    )
  }
  const column = `${columnName(`${target.field}.${key}`)}__${type}`
  const check = checkPrefix + column
  if (check.length > identifierBytes) throw new TypeError(`promote: the key of ${path} is too long to name a column`)
  const json = quoteIdentifier(columnName(target.field))
  const valueSql =
    `case when jsonb_typeof(${json} -> '${key}') = '${jsonTypes[type]}' ` +
    `then (${json} ->> '${key}')${casts[type]} end`
  const checkSql = `constraint ${quoteIdentifier(check)} check (${quoteIdentifier(column)} is not distinct from (${valueSql}))`
  return { field: target.field, key, type, column, valueSql, check, checkSql }
}

/**
 * The promoted field that a constraint of a table belongs to; `undefined` for any other constraint. How a process that was not told of a
 * promotion knows what it must keep filled.
 */
export function promotedFieldOf(def: EntityDef, check: string): PromotedField | undefined {
  const match = /^promoted_(.+)__([a-z0-9_]+)__(text|float|bool)$/.exec(check)
  if (!match) return undefined
  const [, column, snake = '', type] = match
  const field = Object.keys(def.fields).find((path) => columnName(path) === column)
  if (field === undefined) return undefined
  const key = snake.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
  return { entity: def.name, field: `${field}.${key}`, type: type as PromotedType }
}
