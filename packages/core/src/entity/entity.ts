import type * as z from 'zod/mini'
import type { EntityAccess } from '../access/entity-access.js'
import type { EntityDef, FieldDef, IndexDef } from '../storage/entity-def.js'
import type { Path, Row } from '../storage/row.js'
import { type BaseRecord, baseFields, projectionFields } from './base-record.js'
import { refuseContradictions } from './entity-contradictions.js'
import { type FieldFacts, fieldFacts } from './field.js'
import { type SearchField, termsPath, textsPath } from './search/search-field.js'

/** The object schema of an entity's own fields. */
export type EntitySchema = z.ZodMiniObject<Readonly<Record<string, z.core.$ZodType>>>

/** One stored field of an entity, with its schema where callers may set it. */
export interface StoredField extends FieldFacts {
  readonly path: Path
  readonly required: boolean
  /** Written by Rapport alone. */
  readonly derived: boolean
}

/** A reference to a record of any entity: two fields that name its entity and its id, or a list of `{ type, id }`. */
export type PolymorphicReference = { readonly type: Path; readonly id: Path } | { readonly list: Path }

/** What a domain declares about an entity: facts as data, from which storage, validation and rights follow. */
export interface EntitySpec<Schema extends EntitySchema = EntitySchema, Derived extends EntitySchema = EntitySchema> {
  /** camelCase. */
  readonly name: string
  readonly schema: Schema
  /** Fields computed by Rapport and written with `touch: false`: no version, no journal. */
  readonly derived?: Derived
  readonly access: EntityAccess
  readonly indexes?: readonly IndexDef[]
  /**
   * `record` (default): versioned, journaled, deleted softly. `projection`: follows from other records, which carry the
   * journal; written and removed with them.
   */
  readonly kind?: 'record' | 'projection'
  /** Rows of a projection that are facts of their own: a policy of retention may name them by age, as it may any record. */
  readonly expires?: true
  /** The natural key of a row, unique per tenant among live rows; absent where a row has none. */
  readonly uniqueKey?: (row: Readonly<Record<Path, unknown>>) => string | undefined
  /** What to tell who breaks the unique key. */
  readonly uniqueRemedy?: { readonly field: string; readonly remedy: string }
  /** References that no single entity can be named for. Export and erasure of a person follow them. */
  readonly polymorphicReferences?: readonly PolymorphicReference[]
  /** Its records can be merged, so that an old id may stand for another record. */
  readonly mergeable?: true
  /** What hand-over and the public pool do with records that are `owned`. */
  readonly ownership?: {
    /** The owner tells of the past, such as who started a run: the records are never handed over. */
    readonly fixed?: true
    /** Records without an owner stand in the public pool. Needs the derived field `ownedSince`. */
    readonly pooled?: true
  }
  /** What its records are found by, the most telling first; none when left out. */
  readonly search?: readonly SearchField[]
  /** Left out of backups: its rows are secrets, or mean nothing in another storage. */
  readonly backedUp?: false
}

/** An entity ready for use: its spec and what was derived from it. */
export interface Entity<Schema extends EntitySchema = EntitySchema, Derived extends EntitySchema = EntitySchema>
  extends EntitySpec<Schema, Derived> {
  readonly kind: 'record' | 'projection'
  readonly fields: ReadonlyMap<Path, StoredField>
  /** Folded shadow by path. */
  readonly shadows: ReadonlyMap<Path, Path>
  readonly storage: EntityDef
}

/** The record type of an entity. */
export type RecordOf<E> =
  E extends Entity<infer Schema, infer Derived> ? z.output<Schema> & Partial<z.output<Derived>> & BaseRecord : never

/** Derives storage fields, indexes and shadows from a spec. Throws `TypeError` when the spec contradicts itself. */
export function defineEntity<
  Schema extends EntitySchema,
  Derived extends EntitySchema = z.ZodMiniObject<Record<never, never>>,
