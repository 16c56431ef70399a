import { fieldMask } from '../../access/field-mask.js'
import { commit } from '../../entity/commit.js'
import type { EntityChange } from '../../entity/entity-change.js'
import { readOne } from '../../entity/record-reader.js'
import { retryOnConflict } from '../../entity/record-service.js'
import type { Run } from '../../entity/run-entity.js'
import type { RunEngine } from '../../entity/run-service.js'
import type { SessionContext } from '../../entity/session-context.js'
import { CrmError, invalidField } from '../../kernel/crm-error.js'
import { planMergedPairs, planPairsApart } from '../duplicates/duplicate-pairs.js'
import { checkMergeCommand, type MergeCommand, readParticipants, requireMergeRights } from './merge-command.js'
import type { FieldChoice, MergedFields } from './merge-fields.js'
import { conflictsOf, pairsOf, readMergeRecord, targetOf } from './merge-run.js'
import { findInterrupted, planMergeRecord, planMergeStart } from './merge-start.js'
import type { Mergeable, MergeKinds } from './mergeable.js'
import { planMoves } from './move-relations.js'
import { planCompletion, planFields, planMergeStatus, planSurvivorScores } from './plan-merge.js'
import { planRestoration, readMergeState } from './plan-unmerge.js'
import { resolveAliases } from './record-alias.js'
import { mostWrites, moveAll, takeNotes, takeRelations, writesIn } from './relation-batches.js'
import { countRelations } from './relation-counts.js'
import { planReturns } from './return-relations.js'

/** What a merge does, or would do. */
export interface MergePreview {
  readonly survivorId: string
  readonly mergedIds: readonly string[]
  /** Every field of the result: whose value it is and why. */
  readonly fields: readonly FieldChoice[]
  /** Fields in which the records differ and nobody said what to keep; the survivor's value is kept. */
  readonly conflicts: readonly string[]
  /** How many records of each kind refer to the merged ones, and will refer to the survivor. */
  readonly relations: Readonly<Record<string, number>>
}

/** A merge that was carried out, or is being. */
export interface MergeResult extends MergePreview {
  /** Takes the merge back: `unmerge(mergeId)`. */
  readonly mergeId: string
  /** There are too many relations for one batch: the merge is complete when this run is. */
  readonly run?: Run
}

/** What taking a merge back did, or would do. */
export interface UnmergeResult {
  readonly mergeId: string
  readonly survivorId: string
  /** The records that are there again. */
  readonly restoredIds: readonly string[]
  /** Fields of the survivor that the merge had changed and somebody changed again since: that edit is kept. */
  readonly conflicts: readonly string[]
  /** Relations that somebody changed since, so that they stay as they are. */
  readonly kept: number
  /** There are too many relations for one batch: all is back when this run is done, and its result tells `conflicts` and `kept`. */
  readonly run?: Run
}

/** Merging records of one kind. */
export interface MergeService {
  /** What a merge would do. */
  merge(command: MergeCommand & { readonly dryRun: true }): Promise<MergePreview>
  /**
   * Makes several records one: fields, addresses, consent and all that refers to them. In one atomic batch where it fits, otherwise by
   * a run that can be resumed by calling it again. Needs the right to edit all of them and to delete the merged ones.
   */
  merge(command: MergeCommand): Promise<MergeResult>
  /**
   * Takes a merge back. Both records are as they were, with what was changed since; relations that were moved go back, those made
   * since stay with the survivor. Throws `rule_violated` after one of the persons was erased.
   */
  unmerge(mergeId: string, options?: { readonly dryRun?: boolean }): Promise<UnmergeResult>
  /** The id of the record that an id leads to, through any number of merges. Throws `not_found` when it is not there. */
  resolveId(id: string): Promise<string>
}

const mostRelations = Math.floor(mostWrites / 3)

