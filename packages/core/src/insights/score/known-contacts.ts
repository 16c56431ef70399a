import type { SessionContext } from '../../entity/session-context.js'
import { relationshipReasons, relationshipStage } from '../../scoring/index.js'
import type { Filter } from '../../storage/filter.js'
import type { Row } from '../../storage/row.js'
import type { RowScore } from './row-scores.js'

/** A page of contacts who bought nothing up to a moment, in the order of their ids. */
export async function readKnownContacts(
  context: SessionContext,
  asOf: string,
  after: string | undefined,
  limit: number,
): Promise<{ readonly rows: readonly Row[]; readonly done: boolean }> {
  return context.storage.find({
    entity: 'contact',
    where: withoutPurchase(asOf),
    order: ['id'],
    limit,
    fields: ['lastActivityAt'],
    ...(after !== undefined && { after: [after] }),
  })
}

/** How many there are. */
export async function countKnownContacts(context: SessionContext, asOf: string): Promise<number> {
  const [group] = await context.storage.aggregate({
    entity: 'contact',
    where: withoutPurchase(asOf),
    compute: { count: { fn: 'count' } },
  })
  return (group?.values.count as number | undefined) ?? 0
}

/** The stage of somebody who bought nothing yet: acquired once something happened between us, identified before. */
export function stageOfKnownContact(contact: Row, asOf: string): RowScore {
  const lastActivityAt = contact.lastActivityAt as string | undefined
  const columns = {
    purchases: Float64Array.of(0),
    probabilityAlive: Float64Array.of(0),
    engagements: Float64Array.of(lastActivityAt !== undefined && lastActivityAt <= asOf ? 1 : 0),
  }
  const [label] = relationshipStage(columns)
  return {
    value: label === 'acquire' ? 2 : 1,
    ...(label && { label }),
    reasons: relationshipReasons(columns, 0),
    parameters: {},
  }
}

function withoutPurchase(asOf: string): Filter {
  return {
    op: 'and',
    args: [
      { op: 'isNull', path: 'deletedAt' },
      {
        op: 'or',
        args: [
          { op: 'isNull', path: 'firstOrderAt' },
          { op: 'gt', path: 'firstOrderAt', value: asOf },
        ],
      },
    ],
  }
}
