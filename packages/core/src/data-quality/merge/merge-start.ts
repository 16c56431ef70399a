import type { EntityChange } from '../../entity/entity-change.js'
import { readAliases } from '../../entity/record-alias.js'
import type { SessionContext } from '../../entity/session-context.js'
import { instantOf } from '../../kernel/instant.js'
import type { Row } from '../../storage/row.js'
import type { MergeCommand } from './merge-command.js'
import type { RelationTarget } from './move-relations.js'
import { planAlias } from './record-alias.js'

/** The record of a merge that is complete at once. */
export function planMergeRecord(
  context: SessionContext,
  target: RelationTarget,
  command: MergeCommand,
  restrictions: readonly unknown[],
  conflicts: readonly string[],
): EntityChange {
  const completedAt = instantOf(context.clock.now())
  return recordOf(context, target, command, { status: 'completed', completedAt, restrictions, conflicts })
}

/** A merge that will be done in several batches: its record, and the ids it takes hold of so that no other merge does. */
export function planMergeStart(
  context: SessionContext,
  target: RelationTarget,
  command: MergeCommand,
  restrictions: readonly unknown[],
): EntityChange[] {
  const { mergeId, objectType, survivorId, mergedIds } = target
  return [
    recordOf(context, target, command, { status: 'moving', restrictions }),
    ...mergedIds.map((oldId) =>
      planAlias('create', { objectType, oldId, recordId: survivorId, mergeId, pending: true }),
    ),
  ]
}

/** A merge of the same records whose run did not finish. */
export async function findInterrupted(
  context: SessionContext,
  objectType: string,
  { survivorId, mergedIds }: MergeCommand,
): Promise<Row | undefined> {
  const [alias] = await readAliases(context, objectType, mergedIds.slice(0, 1), { pending: true })
  if (!alias?.pending) return undefined
  const [record] = await context.storage.getMany('mergeRecord', [alias.mergeId as string])
  const ids = new Set((record?.mergedIds ?? []) as readonly string[])
  const same =
    record?.survivorId === survivorId && ids.size === mergedIds.length && mergedIds.every((id) => ids.has(id))
  return same && record.status === 'moving' ? record : undefined
}

function recordOf(
  context: SessionContext,
  { mergeId, objectType, survivorId, mergedIds }: RelationTarget,
  { fields = {} }: MergeCommand,
  state: Readonly<Record<string, unknown>>,
): EntityChange {
  const owner = context.actor.type === 'user' ? { ownerId: context.actor.id } : {}
  const values = { objectType, survivorId, mergedIds, strategies: fields, conflicts: [], ...state, ...owner }
  return { kind: 'create', entity: 'mergeRecord', id: mergeId, values, implied: true }
}
