import type { ReferenceField } from '../../entity/custom-fields/custom-field-catalogue.js'
import type { Entity } from '../../entity/entity.js'
import type { EntityRegistry } from '../../entity/entity-registry.js'
import type { SessionContext } from '../../entity/session-context.js'
import type { Path } from '../../storage/row.js'

/** A way in which records refer to a record that can be merged. */
export type RelationKind =
  /**
   * A field holds its id, or a list of ids. `under` is a parent by which the records are found faster; `uniqueKey` is the key of a
   * custom field of which no two live records have the same value.
   */
  | {
      readonly how: 'field'
      readonly entity: Entity
      readonly path: Path
      readonly isList: boolean
      readonly under?: { readonly entity: Entity; readonly field: Path; readonly path: Path }
      readonly uniqueKey?: string
    }
  /** A pair of fields names its kind and its id: an end of an association. */
  | { readonly how: 'pair'; readonly entity: Entity; readonly typePath: Path; readonly path: Path }
  /** A computed row about it, which a merge makes void: a score. */
  | { readonly how: 'computed'; readonly entity: Entity }
  /** Lines of its timeline, and the links of the records that these show. */
  | { readonly how: 'line'; readonly entity: Entity }

/** Every way in which records of a tenant refer to records of a kind. */
export async function tenantRelationKinds(context: SessionContext, objectType: string): Promise<RelationKind[]> {
  const { references } = await context.customFields.all(context.storage, context.tenantId)
  return relationKinds(context.registry, objectType, references)
}

/**
 * Every way in which records refer to records of a kind: found in what entities declare, so that a new entity needs no more, and in
 * what a tenant registered.
 */
export function relationKinds(
  registry: EntityRegistry,
  objectType: string,
  references: readonly ReferenceField[] = [],
): RelationKind[] {
  const declared = registry
    .all()
    .flatMap((entity): RelationKind[] => [...fieldKinds(registry, entity, objectType), ...pairKinds(entity)])
  const kinds = [...declared, ...customKinds(registry, references, objectType)]
  // Records found by their parent come first: the parent must still refer to the merged record. Lines come last: links follow them.
  const rank = (kind: RelationKind): number => (kind.how === 'line' ? 3 : kind.how === 'field' && !kind.under ? 2 : 1)
  return kinds.toSorted((a, b) => rank(a) - rank(b))
}

function fieldKinds(registry: EntityRegistry, entity: Entity, objectType: string): RelationKind[] {
  // Projections follow from records, which are moved.
  if (entity.kind === 'projection') return []
  return [...entity.fields.values()].flatMap(({ path, references, type, derived }): RelationKind[] => {
    if (references !== objectType || derived || (type !== 'text' && type !== 'text[]')) return []
    const under = isIndexed(entity, path) ? undefined : parentOf(registry, entity, objectType)
    return [{ how: 'field', entity, path, isList: type === 'text[]', ...(under && { under }) }]
  })
}

function customKinds(
  registry: EntityRegistry,
  references: readonly ReferenceField[],
  objectType: string,
): RelationKind[] {
  return references.flatMap(({ object, key, target, unique }): RelationKind[] => {
    if (target !== objectType || !registry.has(object)) return []
    const entity = registry.get(object)
    return [{ how: 'field', entity, path: `custom.${key}`, isList: false, ...(unique && { uniqueKey: key }) }]
  })
}

function parentOf(registry: EntityRegistry, entity: Entity, objectType: string) {
  const { reach } = entity.access
  if (typeof reach === 'string' || reach.parent === objectType) return undefined
  const parent = registry.get(reach.parent)
  const field = [...parent.fields.values()].find(({ references }) => references === objectType)
  return field && { entity: parent, field: reach.field, path: field.path }
}

function isIndexed(entity: Entity, path: Path): boolean {
  return entity.storage.indexes.some(({ on }) => on[0] === path)
}

function pairKinds(entity: Entity): RelationKind[] {
  if (entity.kind === 'projection') {
    if (!entity.fields.has('subjectType') || !entity.fields.has('subjectId')) return []
    return [{ how: entity.fields.has('recordId') ? 'line' : 'computed', entity }]
  }
  // A pair that may be the same is about these very records, and stays with them.
  return (entity.polymorphicReferences ?? []).flatMap((reference): RelationKind[] =>
    'list' in reference || entity.name === 'duplicate'
      ? []
      : [{ how: 'pair', entity, typePath: reference.type, path: reference.id }],
  )
}

/** Whether a record lists the records it is about under `links`. */
export function hasLinks(registry: EntityRegistry, entity: string): boolean {
  return registry.has(entity) && registry.get(entity).fields.get('links')?.type === 'json'
}
