import type { EntityChange } from '../../entity/entity-change.js'
import type { SessionContext } from '../../entity/session-context.js'
import type { Path, Row } from '../../storage/row.js'
import type { MergeKinds } from './mergeable.js'
import { type Link, linkKey, type RelationTarget } from './move-relations.js'
import { plannedValue, planValue, type RelationUpdate } from './relation-value.js'

/** The changes that take moved relations back, and how many stay because somebody changed them since. */
export interface RelationReturns {
  readonly changes: readonly EntityChange[]
  readonly kept: number
}

/**
 * Lets relations refer to the merged records again. One that somebody changed since, so that it no longer refers to the survivor,
 * stays as it is. The notes are removed with it.
 */
export async function planReturns(
  context: SessionContext,
  kinds: MergeKinds,
  target: RelationTarget,
  notes: readonly Row[],
): Promise<RelationReturns> {
  const changes: EntityChange[] = []
  const updates = new Map<string, RelationUpdate>()
  let kept = 0
  const rows = await currentRows(context, target, notes)
  // Entries go back into a list in the order in which they stood.
  const ordered = notes.toSorted((a, b) => ((a.position as number) ?? -1) - ((b.position as number) ?? -1))
  const restored = new Set<string>()
  for (const note of ordered) {
    changes.push({ kind: 'unproject', entity: 'mergedRelation', id: note.id })
    const [entity, path, fromId, effect] = [note.entity, note.path, note.fromId, note.effect] as string[] as [
      string,
      string,
      string,
      string,
    ]
    const key = `${entity}/${note.recordId as string}`
    if (context.registry.get(entity).kind === 'projection') {
      const line = rows.get(lineKey(path, note.recordId as string))
      if (!line) {
        kept++
        continue
      }
      if (effect === 'moved') changes.push(...kinds.planLineRemoval(line))
      changes.push(...kinds.planLine(line, { type: target.objectType, id: fromId }))
      continue
    }
    const row = rows.get(key)
    const isDeleted = row?.deletedAt !== undefined
    if (!row || (effect === 'removed' && !isDeleted) || (effect === 'created' && isDeleted)) kept++
    else if (effect === 'created') changes.push({ kind: 'delete', entity, before: row, implied: true })
    else if (effect === 'removed') {
      if (!restored.has(key)) changes.push({ kind: 'restore', entity, before: row, implied: true })
      restored.add(key)
    } else {
      const known = updates.get(key) ?? { before: row, values: {} }
      const returned = returnedValue(known, path, fromId, effect, target, note.position as number | undefined)
      if (returned === undefined) kept++
      else {
        planValue(known, path, returned)
        updates.set(key, known)
      }
    }
  }
  for (const [key, { before, values }] of updates) {
    changes.push({ kind: 'update', entity: key.slice(0, key.indexOf('/')), before, values, implied: true })
  }
  return { changes, kept }
}

function returnedValue(
  update: RelationUpdate,
  path: Path,
  fromId: string,
  effect: string,
  target: RelationTarget,
  position: number | undefined,
): unknown {
  const current = plannedValue(update, path)
  if (!Array.isArray(current)) {
    // A unique value was taken out; a list that is gone was emptied by somebody.
    const left = effect === 'joined' && path.startsWith('custom.') ? undefined : target.survivorId
    return current === left ? fromId : undefined
  }
  const isLinks = current.every((entry) => typeof entry === 'object')
  const keyOf = (entry: unknown): string => (isLinks ? linkKey(entry as Link) : (entry as string))
  const [own, survivor] = [fromId, target.survivorId].map((id): unknown =>
    isLinks ? { type: target.objectType, id } : id,
  )
  const at = current.findIndex((entry) => keyOf(entry) === keyOf(survivor))
  if (current.some((entry) => keyOf(entry) === keyOf(own))) return undefined
  if (effect === 'moved') return at < 0 ? undefined : current.with(at, own)
  return current.toSpliced(Math.min(position ?? current.length, current.length), 0, own)
}

/** The records of the notes, and the survivor's lines, as they are now. */
async function currentRows(
  context: SessionContext,
  target: RelationTarget,
  notes: readonly Row[],
): Promise<Map<string, Row>> {
  const rows = new Map<string, Row>()
  const byEntity = Map.groupBy(notes, (note) => note.entity as string)
  for (const [entity, own] of byEntity) {
    const ids = [...new Set(own.map(({ recordId }) => recordId as string))]
    if (context.registry.get(entity).kind === 'record') {
      for (const row of await context.storage.getMany(entity, ids)) if (row) rows.set(`${entity}/${row.id}`, row)
      continue
    }
    const where = {
      op: 'and',
      args: [
        { op: 'eq', path: 'subjectType', value: target.objectType },
        { op: 'eq', path: 'subjectId', value: target.survivorId },
        { op: 'in', path: 'recordId', values: ids },
      ],
    } as const
    const page = await context.storage.find({ entity, where, order: ['id'], limit: 1_000 })
    for (const row of page.rows) rows.set(lineKey(row.recordType as string, row.recordId as string), row)
  }
  return rows
}

function lineKey(recordType: string, recordId: string): string {
  return `line:${recordType}/${recordId}`
}
