import { invalidField, resolvePath } from '@rapport/core/storage'
import type { EntityTable, TableColumn } from './schema/tables.js'
import type { SqlBinds } from './sql-binds.js'

/** Where a path leads in a table: a column, and the keys below it where that column is JSON. */
export interface ColumnPlace {
  readonly column: TableColumn
  readonly inside: readonly string[]
}

/** Resolves a path of a table, a promoted one to its place inside JSON. Throws `validation_failed` when nothing declares it. */
export function columnPlace(table: EntityTable, path: string): ColumnPlace {
  const direct = table.column(path)
  if (direct && !direct.promoted) return { column: direct, inside: [] }
  const target = resolvePath(table.def, path)
  const column = target && table.column(target.field)
  if (!target || !column) throw invalidField(path, `${table.def.name} has no such field; use a declared path`)
  return { column, inside: target.inside }
}

/** The JSON at a place. Only keys of objects lead on: `->` with a text takes no place of a list. */
export function jsonAt({ column, inside }: ColumnPlace, binds: SqlBinds): string {
  return inside.reduce((outer, key) => `${outer} -> ${binds.add(key, 'text')}`, column.sql)
}

/** The value at a place, SQL's null where it is missing; a JSON `null` counts as missing. */
export function presentValue(place: ColumnPlace, binds: SqlBinds): string {
  if (place.column.type !== 'json') return place.column.sql
  const json = jsonAt(place, binds)
  return `case when jsonb_typeof(${json}) <> 'null' then ${json} end`
}
