import type { EntityDef } from '../entity-def.js'
import type { NewRow, Path, Row } from '../row.js'

/**
 * The stored form of a row: a deep copy without absent values, its keys in the order of the definition so that rows share one
 * layout and scans stay fast. It is never changed.
 */
export function storedRow(def: EntityDef, row: NewRow, version: number): Row {
  const stored: Row = { id: row.id, version }
  for (const path of Object.keys(def.fields)) {
    const value = row[path]
    if (value !== undefined && value !== null) stored[path] = copyOf(value)
  }
  return stored
}

/** A copy of a row for a caller, who may do with it what he likes. `nested` are the paths that hold lists or objects. */
export function handedOutRow(row: Row, nested: readonly Path[]): Row {
  const copy: Row = { ...row }
  for (const path of nested) if (copy[path] !== undefined) copy[path] = copyOf(copy[path])
  return copy
}

/** Like {@link handedOutRow}, with the given paths, the id and the version alone. */
export function handedOutPart(row: Row, paths: ReadonlySet<Path>): Row {
  const part: Row = { id: row.id, version: row.version }
  if (paths.size > fewPaths) {
    for (const path in row) if (paths.has(path)) part[path] = copyOf(row[path])
    return part
  }
  for (const path of paths) if (row[path] !== undefined) part[path] = copyOf(row[path])
  return part
}

/** Up to so many paths are looked up one by one; of more, most rows lack some, and a look at what is not there is slow. */
const fewPaths = 8

/** The paths of an entity that hold lists or objects. */
export function nestedPaths(def: EntityDef): Path[] {
  return Object.entries(def.fields).flatMap(([path, { type }]) => (type === 'json' || type === 'text[]' ? [path] : []))
}

function copyOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item === 'object') return value.map(copyOf)
    return value.slice()
  }
  const copy: Record<string, unknown> = { ...value }
  for (const key in copy) if (typeof copy[key] === 'object') copy[key] = copyOf(copy[key])
  return copy
}
