import type { EntityChange } from '../entity/entity-change.js'
import type { SessionContext } from '../entity/session-context.js'
import { CrmError } from '../kernel/crm-error.js'
import { instantOf } from '../kernel/instant.js'
import { bucketInstant } from '../storage/bucket-instant.js'
import type { Row } from '../storage/row.js'
import { claimLedgerId } from './claim-ledger-entity.js'
import { type OwnedEntity, ownedBy } from './owned-entities.js'
import { ownerTurns } from './owner-history.js'
import type { PoolPolicy } from './pool-policy-entity.js'

const dayMs = 86_400_000

/**
 * Counts a claim of the actor and checks it against the policy of the entity. Throws `rule_violated` with reason `cool_down`,
 * `claims_per_day` or `records_owned`.
 */
export async function planClaimCount(
  context: SessionContext,
  owned: OwnedEntity,
  row: Row,
): Promise<readonly EntityChange[]> {
  const { name } = owned.entity
  const memberId = context.actor.id
  const id = claimLedgerId(name, memberId)
  // The ledger is read before anything is counted: a claim that comes between changes it, and this one begins anew.
  const [[policy], [ledger], [tenant]] = await Promise.all([
    policiesOf(context, name),
    context.storage.getMany('claimLedger', [id]),
    context.storage.getMany('tenant', ['tenant']),
  ])
  if (!policy) return []
  const now = context.clock.now()
  const day = bucketInstant(instantOf(now), 'day', tenant?.timeZone as string | undefined)
  const claims = ledger?.day === day ? (ledger.claims as number) : 0
  if (policy.maxClaimsPerDay !== undefined && claims >= policy.maxClaimsPerDay)
    throw claimRefused(name, row.id, 'claims_per_day', 'claim again tomorrow')
  if (policy.maxOwned !== undefined && (await countOwned(context, owned, memberId)) >= policy.maxOwned)
    throw claimRefused(name, row.id, 'records_owned', 'release a record first')
  await refuseCoolDown(context, owned, row, now - (policy.coolDownDays ?? 0) * dayMs)
  const values = { day, claims: claims + 1 }
  return ledger
    ? [{ kind: 'update', entity: 'claimLedger', before: ledger, values, implied: true }]
    : [{ kind: 'create', entity: 'claimLedger', id, values: { ...values, memberId, object: name }, implied: true }]
}

async function policiesOf(context: SessionContext, object: string): Promise<readonly PoolPolicy[]> {
  const { rows } = await context.storage.find({
    entity: 'poolPolicy',
    where: {
      op: 'and',
      args: [
        { op: 'eq', path: 'object', value: object },
        { op: 'isNull', path: 'deletedAt' },
      ],
    },
    order: ['id'],
    limit: 1,
  })
  return rows as unknown as readonly PoolPolicy[]
}

async function countOwned(context: SessionContext, owned: OwnedEntity, memberId: string): Promise<number> {
  const [group] = await context.storage.aggregate({
    entity: owned.entity.name,
    where: ownedBy(owned.ownerField, memberId),
    compute: { count: { fn: 'count' } },
  })
  return (group?.values.count as number | undefined) ?? 0
}

/** Throws when the actor stopped owning the record after a moment. */
async function refuseCoolDown(context: SessionContext, owned: OwnedEntity, { id }: Row, after: number): Promise<void> {
  const recent = { op: 'gt', path: 'at', value: instantOf(after) } as const
  for await (const { row, before } of ownerTurns(context, owned, [id], recent)) {
    if (before !== context.actor.id) continue
    const retryAfterMs = Date.parse(row.at as string) - after
    throw claimRefused(owned.entity.name, id, 'cool_down', 'leave the record to others until the time has passed', {
      retryAfterMs,
    })
  }
}

function claimRefused(
  entity: string,
  id: string,
  reason: string,
  remedy: string,
  more: { readonly retryAfterMs?: number } = {},
): CrmError {
  return new CrmError('rule_violated', 'The policy of the pool forbids the claim', {
    entity,
    id,
    reason,
    remedy,
    ...more,
  })
}
