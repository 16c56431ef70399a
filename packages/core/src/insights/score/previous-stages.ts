import type { SessionContext } from '../../entity/session-context.js'
import { throwIfAborted } from '../../kernel/crm-error.js'
import { RELATIONSHIP_STAGES, type RelationshipStage } from '../../scoring/index.js'
import type { Scalar } from '../../storage/row.js'

const pageSize = 1_000

/**
 * The stages that relationships were found in before, by customer number: who is near a threshold stays where they are. Stages of a
 * later moment than the one to score at are left out.
 */
export async function readPreviousStages(
  context: SessionContext,
  customerIds: readonly string[],
  asOf: string,
  signal: AbortSignal,
): Promise<Int8Array> {
  const stages = new Int8Array(customerIds.length).fill(-1)
  const numberOf = new Map(customerIds.map((id, number) => [id, number]))
  let after: readonly (Scalar | null)[] | undefined
  for (;;) {
    throwIfAborted(signal)
    const page = await context.storage.find({
      entity: 'score',
      where: {
        op: 'and',
        args: [
          { op: 'eq', path: 'subjectType', value: 'contact' },
          { op: 'eq', path: 'model', value: 'relationship' },
          { op: 'lte', path: 'asOf', value: asOf },
        ],
      },
      order: ['subjectId', 'id'],
      limit: pageSize,
      fields: ['subjectId', 'label'],
      ...(after && { after }),
    })
    for (const row of page.rows) {
      const number = numberOf.get(row.subjectId as string)
      if (number !== undefined) stages[number] = RELATIONSHIP_STAGES.indexOf(row.label as RelationshipStage)
    }
    const last = page.rows.at(-1)
    if (page.done || !last) return stages
    after = [last.subjectId as string, last.id]
  }
}