>(spec: EntitySpec<Schema, Derived>): Entity<Schema, Derived> {
  const kind = spec.kind ?? 'record'
  const fields = new Map<Path, StoredField>()
  const collect = (schema: EntitySchema, derived: boolean): void => {
    for (const [name, field] of Object.entries(schema.shape))
      collectField(fields, spec.name, name, field, true, derived)
  }
  collect(spec.schema, false)
  if (spec.derived) collect(spec.derived, true)
  const base = kind === 'record' ? baseFields : projectionFields
  const stored: Record<Path, FieldDef> = { ...base }
  const shadows = new Map<Path, Path>()
  for (const field of fields.values()) {
    if (field.folded && field.type !== 'text') throw new TypeError(`${spec.name}.${field.path} is no text to be folded`)
    if (Object.hasOwn(base, field.path) || field.path === 'id' || field.path === 'version')
      throw new TypeError(`${spec.name}.${field.path} is a base field already`)
    stored[field.path] = { type: field.type, ...(field.required && { required: true }) }
    if (field.folded) {
      shadows.set(field.path, `${field.path}Folded`)
      stored[`${field.path}Folded`] = { type: 'text' }
    }
  }
  const indexes: IndexDef[] = [...(spec.indexes ?? [])]
  if (spec.uniqueKey) {
    stored.uniqueKey = { type: 'text' }
    indexes.push({ name: 'natural_key', on: ['uniqueKey'], unique: true })
  }
  if (spec.search) {
    stored[termsPath] = { type: 'text[]' }
    stored[textsPath] = { type: 'text[]' }
    indexes.push({ name: 'search', on: [termsPath], kind: 'terms' })
  }
  const storage: EntityDef = { name: spec.name, fields: stored, indexes }
  refuseContradictions(spec, storage, shadows)
  return { ...spec, kind, fields, shadows, storage }
}

function collectField(
  into: Map<Path, StoredField>,
  entity: string,
  path: Path,
  schema: z.core.SomeType,
  required: boolean,
  derived: boolean,
): void {
  const facts = fieldFacts.get(schema as z.core.$ZodType)
  if (facts) {
    if (into.has(path)) throw new TypeError(`${entity}.${path} is declared twice`)
    into.set(path, { ...facts, path, required: required && !derived, derived })
    return
  }
  const inner = innerSchema(schema)
  if (inner) {
    collectField(into, entity, path, inner.schema, required && !inner.optional, derived)
    return
  }
  const shape = objectShape(schema)
  if (!shape) throw new TypeError(`${entity}.${path} is not made by the functions of field.ts`)
  for (const [name, field] of Object.entries(shape)) {
    collectField(into, entity, `${path}.${name}`, field, required, derived)
  }
}

/** The schema inside `optional`, `nullable` or a default. A default makes the stored field required. */
export function innerSchema(schema: z.core.SomeType): { schema: z.core.SomeType; optional: boolean } | undefined {
  const { type, innerType } = schema._zod.def as { type: string; innerType?: z.core.SomeType }
  if (innerType === undefined) return undefined
  return { schema: innerType, optional: type === 'optional' || type === 'nullable' }
}

/** The fields of an object schema. */
export function objectShape(schema: z.core.SomeType): Readonly<Record<string, z.core.SomeType>> | undefined {
  return (schema._zod.def as { shape?: Readonly<Record<string, z.core.SomeType>> }).shape
}

/** The unique key of a row, absent when the row is deleted. */
export function uniqueKeyOf(entity: Entity, row: Readonly<Record<Path, unknown>>): string | undefined {
  return row.deletedAt === undefined || row.deletedAt === null ? entity.uniqueKey?.(row) : undefined
}

/** The field that names who owns a record; absent where records are not owned. */
export function ownerFieldOf({ access }: Pick<EntitySpec, 'access'>): Path | undefined {
  return access.reach === 'owned' ? (access.ownerField ?? 'ownerId') : undefined
}

const internalPaths: ReadonlySet<Path> = new Set(['uniqueKey', 'journalHash', termsPath, textsPath])

/** Whether a path is kept for Rapport's own use and never shown: shadows, keys and hashes. */
export function isInternalPath(entity: Entity, path: Path): boolean {
  return internalPaths.has(path) || [...entity.shadows.values()].includes(path)
}

/** The row as a test of rights reads it: by path, also below json fields. */
export function readerOf(row: Readonly<Record<Path, unknown>> | Row): (path: Path) => unknown {
  return (path) => {
    if (Object.hasOwn(row, path)) return row[path]
    const dot = path.indexOf('.')
    if (dot < 0) return undefined
    const parent = row[path.slice(0, dot)]
    return typeof parent === 'object' && parent !== null
      ? readerOf(parent as Record<Path, unknown>)(path.slice(dot + 1))
      : undefined
  }
}
