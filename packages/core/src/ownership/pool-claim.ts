import { commit } from '../entity/commit.js'
import { requireAssignable } from '../entity/owner-assignment.js'
import { readMany } from '../entity/record-reader.js'
import { retryOnConflict } from '../entity/record-service.js'
import type { SessionContext } from '../entity/session-context.js'
import { CrmError, invalidField, isCrmError } from '../kernel/crm-error.js'
import type { Row } from '../storage/row.js'
import { planClaimCount } from './claim-limits.js'
import { type OwnedEntity, pooledEntities } from './owned-entities.js'
import { claimableEntities } from './pool-access.js'

/** Who owns a record of the pool now. */
export interface PoolTurn {
  readonly object: string
  readonly id: string
  /** Missing when it stands in the pool. */
  readonly ownerId?: string
  readonly version: number
}

type Found = OwnedEntity & { readonly row: Row }

/** In every round at least one claim gets through, so this many at once of one member all do. */
const attempts = 20

/** Makes the actor the owner of a record that has none; see `PoolService.claim`. */
export async function claimRecord(context: SessionContext, id: string): Promise<PoolTurn> {
  if (context.actor.type !== 'user')
    throw new CrmError('access_denied', 'Only a member claims records', { reason: 'claim', remedy: 'act as a user' })
  const claimable = await claimableEntities(context)
  for (let attempt = 1; ; attempt++) {
    try {
      return await claimOnce(
        context,
        await findOne(id, claimable, ({ entity }) => context.storage.getMany(entity.name, [id])),
      )
    } catch (error) {
      if (!isBetween(error) || attempt === attempts) throw error
    }
  }
}

async function claimOnce(context: SessionContext, { row, ...owned }: Found): Promise<PoolTurn> {
  const { entity, ownerField } = owned
  const ownerId = context.actor.id
  if (row[ownerField] !== undefined) throw alreadyOwned(entity.name, row.id)
  await requireAssignable(context, new Map([[ownerId, entity]]))
  const done = await commit(context, [
    {
      kind: 'update',
      entity: entity.name,
      before: row,
      values: { [ownerField]: ownerId },
      events: [{ type: `${entity.name}.claimed`, data: { memberId: ownerId } }],
      // Whoever may claim reaches what stands in the pool, though not as an owner.
      implied: true,
    },
    ...(await planClaimCount(context, owned, row)),
  ])
  return { object: entity.name, id: row.id, ownerId, version: done.row(entity.name, row.id).version }
}

/** Puts a record into the pool; see `PoolService.release`. */
export async function releaseRecord(context: SessionContext, id: string, reason: string): Promise<PoolTurn> {
  if (typeof reason !== 'string' || reason.trim() === '' || reason.length > 200)
    throw invalidField('reason', 'must be a text of 1 to 200 characters')
  return retryOnConflict(async () => {
    const { entity, ownerField, row } = await findOne(id, pooledEntities(context.registry), ({ entity: { name } }) =>
      readMany(context, context.registry.get(name), [id]).catch((error: unknown) => {
        if (isCrmError(error, 'access_denied')) return []
        throw error
      }),
    )
    const from = row[ownerField]
    if (from === undefined) {
      const details = { entity: entity.name, id, reason: 'in_pool', remedy: 'claim it first' }
      throw new CrmError('rule_violated', 'The record stands in the pool already', details)
    }
    const done = await commit(context, [
      {
        kind: 'update',
        entity: entity.name,
        before: row,
        values: { [ownerField]: null },
        events: [{ type: `${entity.name}.released`, data: { from, reason } }],
      },
    ])
    return { object: entity.name, id, version: done.row(entity.name, id).version }
  })
}

async function findOne(
  id: string,
  among: readonly OwnedEntity[],
  read: (owned: OwnedEntity) => Promise<readonly (Row | undefined)[]>,
): Promise<Found> {
  if (typeof id !== 'string' || id === '') throw invalidField('id', 'must be the id of a record')
  const rows = await Promise.all(among.map(read))
  for (const [index, [row]] of rows.entries()) {
    if (row && row.deletedAt === undefined) return { ...(among[index] as OwnedEntity), row }
  }
  throw new CrmError('not_found', 'The pool has no record with this id', { id })
}

/** Whether another claim, of the same record or by the same member, came between reading and writing. */
function isBetween(error: unknown): boolean {
  return isCrmError(error, 'conflict') && error.details.reason !== 'claimed'
}

function alreadyOwned(entity: string, id: string): CrmError {
  const details = { entity, id, reason: 'claimed', remedy: 'choose another record of the pool' }
  return new CrmError('conflict', 'The record has an owner already', details)
}
