import type { EntityDef } from '../entity-def.js'
import type { NewRow, Path, Row } from '../row.js'

/**
 * The stored form of a row: a deep copy, frozen at the top, without absent values, its keys in the order of the definition so
 * that rows share one layout and scans stay fast.
 */
export function storedRow(def: EntityDef, row: NewRow, version: number): Row {
  const stored: Row = { id: row.id, version }
  for (const path of Object.keys(def.fields)) {
    const value = row[path]
    if (value !== undefined && value !== null) stored[path] = copyOf(value)
  }
  return Object.freeze(stored)
}

/** A row for a caller, who may do with it what he likes. With `paths`, only those, the id and the version. */
export function handedOutRow(row: Row, paths?: ReadonlySet<Path>): Row {
  const copy: Row = { id: row.id, version: row.version }
  for (const path of Object.keys(row)) if (!paths || paths.has(path)) copy[path] = copyOf(row[path])
  return copy
}

function copyOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(copyOf)
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, copyOf(member)]))
}
