import { resolveAliases } from '../../entity/record-alias.js'
import { readOne } from '../../entity/record-reader.js'
import type { RunEngine } from '../../entity/run-service.js'
import type { SessionContext } from '../../entity/session-context.js'
import { invalidField } from '../../kernel/crm-error.js'
import type { MergeCommand } from './merge-command.js'
import { mergeRecords } from './merge-records.js'
import type { MergePreview, MergeResult, UnmergeResult } from './merge-result.js'
import type { MergeKinds } from './mergeable.js'
import { unmergeRecords } from './unmerge-records.js'

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

/** Merging of one kind of record in a session. */
export function createMergeService(
  context: SessionContext,
  kinds: MergeKinds,
  objectType: string,
  runs: RunEngine,
): MergeService {
  const merge = async (command: MergeCommand): Promise<MergePreview | MergeResult> => {
    return mergeRecords({ context, kinds, objectType, runs }, command)
  }
  return {
    merge: merge as MergeService['merge'],
    async unmerge(mergeId, options = {}) {
      return unmergeRecords({ context, kinds, objectType, runs }, mergeId, options)
    },
    async resolveId(id) {
      if (typeof id !== 'string' || id === '') throw invalidField('id', 'must be the id of a record')
      const leads = await resolveAliases(context, objectType, [id])
      const entity = context.registry.get(objectType)
      return (await readOne(context, entity, leads.get(id) as string)).id
    },
  }
}
