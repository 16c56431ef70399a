import type { ActorStamp } from '../entity/base-record.js'
import type { Entity, StoredField } from '../entity/entity.js'
import type { EntityChange } from '../entity/entity-change.js'
import type { Path, Row } from '../storage/row.js'
import type { ErasureMode } from './erasure-entity.js'
import { erasedText } from './identifiers.js'
import type { PersonalFields } from './personal-fields.js'
import { belongsTo, type SubjectRecords } from './subject-records.js'

/** What becomes of a record: it loses what is personal, or it goes. */
export type Fate = 'anonymise' | 'remove'

/**
 * What becomes of a record that refers to a subject. When the subject is deleted, what cannot be without it goes with it; what also
 * belongs to others stays, without personal fields and without the reference.
 */
export function fateOf(entity: Entity, row: Row, found: SubjectRecords, mode: ErasureMode): Fate {
  if (mode === 'anonymise') return 'anonymise'
  const references = [...entity.fields.values()].filter(
    ({ path, references: to }) => to && belongsTo(found, to, row[path]),
  )
  if (references.some(({ required }) => required)) return 'remove'
  const lists = (entity.polymorphicReferences ?? []).flatMap((each) => ('list' in each ? [each.list] : []))
  const linksOthers = lists.some((list) => linksOf(row, list).some(({ type, id }) => !belongsTo(found, type, id)))
  return references.length > 0 || linksOthers ? 'anonymise' : 'remove'
}

/** The change that takes what is personal out of a record; derived fields are set without a version. */
export function planAnonymised(
  entity: Entity,
  row: Row,
  personal: PersonalFields,
  found: SubjectRecords,
  mode: ErasureMode,
): EntityChange[] {
  const values: Record<Path, unknown> = {}
  const derived: Record<Path, unknown> = {}
  for (const field of personal.fields) {
    if (row[field.path] === undefined) continue
    if (field.derived) derived[field.path] = null
    else values[field.path] = erasedValue(field, row[field.path])
  }
  const custom = Object.entries((row.custom ?? {}) as Readonly<Record<string, unknown>>)
  const kept = custom.filter(([key]) => !personal.isPersonal(`custom.${key}`))
  if (kept.length < custom.length) values.custom = kept.length > 0 ? Object.fromEntries(kept) : null
  for (const path of Object.keys(row)) {
    const nameless = withoutName(row[path])
    if (nameless && path !== 'updatedBy') values[path] = nameless
  }
  if (mode === 'delete') Object.assign(values, withoutReferences(entity, row, found))
  const changes: EntityChange[] = []
  const differs = Object.keys(values).some(
    (path) => JSON.stringify(row[path]) !== JSON.stringify(values[path] ?? undefined),
  )
  if (differs) changes.push({ kind: 'update', entity: entity.name, before: row, values, implied: true, erases: true })
  const stamp = differs ? undefined : withoutName(row.updatedBy)
  const set = { ...derived, ...(stamp && { updatedBy: stamp }) }
  if (Object.keys(set).length > 0) changes.push({ kind: 'derive', entity: entity.name, id: row.id, set })
  return changes
}

/** What a projection that stays is left with. */
export function anonymisedProjection(personal: PersonalFields, row: Row): Record<Path, unknown> {
  const present = personal.fields.filter(({ path }) => row[path] !== undefined)
  const erased = present.map((field) => [field.path, erasedValue(field, row[field.path])] as const)
  return Object.fromEntries(erased.filter(([path, value]) => JSON.stringify(row[path]) !== JSON.stringify(value)))
}

/** The stamp of a visitor without the name; `undefined` where a value is no such stamp or has no name. Staff keep theirs. */
export function withoutName(value: unknown): ActorStamp | undefined {
  const stamp = value as Partial<ActorStamp> | undefined
  if (typeof stamp !== 'object' || stamp === null || stamp.name === undefined) return undefined
  if (stamp.type !== 'contact') return undefined
  const { name: _, ...nameless } = stamp
  return nameless as ActorStamp
}

function withoutReferences(entity: Entity, row: Row, found: SubjectRecords): Record<Path, unknown> {
  const values: Record<Path, unknown> = {}
  for (const { path, references } of entity.fields.values())
    if (references && belongsTo(found, references, row[path])) values[path] = null
  for (const each of entity.polymorphicReferences ?? []) {
    if ('list' in each)
      values[each.list] = linksOf(row, each.list).filter(({ type, id }) => !belongsTo(found, type, id))
  }
  return values
}

function linksOf(row: Row, list: Path): readonly { readonly type: string; readonly id: string }[] {
  return (row[list] ?? []) as readonly { readonly type: string; readonly id: string }[]
}

function erasedValue({ required, type }: StoredField, value: unknown): unknown {
  if (!required) return null
  switch (type) {
    case 'text':
      return erasedText
    case 'text[]':
      return []
    case 'json':
      return Array.isArray(value) ? [] : {}
    case 'bool':
      return false
    case 'instant':
      return '1970-01-01T00:00:00.000Z'
    default:
      return 0
  }
}
