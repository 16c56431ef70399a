import { commit } from '../../entity/commit.js'
import type { EntityChange } from '../../entity/entity-change.js'
import { retryOnConflict } from '../../entity/record-service.js'
import type { SessionContext } from '../../entity/session-context.js'
import type { Row } from '../../storage/row.js'
import { readMergeRecord } from './merge-record.js'
import type { MergeKinds } from './mergeable.js'
import { planMoves, type RelationTarget, writesPerRelation } from './move-relations.js'
import { eachRelation, type RelationHit } from './relation-hits.js'
import { tenantRelationKinds } from './relation-kind.js'
import { planReturns } from './return-relations.js'

/** Most writes of a batch. */
export const mostWrites = 1_000
/** Most relations that a batch can move besides the records themselves. */
export const mostRelations = Math.floor(mostWrites / 3)
/** The merge that they belong to is required besides. */
const relationsPerBatch = Math.floor((mostWrites - 1) / writesPerRelation)

/** At most so many of the relations that still refer to the merged records. */
export async function takeRelations(
  context: SessionContext,
  { objectType, survivorId, mergedIds }: RelationTarget,
  limit: number,
): Promise<RelationHit[]> {
  const hits: RelationHit[] = []
  const participants = new Set([survivorId, ...mergedIds])
  const kinds = await tenantRelationKinds(context, objectType)
  for await (const hit of eachRelation(context, kinds, objectType, mergedIds)) {
    // A merged record that refers to another one is settled by the choice of its fields.
    if (hit.kind.entity.name === objectType && participants.has(hit.row.id)) continue
    hits.push(hit)
    if (hits.length >= limit) break
  }
  return hits
}

/**
 * Moves one batch of relations; the number moved, 0 when none is left or the merge is being taken back. Repeating it after a crash moves
 * what is left.
 */
export function moveBatch(context: SessionContext, kinds: MergeKinds, target: RelationTarget): Promise<number> {
  return retryOnConflict(async () => {
    const hits = await takeRelations(context, target, relationsPerBatch)
    if (hits.length === 0) return 0
    const { id, status, version } = await readMergeRecord(context, target.mergeId)
    if (status !== 'moving' && status !== 'completed') return 0
    const stillMerging: EntityChange = { kind: 'require', entity: 'mergeRecord', id, is: version }
    await commit(context, [...(await planMoves(context, kinds, target, hits)), stillMerging])
    return hits.length
  })
}

/** Moves all relations, batch by batch; the number moved. */
export async function moveAll(context: SessionContext, kinds: MergeKinds, target: RelationTarget): Promise<number> {
  for (let moved = 0; ; ) {
    const batch = await moveBatch(context, kinds, target)
    if (batch === 0) return moved
    moved += batch
  }
}

/** Takes one batch of relations back; how many were handled, and how many of them stay. */
export function returnBatch(
  context: SessionContext,
  kinds: MergeKinds,
  target: RelationTarget,
): Promise<{ readonly handled: number; readonly kept: number }> {
  return retryOnConflict(async () => {
    const notes = await takeNotes(context, target.mergeId, relationsPerBatch)
    if (notes.length === 0) return { handled: 0, kept: 0 }
    const { changes, kept } = await planReturns(context, kinds, target, notes)
    await commit(context, changes)
    return { handled: notes.length, kept }
  })
}

/** At most so many notes of what a merge did to relations. */
export async function takeNotes(context: SessionContext, mergeId: string, limit: number): Promise<Row[]> {
  const page = await context.storage.find({
    entity: 'mergedRelation',
    where: { op: 'eq', path: 'mergeId', value: mergeId },
    // What joined comes first: it is copied from the line that what moved takes along.
    order: ['effect', 'id'],
    limit,
  })
  return page.rows
}

/** Writes that changes make at most: a record's change is journaled. */
export function writesIn(context: SessionContext, changes: readonly EntityChange[]): number {
  return changes.reduce(
    (sum, { kind, entity }) =>
      sum +
      (kind !== 'project' && kind !== 'unproject' && kind !== 'derive' && context.registry.get(entity).kind === 'record'
        ? 2
        : 1),
    0,
  )
}
