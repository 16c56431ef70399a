import { uniqueValueId } from '../../entity/custom-fields/custom-unique-value.js'
import type { EntityChange } from '../../entity/entity-change.js'
import type { SessionContext } from '../../entity/session-context.js'
import { deriveId } from '../../kernel/id.js'
import type { Path, Row } from '../../storage/row.js'
import type { MergeKinds } from './mergeable.js'
import type { RelationHit } from './relation-hits.js'
import { planValue, type RelationUpdate } from './relation-value.js'

/** Which merge moves relations where to. */
export interface RelationTarget {
  readonly mergeId: string
  readonly objectType: string
  readonly survivorId: string
  readonly mergedIds: readonly string[]
}

/** A subject in a record's list of links. */
export interface Link {
  readonly type: string
  readonly id: string
}

/** Most writes that moving one relation takes: a line, the record it shows, and what is noted of both. */
export const writesPerRelation = 6

/**
 * The changes that let relations refer to the survivor, with a note of each so that unmerging can take it back. A link between the
 * merged records, or one that the survivor has already, is removed; so is the value of a unique custom field that another record
 * has with the survivor.
 */
export async function planMoves(
  context: SessionContext,
  kinds: MergeKinds,
  target: RelationTarget,
  hits: readonly RelationHit[],
): Promise<EntityChange[]> {
  const changes: EntityChange[] = []
  const updates = new Map<string, RelationUpdate>()
  const removed = new Map<string, Row>()
  const note = (
    entity: string,
    recordId: string,
    path: Path,
    fromId: string,
    effect: string,
    position?: number,
  ): void => {
    changes.push(
      planNote(target, { entity, recordId, path, fromId, effect, ...(position !== undefined && { position }) }),
    )
  }
  const update = (entity: string, row: Row): RelationUpdate => {
    const key = `${entity}/${row.id}`
    const known = updates.get(key) ?? { before: row, values: {} }
    updates.set(key, known)
    return known
  }
  const taken = await takenKeys(context, target, hits)
  const lines = new Set<string>()
  for (const hit of hits) {
    const { kind, row, fromId, linked } = hit
    const { name } = kind.entity
    if (kind.how === 'computed') {
      changes.push(...planDropped(target.mergeId, name, [row]))
    } else if (kind.how === 'field') {
      const planned = update(name, row)
      if (kind.isList) {
        const { values } = planned
        const list = (values[kind.path] ?? row[kind.path]) as readonly string[]
        const moved = replaced(list, fromId, target.survivorId, (id) => id)
        values[kind.path] = moved.list
        note(name, row.id, kind.path, fromId, moved.effect, (row[kind.path] as readonly string[]).indexOf(fromId))
      } else {
        const unique = uniqueIdOf(hit, target)
        const isTaken = unique !== undefined && taken.has(unique)
        if (unique !== undefined) taken.add(unique)
        planValue(planned, kind.path, isTaken ? null : target.survivorId)
        note(name, row.id, kind.path, fromId, isTaken ? 'joined' : 'moved')
      }
    } else if (kind.how === 'pair') {
      if (removed.has(row.id)) continue
      const known = updates.get(`${name}/${row.id}`)
      const after = { ...row, ...known?.values, [kind.path]: target.survivorId }
      const key = kind.entity.uniqueKey?.(after)
      const isLoop =
        participates(target, after.fromType, after.fromId) && participates(target, after.toType, after.toId)
      if (isLoop || (key !== undefined && taken.has(key))) {
        removed.set(row.id, row)
        updates.delete(`${name}/${row.id}`)
        changes.push({ kind: 'delete', entity: name, before: row, implied: true })
        note(name, row.id, kind.path, fromId, 'removed')
        continue
      }
      if (key !== undefined) taken.add(key)
      update(name, row).values[kind.path] = target.survivorId
      note(name, row.id, kind.path, fromId, 'moved')
    } else {
      const subject = { type: target.objectType, id: target.survivorId }
      const [joint] = kinds.planLine(row, subject)
      const lineId = joint && 'id' in joint ? joint.id : ''
      const known = lines.has(lineId) || taken.has(lineId)
      changes.push(...kinds.planLineRemoval(row))
      if (!known) changes.push(...kinds.planLine(row, subject))
      lines.add(lineId)
      note(name, row.recordId as string, row.recordType as Path, fromId, known ? 'joined' : 'moved')
      if (!linked) continue
      const { before, values } = update(row.recordType as string, linked)
      const links = (values.links ?? before.links) as readonly Link[]
      const position = (before.links as readonly Link[]).findIndex((link) => isLink(link, target.objectType, fromId))
      if (position < 0) continue
      const from = linkKey({ type: target.objectType, id: fromId })
      const moved = replaced(links, from, linkKey(subject), linkKey, subject)
      values.links = moved.list
      note(row.recordType as string, linked.id, 'links', fromId, moved.effect, position)
    }
  }
  for (const [key, { before, values }] of updates) {
    changes.push({ kind: 'update', entity: key.slice(0, key.indexOf('/')), before, values, implied: true })
  }
  return changes
}

