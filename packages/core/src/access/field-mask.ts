import type { Path } from '../storage/row.js'
import { type AccessContext, hiddenFields, readOnlyFields } from './access-context.js'
import type { EntityAccess } from './entity-access.js'

/** Which fields of an entity an actor sees or changes. A rule for `scores` covers `scores.clv.value`. */
export interface FieldMask {
  readable(path: Path): boolean
  writable(path: Path): boolean
}

const always: ReadonlySet<Path> = new Set(['id', 'version', 'createdAt', 'updatedAt'])

/** The mask of an actor for an entity: portal actors see what the entity lists for them, members all but what roles hide. */
export function fieldMask(context: AccessContext, entity: string, access: EntityAccess): FieldMask {
  const hidden = hiddenFields(context, entity)
  const readOnly = readOnlyFields(context, entity)
  if (context.portal) {
    const { portal } = access
    const ties = [portal?.contact, portal?.company, portal?.only?.path].filter((path) => path !== undefined)
    const shown = new Set([...(portal?.fields ?? []), ...ties])
    const settable = new Set(portal?.writable ?? [])
    return {
      readable: (path) => (always.has(path) || covers(shown, path)) && !covers(hidden, path),
      writable: (path) => covers(settable, path) && !covers(readOnly, path),
    }
  }
  return { readable: (path) => !covers(hidden, path), writable: (path) => !covers(readOnly, path) }
}

function covers(fields: ReadonlySet<Path>, path: Path): boolean {
  if (fields.size === 0) return false
  if (fields.has(path)) return true
  for (let dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
    if (fields.has(path.slice(0, dot))) return true
  }
  return false
}
