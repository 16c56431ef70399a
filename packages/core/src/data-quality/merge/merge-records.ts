import { fieldMask } from '../../access/field-mask.js'
import { commit } from '../../entity/commit.js'
import type { EntityChange } from '../../entity/entity-change.js'
import { retryOnConflict } from '../../entity/record-service.js'
import type { RunEngine } from '../../entity/run-service.js'
import type { SessionContext } from '../../entity/session-context.js'
import { planMergedPairs } from '../duplicates/duplicate-pairs.js'
import { checkMergeCommand, type MergeCommand, readParticipants, requireMergeRights } from './merge-command.js'
import type { FieldChoice, MergedFields } from './merge-fields.js'
import type { MergePreview, MergeResult } from './merge-result.js'
import { conflictsOf, pairsOf } from './merge-run.js'
import { findInterrupted, planMergeRecord, planMergeStart } from './merge-start.js'
import type { Mergeable, MergeKinds } from './mergeable.js'
import { withoutMet } from './met-requirements.js'
import { planMoves } from './move-relations.js'
import { planCompletion, planFields, planSurvivorScores } from './plan-merge.js'
import { mostRelations, mostWrites, moveAll, takeRelations, writesIn } from './relation-batches.js'
import { countRelations } from './relation-counts.js'

/** Whose records of which kind are merged, and what does long work. */
export interface MergeScope {
  readonly context: SessionContext
  readonly kinds: MergeKinds
  readonly objectType: string
  readonly runs: RunEngine
}

type Completion = Parameters<typeof planCompletion>[2]

/** Merges records, or tells what merging them would do. See `MergeService.merge`. */
export async function mergeRecords(scope: MergeScope, input: MergeCommand): Promise<MergePreview | MergeResult> {
  const { context, kinds, objectType, runs } = scope
  const mergeable = kinds.byName[objectType] as Mergeable
  const command = checkMergeCommand(mergeable.entity, input)
  const { preview, target, atOnce } = await retryOnConflict(() => carryOut(scope, mergeable, command))
  if (command.dryRun) return preview
  const { mergeId } = target
  if (!atOnce) return { ...preview, mergeId, run: await runs.start(context, 'records.merge', { mergeId }) }
  // What came to refer to a merged record while it was being merged.
  const late = await moveAll(context, kinds, target)
  if (late > 0) await mergeable.settleTotals?.(context, target.survivorId)
  return { ...preview, mergeId }
}

/** Reads, checks and plans, and commits what can be committed at once. */
async function carryOut({ context, kinds, objectType }: MergeScope, mergeable: Mergeable, command: MergeCommand) {
  const { survivorId, mergedIds } = command
  const begun = await findInterrupted(context, objectType, command)
  const { survivor, sources } = await readParticipants(context, mergeable.entity, command, begun?.id)
  await requireMergeRights(context, mergeable.entity, survivor, sources, command.fields)
  const merged = await planFields(context, mergeable, survivor, sources, command.fields)
  const target = { mergeId: begun?.id ?? context.newId(), objectType, survivorId, mergedIds }
  const preview: MergePreview = {
    survivorId,
    mergedIds,
    fields: await readableChoices(context, mergeable, merged),
    conflicts: conflictsOf(merged.choices),
    relations: await countRelations(context, target),
  }
  if (command.dryRun || begun) return { preview, target, atOnce: false }
  const restrictions = (await mergeable.findRestrictions?.(context, [survivorId, ...mergedIds])) ?? []
  const plan: Completion = { target, survivor, sources, merged, restrictions, aliases: 'create' }
  const changes = await planAtOnce(context, kinds, mergeable, plan)
  await commit(
    context,
    changes
      ? [...changes, planMergeRecord(context, target, command, restrictions, preview.conflicts)]
      : planMergeStart(context, target, command, restrictions),
  )
  return { preview, target, atOnce: changes !== undefined }
}

/** All changes of a merge, when they fit into one batch. */
async function planAtOnce(
  context: SessionContext,
  kinds: MergeKinds,
  mergeable: Mergeable,
  plan: Completion,
): Promise<readonly EntityChange[] | undefined> {
  const hits = await takeRelations(context, plan.target, mostRelations)
  if (hits.length >= mostRelations) return undefined
  const changes = withoutMet([
    ...(await planMoves(context, kinds, plan.target, hits)),
    ...(await planSurvivorScores(context, plan.target)),
    ...planCompletion(context, mergeable, plan),
    ...(await planMergedPairs(context, plan.target.objectType, pairsOf(plan.target))),
  ])
  // The record of the merge itself is two more.
  return writesIn(context, changes) + 2 <= mostWrites ? changes : undefined
}

/** The choices without the values that the actor may not read. */
async function readableChoices(
  context: SessionContext,
  { entity }: Mergeable,
  { choices }: MergedFields,
): Promise<FieldChoice[]> {
  const mask = fieldMask(await context.access(), entity.name, entity.access)
  return choices.map((choice) => {
    const { value: _, ...rest } = choice
    return mask.readable(choice.field) ? choice : rest
  })
}
