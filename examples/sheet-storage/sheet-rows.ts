import type { EntityDef, Filter, Row } from '@rapport/core/storage'
import type { SheetRow } from './sheet-service.js'

// #region cells
/** A row as cells of text: each value as JSON, so that a number and its digits differ. */
export function cellsOf(row: Row): SheetRow {
  return Object.fromEntries(Object.entries(row).map(([path, value]) => [path, JSON.stringify(value)]))
}

/** The declared part of a row from its cells. */
export function rowOf(def: EntityDef, cells: SheetRow): Row {
  const declared = Object.entries(cells).filter(
    ([path]) => path === 'id' || path === 'version' || Object.hasOwn(def.fields, path),
  )
  return Object.fromEntries(declared.map(([path, text]) => [path, JSON.parse(text) as unknown])) as Row
}
// #endregion

// #region split
/** What the service can do of a filter, one comparison by equality, and the rest. */
export interface SplitFilter {
  readonly equals?: { readonly column: string; readonly text: string }
  readonly residual?: Filter
}

/** Takes the first equality that must hold in any case out of a filter. */
export function splitFilter(def: EntityDef, where: Filter | undefined): SplitFilter {
  if (!where) return {}
  const conditions = where.op === 'and' ? where.args : [where]
  const place = conditions.findIndex((filter) => filter.op === 'eq' && isColumn(def, filter.path))
  const equality = conditions[place]
  if (equality?.op !== 'eq') return { residual: where }
  const equals = { column: equality.path, text: JSON.stringify(equality.value) }
  const rest = conditions.filter((_, index) => index !== place)
  return rest.length === 0 ? { equals } : { equals, residual: { op: 'and', args: rest } }
}

/** Cells hold scalars whole; what lies inside a `json` field, or in a list, the service cannot compare. */
function isColumn(def: EntityDef, path: string): boolean {
  const type = path === 'id' || path === 'version' ? 'text' : def.fields[path]?.type
  return type !== undefined && type !== 'json' && type !== 'text[]'
}
// #endregion
