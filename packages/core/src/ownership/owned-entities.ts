import { type Entity, ownerFieldOf } from '../entity/entity.js'
import type { EntityRegistry } from '../entity/entity-registry.js'
import { allOf, type Filter } from '../storage/filter.js'
import type { Path } from '../storage/row.js'

/** An entity whose records have owners, with the field that names them. */
export interface OwnedEntity {
  readonly entity: Entity
  readonly ownerField: Path
}

/** All entities whose records change hands, in the order of the registry. */
export function ownedEntities(registry: EntityRegistry): readonly OwnedEntity[] {
  return registry.all().flatMap((entity) => {
    const ownerField = ownerFieldOf(entity)
    return ownerField === undefined || entity.ownership?.fixed ? [] : [{ entity, ownerField }]
  })
}

/** Those whose records without an owner stand in the public pool. */
export function pooledEntities(registry: EntityRegistry): readonly OwnedEntity[] {
  return ownedEntities(registry).filter(({ entity }) => entity.ownership?.pooled)
}

/** The live records of one owner, or of anybody when none is named. */
export function ownedBy(ownerField: Path, owner?: string): Filter {
  const owned: Filter =
    owner === undefined
      ? { op: 'not', arg: { op: 'isNull', path: ownerField } }
      : { op: 'eq', path: ownerField, value: owner }
  return allOf({ op: 'isNull', path: 'deletedAt' }, owned)
}
