import { CrmError, invalidField } from '../kernel/crm-error.js'
import { type EntityDef, type PathTarget, type PromotedType, resolvePath } from './entity-def.js'
import { requireName, shortName } from './plain-object.js'
import type { Path } from './row.js'
import type { PromotedField } from './storage-adapter.js'
import { unknownEntity } from './storage-errors.js'

/** The declared entities by name. */
export type Definitions = ReadonlyMap<string, EntityDef>

/** The declared entities of a list by name. */
export function definitionsOf(definitions: Iterable<EntityDef>): Definitions {
  return new Map(Array.from(definitions, (def) => [def.name, def]))
}

/**
 * Definitions that say which places inside `json` fields have columns. Throws `TypeError` for one that is no place inside a `json`
 * field of a declared entity.
 */
export function withPromotedFields(
  definitions: readonly EntityDef[],
  promoted: readonly PromotedField[] = [],
): readonly EntityDef[] {
  if (promoted.length === 0) return definitions
  const byEntity = new Map<string, Record<Path, PromotedType>>()
  for (const { entity, field, type } of promoted) {
    const def = definitions.find(({ name }) => name === entity)
    const target = def && resolvePath(def, field)
    if (!target || target.inside.length === 0 || target.inside.includes('')) {
      throw new TypeError(`${field} of ${entity} cannot be promoted: it is no place inside a JSON field`)
    }
    byEntity.set(entity, { ...byEntity.get(entity), [field]: type })
  }
  return definitions.map((def) => {
    const fields = byEntity.get(def.name)
    return fields ? { ...def, promoted: { ...def.promoted, ...fields } } : def
  })
}

/** The definition of an entity. Throws `validation_failed` when there is none. */
export function requireEntity(definitions: Definitions, entity: unknown): EntityDef {
  const def = definitions.get(entity as string)
  if (!def) throw unknownEntity(shortName(requireName(entity, 'entity')))
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

/** What a path is compared by range, ordered or computed as. Throws `unsupported` inside JSON unless the place has a column. */
export function columnTarget(def: EntityDef, path: Path, target: PathTarget, wish: string): PathTarget {
  if (target.type !== 'json') return target
  if (target.promoted) return { ...target, type: target.promoted }
  throw needsPromotion(def, path, wish)
}

/** A custom field kept in JSON is asked for what only a real column can do. */
function needsPromotion(def: EntityDef, path: Path, wish: string): CrmError {
  return new CrmError('unsupported', `${shortName(path)} lies inside a JSON field and cannot be ${wish}`, {
    entity: def.name,
    field: shortName(path),
    remedy: 'have the operator promote the field to a column, or compare it by equality only',
  })
}
