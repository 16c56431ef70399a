import { commit } from '../../entity/commit.js'
import { retryOnConflict } from '../../entity/record-service.js'
import type { Checkpoint } from '../../entity/run-service.js'
import type { SessionContext } from '../../entity/session-context.js'
import type { Row } from '../../storage/row.js'
import { planMergedPairs } from '../duplicates/duplicate-pairs.js'
import type { MergeStrategy } from './merge-fields.js'
import { readMergeRecord, targetOf } from './merge-record.js'
import type { MergeRunParams } from './merge-result.js'
import type { Mergeable, MergeKinds } from './mergeable.js'
import type { RelationTarget } from './move-relations.js'
import { mergeRefused, planCompletion, planFields, planMergeStatus, planSurvivorScores } from './plan-merge.js'
import { planRestoration, readMergeState } from './plan-unmerge.js'
import { moveBatch, returnBatch } from './relation-batches.js'

/**
 * Merges records with too many relations for one batch: moves the relations batch by batch, then merges the records in a last one.
 * Until then all records stay as they are, and the merge is `moving`.
 */
export async function runMerge(
  kinds: MergeKinds,
  context: SessionContext,
  { mergeId }: MergeRunParams,
  checkpoint: Checkpoint,
): Promise<Readonly<Record<string, unknown>>> {
  const { target, mergeable } = await readTarget(context, kinds, mergeId)
  let moved = (checkpoint.cursor?.moved as number | undefined) ?? 0
  const moveAll = async (): Promise<void> => {
    for (let batch = await moveBatch(context, kinds, target); batch > 0; ) {
      moved += batch
      await checkpoint.save({ cursor: { moved }, done: moved })
      batch = await moveBatch(context, kinds, target)
    }
  }
  await moveAll()
  await retryOnConflict(() => completeMerge(context, mergeable, target))
  const counted = moved
  await moveAll()
  // What came to refer to a merged record meanwhile was not among the totals that were joined.
  if (moved > counted) await mergeable.settleTotals?.(context, target.survivorId)
  return { mergeId, moved }
}

/** Takes a merge with many relations back: the relations batch by batch, then the records in a last one. */
export async function runUnmerge(
  kinds: MergeKinds,
  context: SessionContext,
  { mergeId }: MergeRunParams,
  checkpoint: Checkpoint,
): Promise<Readonly<Record<string, unknown>>> {
  const { target, mergeable } = await readTarget(context, kinds, mergeId)
  const start = (checkpoint.cursor ?? {}) as { readonly handled?: number; readonly kept?: number }
  let [handled, kept] = [start.handled ?? 0, start.kept ?? 0]
  for (;;) {
    const batch = await returnBatch(context, kinds, target)
    if (batch.handled === 0) break
    handled += batch.handled
    kept += batch.kept
    await checkpoint.save({ cursor: { handled, kept }, done: handled })
  }
  const { conflicts, totalsChanged } = await retryOnConflict(async () => {
    const record = await readMergeRecord(context, mergeId)
    if (record.status === 'unmerged') return { conflicts: [], totalsChanged: false }
    const restoration = await planRestoration(context, mergeable, await readMergeState(context, mergeable, record))
    await commit(context, restoration.changes)
    return restoration
  })
  if (totalsChanged || kept > 0)
    for (const id of [target.survivorId, ...target.mergedIds]) await mergeable.settleTotals?.(context, id)
  return { mergeId, conflicts, kept }
}

/** The last batch of a merge whose relations are moved. */
export async function completeMerge(
  context: SessionContext,
  mergeable: Mergeable,
  target: RelationTarget,
): Promise<void> {
  const record = await readMergeRecord(context, target.mergeId)
  if (record.status === 'completed') return
  if (record.status !== 'moving')
    throw mergeRefused(record.id, 'unmerged', 'The merge was taken back', 'merge the records again')
  const rows = await context.storage.getMany(mergeable.entity.name, [target.survivorId, ...target.mergedIds])
  const gone = rows.some((row) => row === undefined || row.deletedAt !== undefined)
  if (gone) throw mergeRefused(record.id, 'deleted', 'A record of the merge was deleted', 'take the merge back')
  const [survivor, ...sources] = rows as [Row, ...Row[]]
  const strategies = record.strategies as Readonly<Record<string, MergeStrategy>>
  const merged = await planFields(context, mergeable, survivor, sources, strategies)
  const restrictions = record.restrictions as readonly unknown[]
  await commit(context, [
    ...(await planSurvivorScores(context, target)),
    ...planCompletion(context, mergeable, { target, survivor, sources, merged, restrictions, aliases: 'project' }),
    planMergeStatus(context, record, 'completed', conflictsOf(merged.choices)),
    ...(await planMergedPairs(context, target.objectType, pairsOf(target))),
  ])
}

/** The survivor with each of the merged records. */
export function pairsOf({ survivorId, mergedIds }: Pick<RelationTarget, 'survivorId' | 'mergedIds'>) {
  return mergedIds.map((id) => [survivorId, id] as const)
}

/** Fields in which records differed and nobody chose. */
export function conflictsOf(choices: readonly { readonly field: string; readonly conflict: boolean }[]): string[] {
  return choices.filter(({ conflict }) => conflict).map(({ field }) => field)
}

async function readTarget(
  context: SessionContext,
  kinds: MergeKinds,
  mergeId: string,
): Promise<{ readonly target: RelationTarget; readonly mergeable: Mergeable }> {
  const target = targetOf(await readMergeRecord(context, mergeId))
  const mergeable = kinds.byName[target.objectType]
  if (!mergeable) throw new TypeError(`Records of kind ${target.objectType} cannot be merged`)
  return { target, mergeable }
}
