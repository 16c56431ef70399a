import type { Actor } from '../access/actor.js'
import { can } from '../access/rights.js'
import { commit } from '../entity/commit.js'
import { readerOf } from '../entity/entity.js'
import type { EntityChange } from '../entity/entity-change.js'
import { retryOnConflict } from '../entity/record-service.js'
import type { Checkpoint } from '../entity/run-service.js'
import type { SessionContext } from '../entity/session-context.js'
import { allOf } from '../storage/filter.js'
import type { Row } from '../storage/row.js'
import { type OwnedEntity, ownedEntities } from './owned-entities.js'
import { ownerTurns } from './owner-history.js'
import type { OwnerMove } from './owner-move-entity.js'

/** Which run's moves are taken back, and who asked for it: it may do what they may. */
export interface UndoMovesParams {
  readonly runId: string
  readonly starter: Actor
}

/** Batches read at once; each may name a thousand records. */
const pageSize = 10

/**
 * Gives back what a run moved. `kept` counts records that stay where they are: deleted ones, ones whose owner changed since or that the
 * starter may not change, and ones whose earlier owner is not active.
 */
export async function runUndoMoves(
  context: SessionContext,
  { runId, starter }: UndoMovesParams,
  checkpoint: Checkpoint,
): Promise<{ readonly returned: number; readonly kept: number }> {
  const acting = context.as(starter, context.cause)
  const ofRun = { op: 'eq', path: 'runId', value: runId } as const
  for (;;) {
    const { rows } = await context.storage.find({
      entity: 'ownerMove',
      where: allOf(ofRun, { op: 'isNull', path: 'returned' }),
      order: ['sequence', 'id'],
      limit: pageSize,
    })
    for (const { id } of rows) await retryOnConflict(() => undoBatch(acting, id))
    // The batches tell what became of them, so that nothing is forgotten or counted twice after an interruption.
    const [sums] = await context.storage.aggregate({
      entity: 'ownerMove',
      where: ofRun,
      compute: { returned: { fn: 'sum', path: 'returned' }, kept: { fn: 'sum', path: 'kept' } },
    })
    const counts = sums?.values as { readonly returned: number; readonly kept: number }
    if (rows.length === 0) return { ...counts }
    await checkpoint.save({ cursor: {}, done: counts.returned + counts.kept, counts })
  }
}

async function undoBatch(context: SessionContext, batchId: string): Promise<void> {
  const [batch] = (await context.storage.getMany('ownerMove', [batchId])) as [OwnerMove?]
  const owned = ownedEntities(context.registry).find(({ entity }) => entity.name === batch?.object)
  if (!batch || batch.returned !== undefined || !owned) return
  const changes = await planReturn(context, owned, batch)
  const values = { returned: changes.length, kept: batch.moved.length - changes.length }
  await commit(context, [...changes, { kind: 'update', entity: 'ownerMove', before: batch, values, implied: true }])
}

async function planReturn(context: SessionContext, owned: OwnedEntity, batch: OwnerMove): Promise<EntityChange[]> {
  const { entity, ownerField } = owned
  const ids = batch.moved.map(([id]) => id)
  const [access, found, inactive] = await Promise.all([
    context.access(),
    context.storage.getMany(entity.name, ids),
    inactiveAmong(context, new Set(batch.moved.map(([, , from]) => from))),
  ])
  const changedHands = await passedOn(context, owned, batch, found)
  return batch.moved.flatMap(([id, , from], index): EntityChange[] => {
    const row = found[index]
    if (!row || row.deletedAt !== undefined || changedHands.has(id) || inactive.has(from)) return []
    if (!can(access, entity.name, entity.access, 'update', readerOf(row))) return []
    return [{ kind: 'update', entity: entity.name, before: row, values: { [ownerField]: from } }]
  })
}

/** Records that got yet another owner since the batch. Other changes of them do not matter. */
async function passedOn(
  context: SessionContext,
  owned: OwnedEntity,
  { moved }: OwnerMove,
  found: readonly (Row | undefined)[],
): Promise<ReadonlySet<string>> {
  const versions = new Map(moved.map(([id, version]) => [id, version]))
  const changed = found.flatMap((row) => (row && row.version !== versions.get(row.id) ? [row.id] : []))
  const passed = new Set<string>()
  if (changed.length === 0) return passed
  const oldest = Math.min(...changed.map((id) => versions.get(id) as number))
  const since = { op: 'gt', path: 'recordVersion', value: oldest } as const
  for await (const { row } of ownerTurns(context, owned, changed, since)) {
    const id = row.recordId as string
    if ((row.recordVersion as number) > (versions.get(id) as number)) passed.add(id)
  }
  return passed
}

async function inactiveAmong(context: SessionContext, ids: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const members = await context.storage.getMany('member', [...ids])
  return new Set(members.flatMap((member) => (member?.active === false ? [member.id] : [])))
}
