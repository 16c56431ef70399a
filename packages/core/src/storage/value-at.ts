import { invalidField } from '../kernel/crm-error.js'
import { type EntityDef, type PathTarget, resolvePath } from './entity-def.js'
import type { Path, Row } from './row.js'

/** Resolves a path of an entity. Throws `validation_failed` when nothing declares it. */
export function requirePath(def: EntityDef, path: Path): PathTarget {
  const target = resolvePath(def, path)
  if (!target) throw invalidField(path, `${def.name} has no such field; use a declared path`)
  return target
}

/**
 * A reader of one path: the value that a row holds there, `undefined` when it is missing. Inside a `json` field only the keys of
 * objects lead on (not places of arrays), and a JSON `null` counts as missing. Throws `validation_failed` for an unknown path.
 */
export function compilePath(def: EntityDef, path: Path): (row: Row) => unknown {
  const { field, inside } = requirePath(def, path)
  if (inside.length === 0) return (row) => row[field] ?? undefined
  return (row) => {
    let value = row[field]
    for (const key of inside) {
      if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, key))
        return undefined
      value = (value as Readonly<Record<string, unknown>>)[key]
    }
    return value ?? undefined
  }
}

/** The value a row holds at a path; see {@link compilePath}. */
export function valueAt(def: EntityDef, row: Row, path: Path): unknown {
  return compilePath(def, path)(row)
}
