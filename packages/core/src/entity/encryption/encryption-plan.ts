import { type EntityDef, type IndexDef, type OrderTerm, parseOrderTerm } from '../../storage/entity-def.js'
import type { Path } from '../../storage/row.js'
import type { PromotedField } from '../../storage/storage-adapter.js'
import type { Entity } from '../entity.js'
import { sourcesOf } from '../search/search-field.js'
import { encryptionKeyEntity } from './encryption-key-entity.js'

/** Where the domains keep values that stem from a field: they are encrypted with it. `entity.path` to the same. */
export interface FieldCopies {
  readonly of: Readonly<Record<string, readonly string[]>>
  /** What may hold a value of any field, whole: rows on their way in, rows as they were, filters that somebody keeps. */
  readonly ofAny: readonly string[]
  /** Fields that must be readable for Rapport to do its work, with the reason. */
  readonly never: Readonly<Record<string, string>>
}

/** What of an entity is encrypted. */
export interface EncryptedEntity {
  readonly entity: Entity
  /** The entity as core registers it: kept as `storage` says, and not searched by what is encrypted. */
  readonly registered: Entity
  /** Declared fields. */
  readonly paths: ReadonlySet<Path>
  /** Keys of custom fields. */
  readonly customKeys: ReadonlySet<string>
  /** The column of keyed hashes by which a field is found, by its path. */
  readonly blind: ReadonlyMap<Path, Path>
}

/** What is encrypted, by entity. */
export type EncryptionPlan = ReadonlyMap<string, EncryptedEntity>

/**
 * What the host's choice of fields means. Throws `TypeError` for a field that does not exist, is not personal, is neither text nor
 * structure, or is promoted to a column, where it would be sorted and added up.
 */
export function planEncryption(
  entities: readonly Entity[],
  fields: Readonly<Record<string, readonly Path[]>>,
  copies: FieldCopies,
  promoted: readonly PromotedField[] = [],
): EncryptionPlan {
  const byName = new Map(entities.map((entity) => [entity.name, entity]))
  const chosen = new Set<string>()
  const choose = (name: string): void => {
    if (chosen.has(name)) return
    chosen.add(name)
    for (const copy of copies.of[name] ?? []) choose(copy)
  }
  for (const [name, paths] of Object.entries(fields))
    for (const path of paths) {
      refuseUnfit(byName.get(name), name, path, copies, promoted)
      choose(`${name}.${path}`)
    }
  if (chosen.size > 0) for (const name of copies.ofAny) choose(name)
  const plan = new Map<string, EncryptedEntity>()
  for (const entity of entities) {
    const paths = [...chosen].flatMap((name) =>
      name.startsWith(`${entity.name}.`) ? [name.slice(entity.name.length + 1)] : [],
    )
    if (paths.length > 0) plan.set(entity.name, encrypted(entity, paths))
  }
  return plan
}

function refuseUnfit(
  entity: Entity | undefined,
  name: string,
  path: Path,
  copies: FieldCopies,
  promoted: readonly PromotedField[],
): void {
  const unfit = (why: string): TypeError => new TypeError(`encryption.fields: ${name}.${path} ${why}`)
  if (!entity || name === encryptionKeyEntity.name || name === 'journal')
    throw unfit('names no entity with fields of its own')
  const reason = copies.never[`${name}.${path}`]
  if (reason !== undefined) throw unfit(`cannot be encrypted: ${reason}`)
  if (promoted.some((each) => each.entity === name && each.field === path))
    throw unfit('is promoted to a column, to be sorted and added up; choose one of the two')
  if (/^custom\.[a-z][a-zA-Z0-9]*$/.test(path) && entity.kind === 'record') return
  const field = entity.fields.get(path)
  if (!field) throw unfit('is not a field; name one, or a custom field as custom.<key>')
  if (!field.personal) throw unfit('is not personal: only fields that say something about a person are encrypted')
  if (field.references !== undefined) throw unfit('refers to a record; leave it out')
  if (field.type !== 'text' && field.type !== 'json') throw unfit('is neither text nor structured; leave it out')
}

function encrypted(entity: Entity, paths: readonly Path[]): EncryptedEntity {
  const customKeys = paths.flatMap((path) => (path.startsWith('custom.') ? [path.slice('custom.'.length)] : []))
  const declared = paths.filter((path) => !path.startsWith('custom.'))
  const findable = paths.filter((path) => entity.fields.get(path)?.type !== 'json')
  const blind = new Map(findable.map((path) => [path, blindPath(entity, path)]))
  const replaced = new Set<Path>()
  const indexes = entity.storage.indexes.map((index): IndexDef => {
    const on = index.on.map((term): OrderTerm => {
      const column = blind.get(parseOrderTerm(term).path)
      if (column === undefined) return term
      replaced.add(column)
      return column
    })
    return on.some((term, position) => term !== index.on[position])
      ? { ...index, name: `${index.name}_blind`, on }
      : index
  })
  const shadowed = new Set(declared.flatMap((path) => entity.shadows.get(path) ?? []))
  const fresh = [...blind.values()]
    .filter((column) => !replaced.has(column))
    .map(
      (column): IndexDef => ({
        name: snakeCase(column),
        on: [column],
        ...(entity.kind === 'record' && { live: true }),
      }),
    )
  const storage: EntityDef = {
    ...entity.storage,
    fields: {
      ...entity.storage.fields,
      ...Object.fromEntries([...blind.values()].map((column) => [column, { type: 'text' as const }])),
    },
    indexes: [...indexes.filter(({ on }) => !on.some((term) => shadowed.has(parseOrderTerm(term).path))), ...fresh],
  }
  // A search term is a piece of the value.
  const search = entity.search?.filter((each) => !sourcesOf(each).some((path) => declared.includes(path)))
  return {
    entity,
    registered: { ...entity, storage, ...(search && { search }) },
    paths: new Set(declared),
    customKeys: new Set(customKeys),
    blind,
  }
}

function blindPath(entity: Entity, path: Path): Path {
  const camel = path.replaceAll(/\.(.)/g, (_, letter: string) => letter.toUpperCase())
  const column = `${camel}Blind`
  if (Object.hasOwn(entity.storage.fields, column))
    throw new TypeError(`${entity.name}.${column} is the blind index of ${path} and cannot be a field`)
  return column
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
