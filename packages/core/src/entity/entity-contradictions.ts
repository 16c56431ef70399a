import type { EntityAccess } from '../access/entity-access.js'
import { type EntityDef, type IndexDef, parseOrderTerm, resolvePath } from '../storage/entity-def.js'
import type { Path } from '../storage/row.js'
import { type SearchField, sourcesOf, termsPath, textsPath } from './search/search-field.js'

/** The part of an entity's spec that can contradict itself. */
interface Declaration {
  readonly name: string
  readonly schema: { readonly shape: object }
  readonly derived?: { readonly shape: object }
  readonly access: EntityAccess
  readonly indexes?: readonly IndexDef[]
  readonly search?: readonly SearchField[]
  readonly ownership?: { readonly fixed?: true; readonly pooled?: true }
}

const camelCase = /^[a-z][a-zA-Z0-9]*$/

/**
 * Throws `TypeError` when parts of a spec do not fit together: a name that is no name, an index or a right over a path that is not
 * declared, a field that another one shadows. Better at definition than when the first visitor comes.
 */
export function refuseContradictions(spec: Declaration, storage: EntityDef, shadows: ReadonlyMap<Path, Path>): void {
  const { name, access, indexes = [] } = spec
  if (!camelCase.test(name)) throw new TypeError(`${name} is not a camelCase name of an entity`)
  const own = new Set([...Object.keys(spec.schema.shape), ...Object.keys(spec.derived?.shape ?? {})])
  for (const field of own) {
    if (!camelCase.test(field)) throw new TypeError(`${name}.${field} is not a camelCase name of a field`)
    if ([termsPath, textsPath, 'uniqueKey'].includes(field)) throw new TypeError(`${name}.${field} is kept by Rapport`)
  }
  for (const shadow of shadows.values())
    if (own.has(shadow)) throw new TypeError(`${name}.${shadow} is the folded shadow of another field`)
  for (const path of Object.keys(storage.fields))
    for (let dot = path.indexOf('.'); dot > 0; dot = path.indexOf('.', dot + 1))
      if (Object.hasOwn(storage.fields, path.slice(0, dot)))
        throw new TypeError(`${name}.${path} lies below a field that is stored whole`)

  const requirePath = (path: Path | undefined, place: string): void => {
    if (path !== undefined && !resolvePath(storage, path))
      throw new TypeError(`${name}: ${place} names ${path}, which is not declared`)
  }
  const names = new Set<string>()
  for (const index of indexes) {
    if (names.has(index.name)) throw new TypeError(`${name} has two indexes named ${index.name}`)
    names.add(index.name)
    for (const term of index.on) requirePath(parseOrderTerm(term).path, `the index ${index.name}`)
    if (index.live && !Object.hasOwn(storage.fields, 'deletedAt'))
      throw new TypeError(`${name} is never deleted softly, so its index ${index.name} cannot be live`)
  }
  for (const each of spec.search ?? []) {
    if (!(each.weight > 0 && each.weight <= 1))
      throw new TypeError(`${name}: search weighs ${each.field} outside 0 to 1`)
    for (const path of sourcesOf(each)) {
      requirePath(path, 'search')
      if (Object.hasOwn(spec.derived?.shape ?? {}, path))
        throw new TypeError(`${name}: search names ${path}, which is derived; name what it is made of`)
    }
  }
  requirePath(access.ownerField, 'ownerField')
  if (typeof access.reach === 'object') requirePath(access.reach.field, 'reach')
  else if (access.reach === 'owned') requirePath(access.ownerField ?? 'ownerId', 'reach')
  if (spec.ownership && access.reach !== 'owned')
    throw new TypeError(`${name}: ownership is declared, but nobody owns it`)
  if (spec.ownership?.pooled) requirePath('ownedSince', 'the pool')
  const { portal } = access
  requirePath(portal?.contact, 'portal.contact')
  requirePath(portal?.company, 'portal.company')
  requirePath(portal?.only?.path, 'portal.only')
  const isField = (path: Path): boolean =>
    resolvePath(storage, path) !== undefined ||
    Object.keys(storage.fields).some((field) => field.startsWith(`${path}.`))
  for (const path of [...(portal?.fields ?? []), ...(portal?.writable ?? [])])
    if (!isField(path)) throw new TypeError(`${name}: portal names ${path}, which is not declared`)
}