/** A list with one entry replaced by another, or without it where the other is there already. */
function replaced<T>(
  list: readonly T[],
  from: string,
  to: string,
  keyOf: (entry: T) => string,
  entry: T = to as T,
): { readonly list: readonly T[]; readonly effect: 'moved' | 'joined' } {
  return list.some((item) => keyOf(item) === to)
    ? { list: list.filter((item) => keyOf(item) !== from), effect: 'joined' }
    : { list: list.map((item) => (keyOf(item) === from ? entry : item)), effect: 'moved' }
}

/** The claim to refer to the survivor by a custom field that is unique; a deleted record makes none. */
function uniqueIdOf({ kind, row }: RelationHit, { survivorId }: RelationTarget): string | undefined {
  if (kind.how !== 'field' || kind.uniqueKey === undefined || row.deletedAt !== undefined) return undefined
  return uniqueValueId({ object: kind.entity.name, key: kind.uniqueKey, value: survivorId })
}

/** Keys of the links, claims to unique values, and ids of the lines, that the survivor has already. One read for each kind. */
async function takenKeys(
  context: SessionContext,
  target: RelationTarget,
  hits: readonly RelationHit[],
): Promise<Set<string>> {
  const taken = new Set<string>()
  const pairs = new Map<string, Set<string>>()
  const lines = new Map<string, string[]>()
  const claims = new Set<string>()
  for (const hit of hits) {
    const { kind, row } = hit
    const claim = uniqueIdOf(hit, target)
    if (claim !== undefined) claims.add(claim)
    if (kind.how === 'pair') {
      const key = kind.entity.uniqueKey?.({ ...row, [kind.path]: target.survivorId })
      if (key !== undefined) pairs.set(kind.entity.name, (pairs.get(kind.entity.name) ?? new Set()).add(key))
    } else if (kind.how === 'line') {
      lines.set(kind.entity.name, [...(lines.get(kind.entity.name) ?? []), row.recordId as string])
    }
  }
  if (claims.size > 0)
    for (const row of await context.storage.getMany('customUniqueValue', [...claims])) if (row) taken.add(row.id)
  for (const [entity, keys] of pairs) {
    const page = await context.storage.find({
      entity,
      where: { op: 'in', path: 'uniqueKey', values: [...keys] },
      order: ['id'],
      limit: 1_000,
    })
    for (const row of page.rows) taken.add(row.uniqueKey as string)
  }
  for (const [entity, recordIds] of lines) {
    const where = {
      op: 'and',
      args: [
        { op: 'eq', path: 'subjectType', value: target.objectType },
        { op: 'eq', path: 'subjectId', value: target.survivorId },
        { op: 'in', path: 'recordId', values: [...new Set(recordIds)] },
      ],
    } as const
    const page = await context.storage.find({ entity, where, order: ['id'], limit: 1_000 })
    for (const row of page.rows) taken.add(row.id)
  }
  return taken
}

/** Takes computed rows away and keeps what they were. */
export function planDropped(mergeId: string, entity: string, rows: readonly Row[]): EntityChange[] {
  return rows.flatMap((row): EntityChange[] => [
    { kind: 'unproject', entity, id: row.id },
    planPreImage(mergeId, 'dropped', entity, row),
  ])
}

/** Keeps a row as it was before or after a merge. */
export function planPreImage(
  mergeId: string,
  part: 'before' | 'after' | 'dropped',
  entity: string,
  row: Row,
): EntityChange {
  const id = deriveId('mergePreImage', mergeId, part, entity, row.id)
  return { kind: 'project', entity: 'mergePreImage', id, values: { mergeId, part, entity, recordId: row.id, row } }
}

/** Notes what a merge did to a relation. */
export function planNote(
  { mergeId }: Pick<RelationTarget, 'mergeId'>,
  values: {
    readonly entity: string
    readonly recordId: string
    readonly path: Path
    readonly fromId: string
    readonly effect: string
    readonly position?: number
  },
): EntityChange {
  const id = noteId(mergeId, values.entity, values.recordId, values.path, values.fromId)
  return { kind: 'project', entity: 'mergedRelation', id, values: { mergeId, ...values } }
}

/** The id of a note follows from what it notes. */
export function noteId(mergeId: string, entity: string, recordId: string, path: Path, fromId: string): string {
  return deriveId('mergedRelation', mergeId, entity, recordId, path, fromId)
}

/** What tells links apart. */
export function linkKey({ type, id }: Link): string {
  return `${type}/${id}`
}

function isLink(link: Link, type: string, id: string): boolean {
  return link.type === type && link.id === id
}

function participates({ objectType, survivorId, mergedIds }: RelationTarget, type: unknown, id: unknown): boolean {
  return type === objectType && (id === survivorId || mergedIds.includes(id as string))
}
