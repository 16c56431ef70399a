import { commit } from '../commit.js'
import type { RunKind } from '../run-service.js'
import type { CustomField } from './custom-field.js'
import { planPendingRollUps, staleName } from './pending-roll-up.js'

interface RecomputeParams {
  /** Entity whose records are computed anew. */
  readonly object: CustomField['object']
}

const recordsAtOnce = 200

/**
 * Computes the formulas and roll-ups of all records of an entity, deleted ones too, in the order of their ids. Taken up behind the
 * last checkpoint; doing a batch again changes nothing.
 */
export const recomputeRun: RunKind<RecomputeParams> = {
  kind: 'customFields.recompute',
  async execute(context, { object }, checkpoint) {
    const { settleRollUps } = await import('./settle-roll-ups.js')
    let done = (checkpoint.cursor?.done as number | undefined) ?? 0
    let after = checkpoint.cursor?.after as string | undefined
    for (;;) {
      const page = await context.storage.find({
        entity: object,
        order: ['id'],
        limit: recordsAtOnce,
        fields: ['id'],
        ...(after !== undefined && { after: [after] }),
      })
      const records = page.rows.map(({ id }) => staleName(object, id))
      if (records.length > 0) {
        await commit(context, planPendingRollUps(context, records))
        await settleRollUps(context, records)
      }
      const last = page.rows.at(-1)
      done += page.rows.length
      if (last) {
        after = last.id
        await checkpoint.save({ cursor: { after, done }, done })
      }
      if (page.done || !last) return { object, records: done }
    }
  },
}
