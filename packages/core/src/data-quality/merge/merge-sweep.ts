import { commit } from '../../entity/commit.js'
import type { EntityChange } from '../../entity/entity-change.js'
import { readAliases } from '../../entity/record-alias.js'
import type { SessionContext } from '../../entity/session-context.js'
import { instantOf } from '../../kernel/instant.js'
import type { Row } from '../../storage/row.js'
import { readMergeRecord, targetOf } from './merge-record.js'
import type { MergeKinds } from './mergeable.js'
import { moveAll } from './relation-batches.js'

/**
 * When merges are swept, after they are complete. A database that does not make a check of what is absent wait for others lets a batch
 * that had begun before the merge be committed after it, under the old id: a moment later for a batch of its own, as late as the host
 * likes inside a transaction of the host. So does a process that dies between the two parts of a merge.
 */
const sweepsAfterMs = [60_000, 3_600_000] as const

/** Has a merge that becomes complete swept. */
export function planFirstSweep({ clock }: SessionContext, mergeId: string): EntityChange {
  return planSweepAt(mergeId, instantOf(clock.now() + sweepsAfterMs[0]))
}

/**
 * Moves what refers to the merged records of a merge, through later merges of the survivor too, and says when to do so again. A sweep that
 * fails is due again after as long as the merge has been complete, so one that always fails is soon in nobody's way.
 */
export async function sweepMerge(context: SessionContext, kinds: MergeKinds, mergeId: string): Promise<void> {
  const start = context.clock.now()
  const record = await readMergeRecord(context, mergeId)
  const completedAt = Date.parse(record.completedAt as string)
  try {
    await moveAlongMerges(context, kinds, record)
  } catch (error) {
    const again = start + Math.max(start - completedAt, sweepsAfterMs[0])
    // Where not even that can be kept, it stays due.
    await commit(context, [planSweepAt(mergeId, instantOf(again))]).catch(() => {})
    throw error
  }
  const later = sweepsAfterMs.map((ms) => completedAt + ms).find((at) => at > start)
  await commit(context, [planSweepAt(mergeId, later === undefined ? null : instantOf(later))])
}

async function moveAlongMerges(context: SessionContext, kinds: MergeKinds, first: Row): Promise<void> {
  let record = first
  for (let next: Row | undefined = first; next; ) {
    record = next
    const target = targetOf(record)
    const moved = record.status === 'completed' ? await moveAll(context, kinds, target) : 0
    if (moved === 0) break
    await kinds.byName[target.objectType]?.settleTotals?.(context, target.survivorId)
    const [alias] = await readAliases(context, target.objectType, [target.survivorId])
    next = alias && (await readMergeRecord(context, alias.mergeId as string))
  }
}

function planSweepAt(mergeId: string, sweepAt: string | null): EntityChange {
  return { kind: 'derive', entity: 'mergeRecord', id: mergeId, set: { sweepAt } }
}
