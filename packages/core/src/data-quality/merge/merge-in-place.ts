import { commit } from '../../entity/commit.js'
import { retryOnConflict } from '../../entity/record-service.js'
import type { SessionContext } from '../../entity/session-context.js'
import type { MergeCommand } from './merge-command.js'
import { readParticipants } from './merge-command.js'
import { completeMerge } from './merge-run.js'
import { findInterrupted, planMergeStart } from './merge-start.js'
import type { Mergeable, MergeKinds } from './mergeable.js'
import { moveAll } from './relation-batches.js'

/**
 * Merges records within another run, batch by batch and without a run of its own. Repeating it after a crash finishes what was
 * begun. Rights are the caller's business.
 */
export async function mergeInPlace(
  context: SessionContext,
  kinds: MergeKinds,
  objectType: string,
  command: MergeCommand,
): Promise<void> {
  const mergeable = kinds.byName[objectType] as Mergeable
  const target = await retryOnConflict(async () => {
    const begun = await findInterrupted(context, objectType, command)
    const { survivorId, mergedIds } = command
    const found = { mergeId: begun?.id ?? context.newId(), objectType, survivorId, mergedIds }
    await readParticipants(context, mergeable.entity, command, begun?.id)
    if (!begun) {
      const restrictions = (await mergeable.findRestrictions?.(context, [survivorId, ...mergedIds])) ?? []
      await commit(context, planMergeStart(context, found, command, restrictions))
    }
    return found
  })
  await moveAll(context, kinds, target)
  await retryOnConflict(() => completeMerge(context, mergeable, target))
  const late = await moveAll(context, kinds, target)
  if (late > 0) await mergeable.settleTotals?.(context, target.survivorId)
}
