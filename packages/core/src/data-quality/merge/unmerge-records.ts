import { commit } from '../../entity/commit.js'
import { readOne } from '../../entity/record-reader.js'
import { retryOnConflict } from '../../entity/record-service.js'
import { CrmError, invalidField } from '../../kernel/crm-error.js'
import { planPairsApart } from '../duplicates/duplicate-pairs.js'
import { requireMergeRights } from './merge-command.js'
import { readMergeRecord, targetOf } from './merge-record.js'
import type { MergeScope } from './merge-records.js'
import type { UnmergeResult } from './merge-result.js'
import { pairsOf } from './merge-run.js'
import type { Mergeable } from './mergeable.js'
import { withoutMet } from './met-requirements.js'
import { planMergeStatus } from './plan-merge.js'
import { planRestoration, readMergeState } from './plan-unmerge.js'
import { mostRelations, mostWrites, takeNotes, writesIn } from './relation-batches.js'
import { planReturns } from './return-relations.js'

/** Takes a merge back, or tells what that would do. See `MergeService.unmerge`. */
export async function unmergeRecords(
  scope: MergeScope,
  mergeId: string,
  options: { readonly dryRun?: boolean } = {},
): Promise<UnmergeResult> {
  const { context, kinds, objectType, runs } = scope
  const mergeable = kinds.byName[objectType] as Mergeable
  if (typeof mergeId !== 'string' || mergeId === '') throw invalidField('mergeId', 'must be the id of a merge')
  const { result, atOnce, totalsChanged } = await retryOnConflict(() => carryOut(scope, mergeable, mergeId, options))
  if (options.dryRun) return result
  if (!atOnce) return { ...result, run: await runs.start(context, 'records.unmerge', { mergeId }) }
  if (totalsChanged || result.kept > 0)
    for (const id of [result.survivorId, ...result.restoredIds]) await mergeable.settleTotals?.(context, id)
  return result
}

/** Reads, checks and plans, and commits what can be committed at once. */
async function carryOut(
  { context, kinds, objectType }: MergeScope,
  mergeable: Mergeable,
  mergeId: string,
  options: { readonly dryRun?: boolean },
) {
  const record = await readMergeRecord(context, mergeId)
  if (record.objectType !== objectType)
    throw new CrmError('not_found', 'There is no merge with this id', { entity: 'mergeRecord', id: mergeId })
  const state = await readMergeState(context, mergeable, record)
  await readOne(context, mergeable.entity, state.survivor.id)
  await requireMergeRights(context, mergeable.entity, state.survivor, state.sources)
  const target = targetOf(record)
  const { changes: restored, conflicts, totalsChanged } = await planRestoration(context, mergeable, state)
  const notes = await takeNotes(context, mergeId, mostRelations)
  const returns = await planReturns(context, kinds, target, notes)
  const apart = await planPairsApart(context, objectType, pairsOf(target))
  const { survivorId, mergedIds: restoredIds } = target
  const result: UnmergeResult = { mergeId, survivorId, restoredIds, conflicts, kept: returns.kept }
  const changes = withoutMet([...returns.changes, ...restored, ...apart])
  const atOnce = notes.length < mostRelations && writesIn(context, changes) <= mostWrites
  if (options.dryRun) return { result, atOnce, totalsChanged }
  const begun = record.status === 'reverting' ? [] : [planMergeStatus(context, record, 'reverting')]
  await commit(context, atOnce ? changes : [...begun, ...apart])
  return { result, atOnce, totalsChanged }
}
