import type { EntityDef } from '../storage/entity-def.js'
import type { Entity } from './entity.js'

/** All entities of one CRM. Merge, export, erasure and the panels of a 360° view walk it. */
export interface EntityRegistry {
  /** Throws `TypeError` for a name that is not registered: that is a mistake in code, not in data. */
  get(name: string): Entity
  has(name: string): boolean
  all(): readonly Entity[]
  /** What a storage adapter is told. */
  definitions(): readonly EntityDef[]
}

/** A registry of the given entities. Names are unique. */
export function createEntityRegistry(entities: readonly Entity[]): EntityRegistry {
  const byName = new Map<string, Entity>()
  for (const entity of entities) {
    if (byName.has(entity.name)) throw new TypeError(`The entity ${entity.name} is registered twice`)
    byName.set(entity.name, entity)
  }
  return {
    get(name) {
      const entity = byName.get(name)
      if (!entity) throw new TypeError(`There is no entity named ${name}`)
      return entity
    },
    has: (name) => byName.has(name),
    all: () => [...byName.values()],
    definitions: () => [...byName.values()].map((entity) => entity.storage),
  }
}
