import { sameValue } from '../../entity/canonical-json.js'
import { commit } from '../../entity/commit.js'
import type { EntityChange } from '../../entity/entity-change.js'
import type { SessionContext } from '../../entity/session-context.js'
import { countsAsPurchase } from './order-rules.js'

type RollUp = Extract<EntityChange, { kind: 'derive' }>

/** What a contact's orders add up to, with one order as it will be. Read anew, since a maximum cannot be taken back. */
export async function planRollUp(
  context: SessionContext,
  contactId: string,
  orderId?: string,
  after?: Readonly<Record<string, unknown>>,
): Promise<RollUp> {
  const [others] = await context.storage.aggregate({
    entity: 'order',
    where: {
      op: 'and',
      args: [
        { op: 'isNull', path: 'deletedAt' },
        { op: 'eq', path: 'contactId', value: contactId },
        { op: 'ne', path: 'status', value: 'canceled' },
        ...(orderId === undefined ? [] : [{ op: 'ne', path: 'id', value: orderId } as const]),
      ],
    },
    compute: { count: { fn: 'count' }, first: { fn: 'min', path: 'placedAt' }, last: { fn: 'max', path: 'placedAt' } },
  })
  const counted = after !== undefined && after.contactId === contactId && countsAsPurchase(after.status as string)
  const dates = [others?.values.first, others?.values.last, counted ? after.placedAt : null]
    .filter((at): at is string => typeof at === 'string')
    .sort()
  const set = {
    orderCount: ((others?.values.count as number | undefined) ?? 0) + (counted ? 1 : 0),
    firstOrderAt: dates[0] ?? null,
    lastOrderAt: dates.at(-1) ?? null,
  }
  return { kind: 'derive', entity: 'contact', id: contactId, namedBy: 'contactId', set }
}

const mostRounds = 5

/**
 * Makes a contact's sums true after a change of its orders. Others may have changed orders of the same contact between the reading
 * and the writing of the sums, so they are read again until they agree.
 */
export async function settleRollUp(context: SessionContext, contactId: string): Promise<void> {
  for (let round = 1; round <= mostRounds; round++) {
    const [rollUp, [contact]] = [
      await planRollUp(context, contactId),
      await context.storage.getMany('contact', [contactId]),
    ]
    const agrees = Object.entries(rollUp.set ?? {}).every(([path, value]) => sameValue(contact?.[path], value))
    if (!contact || agrees) return
    await commit(context, [rollUp])
  }
}

/** The contacts whose sums a plan sets anew. */
export function contactsRolledUp(changes: readonly EntityChange[]): string[] {
  return changes.flatMap((change) =>
    change.kind === 'derive' && change.entity === 'contact' && change.set !== undefined ? [change.id] : [],
  )
}