/** Merging of one kind of record in a session. */
export function createMergeService(
  context: SessionContext,
  kinds: MergeKinds,
  objectType: string,
  runs: RunEngine,
): MergeService {
  const mergeable = kinds.byName[objectType] as Mergeable
  const { entity } = mergeable

  const merge = async (input: MergeCommand): Promise<MergePreview | MergeResult> => {
    const command = checkMergeCommand(entity, input)
    return retryOnConflict(async () => {
      const resumed = await findInterrupted(context, objectType, command)
      const { survivor, sources } = await readParticipants(context, entity, command, resumed?.id)
      await requireMergeRights(context, entity, survivor, sources, command.fields)
      const merged = await planFields(context, mergeable, survivor, sources, command.fields)
      const target = { mergeId: resumed?.id ?? context.newId(), objectType, ...idsOf(command) }
      const preview = {
        ...idsOf(command),
        fields: await readableChoices(context, mergeable, merged),
        conflicts: conflictsOf(merged.choices),
        relations: await countRelations(context, target),
      }
      if (command.dryRun) return preview
      if (resumed) return { ...preview, mergeId: target.mergeId, run: await startRun('records.merge', target.mergeId) }
      const ids = [command.survivorId, ...command.mergedIds]
      const restrictions = (await mergeable.findRestrictions?.(context, ids)) ?? []
      const plan = { target, survivor, sources, merged, restrictions, aliases: 'create' } as const
      const changes = await planAtOnce(context, kinds, mergeable, plan)
      if (changes) {
        const record = planMergeRecord(context, target, command, restrictions, preview.conflicts)
        await commit(context, [...changes, record])
        // What came to refer to a merged record while it was being merged.
        const late = await moveAll(context, kinds, target)
        if (late > 0) await mergeable.settleTotals?.(context, survivor.id)
        return { ...preview, mergeId: target.mergeId }
      }
      await commit(context, planMergeStart(context, target, command, restrictions))
      return { ...preview, mergeId: target.mergeId, run: await startRun('records.merge', target.mergeId) }
    })
  }

  const startRun = (kind: string, mergeId: string): Promise<Run> => runs.start(context, kind, { mergeId })

  return {
    merge: merge as MergeService['merge'],
    unmerge: (mergeId, options = {}) =>
      retryOnConflict(async () => {
        if (typeof mergeId !== 'string' || mergeId === '') throw invalidField('mergeId', 'must be the id of a merge')
        const record = await readMergeRecord(context, mergeId)
        if (record.objectType !== objectType) throw noMerge(mergeId)
        const state = await readMergeState(context, mergeable, record)
        await readOne(context, entity, state.survivor.id)
        await requireMergeRights(context, entity, state.survivor, state.sources)
        const target = targetOf(record)
        const restoration = await planRestoration(context, mergeable, state)
        const notes = await takeNotes(context, mergeId, mostRelations)
        const returns = await planReturns(context, kinds, target, notes)
        const apart = await planPairsApart(context, objectType, pairsOf(target))
        const result = {
          mergeId,
          survivorId: target.survivorId,
          restoredIds: target.mergedIds,
          conflicts: restoration.conflicts,
          kept: returns.kept,
        }
        if (options.dryRun) return result
        const changes = [...returns.changes, ...restoration.changes, ...apart]
        if (notes.length < mostRelations && writesIn(context, changes) <= mostWrites) {
          await commit(context, changes)
          if (restoration.totalsChanged || returns.kept > 0)
            for (const id of [target.survivorId, ...target.mergedIds]) await mergeable.settleTotals?.(context, id)
          return result
        }
        await commit(context, [
          ...(record.status === 'reverting' ? [] : [planMergeStatus(context, record, 'reverting')]),
          ...apart,
        ])
        return { ...result, run: await startRun('records.unmerge', mergeId) }
      }),
    async resolveId(id) {
      if (typeof id !== 'string' || id === '') throw invalidField('id', 'must be the id of a record')
      const leads = await resolveAliases(context, objectType, [id])
      return (await readOne(context, entity, leads.get(id) as string)).id
    },
  }
}

/** All changes of a merge, when they fit into one batch. */
async function planAtOnce(
  context: SessionContext,
  kinds: MergeKinds,
  mergeable: Mergeable,
  plan: Parameters<typeof planCompletion>[2],
): Promise<EntityChange[] | undefined> {
  const hits = await takeRelations(context, plan.target, mostRelations)
  if (hits.length >= mostRelations) return undefined
  const changes = [
    ...(await planMoves(context, kinds, plan.target, hits)),
    ...(await planSurvivorScores(context, plan.target)),
    ...planCompletion(context, mergeable, plan),
    ...(await planMergedPairs(context, plan.target.objectType, pairsOf(plan.target))),
  ]
  // The record of the merge itself is two more.
  return writesIn(context, changes) + 2 <= mostWrites ? changes : undefined
}

function idsOf({ survivorId, mergedIds }: MergeCommand): Pick<MergeCommand, 'survivorId' | 'mergedIds'> {
  return { survivorId, mergedIds }
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

function noMerge(mergeId: string): CrmError {
  return new CrmError('not_found', 'There is no merge with this id', { entity: 'mergeRecord', id: mergeId })
}
