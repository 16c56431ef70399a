import { requireAssignable } from '../entity/owner-assignment.js'
import { readOne } from '../entity/record-reader.js'
import { type Run, runEntity } from '../entity/run-entity.js'
import type { RunEngine } from '../entity/run-service.js'
import type { SessionContext } from '../entity/session-context.js'
import { CrmError, invalidField } from '../kernel/crm-error.js'
import { type HandOver, prepareHandOver } from './hand-over.js'
import { ownedEntities } from './owned-entities.js'
import { type Ownership, readOwnerHistory } from './owner-history.js'
import { handOverKind, recycleKind, undoMovesKind } from './run-kinds.js'

/** Who owns what. */
export interface OwnershipService {
  /**
   * Hands over the records of one owner as a run, in batches of at most 1,000: over every entity with owners, whatever this version
   * knows of. Its result counts by entity: `moved`, and `left` for those the actor may not change. Deleted records stay as they are.
   * Running it again moves what is left.
   *
   * Throws `validation_failed`, `access_denied`, or `rule_violated` for a next owner who is not active.
   */
  handOver(handOver: HandOver): Promise<Run>
  /**
   * Gives back, as a run, what a hand-over or a recycling moved, by the id of that run. Records stay that were deleted or got yet
   * another owner; its result counts `returned` and `kept`. Throws `rule_violated` while that run goes on.
   */
  undo(runId: string): Promise<Run>
  /** Who owned a record when, newest first, from its journal. */
  history(object: string, id: string): Promise<Ownership[]>
}

/** Ownership of a session. */
export function createOwnershipService(context: SessionContext, runs: RunEngine): OwnershipService {
  return {
    async handOver(asked) {
      return runs.start(context, handOverKind, { ...(await prepareHandOver(context, asked)) })
    },
    async undo(runId) {
      const run = await readOne(context, runEntity, runId)
      if (run.kind !== handOverKind && run.kind !== recycleKind)
        throw invalidField('runId', 'must be the id of a hand-over or of a recycling')
      if (run.status === 'queued' || run.status === 'running')
        throw new CrmError('rule_violated', 'The run has not ended', {
          entity: 'run',
          id: runId,
          field: 'status',
          remedy: 'wait until the run has ended, or cancel it',
        })
      const { from } = run.params as { readonly from?: string }
      const [first] = ownedEntities(context.registry)
      if (from !== undefined && first) await requireAssignable(context, new Map([[from, first.entity]]))
      return runs.start(context, undoMovesKind, { runId, starter: context.actor })
    },
    history: (object, id) => readOwnerHistory(context, object, id),
  }
}
