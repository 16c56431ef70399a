import { CrmError, invalidField } from '../kernel/crm-error.js'
import { type EntityDef, type PathTarget, resolvePath } from './entity-def.js'
import { requireName, shortName } from './plain-object.js'
import type { Path } from './row.js'
import { unknownEntity } from './storage-errors.js'

/** The declared entities by name. */
export type Definitions = ReadonlyMap<string, EntityDef>

/** The declared entities of a list by name. */
export function definitionsOf(definitions: Iterable<EntityDef>): Definitions {
  return new Map(Array.from(definitions, (def) => [def.name, def]))
}

/** The definition of an entity. Throws `validation_failed` when there is none. */
export function requireEntity(definitions: Definitions, entity: unknown): EntityDef {
  const name = requireName(entity, 'entity')
  const def = definitions.get(name)
  if (!def) throw unknownEntity(shortName(name))
  return def
}

/** Where a path from outside leads. Throws `validation_failed` for anything but a declared path. */
export function requireTarget(def: EntityDef, path: unknown, at: string): PathTarget {
  const name = requireName(path, at)
  const target = resolvePath(def, name)
  if (!target || target.inside.includes('')) {
    throw invalidField(shortName(name), `${def.name} has no such field; use a declared path`)
  }
  return target
}

/** A custom field kept in JSON is asked for what only a real column can do. */
export function needsPromotion(def: EntityDef, path: Path, wish: string): CrmError {
  return new CrmError('unsupported', `${shortName(path)} lies inside a JSON field and cannot be ${wish}`, {
    entity: def.name,
    field: shortName(path),
    remedy: 'promote the field to a column, or compare it by equality only',
  })
}
