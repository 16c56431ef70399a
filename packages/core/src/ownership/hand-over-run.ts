import { scope } from '../access/rights.js'
import type { Checkpoint } from '../entity/run-service.js'
import type { SessionContext } from '../entity/session-context.js'
import { resolveFolding } from '../entity/where.js'
import { orderValues } from '../storage/compare-rows.js'
import type { OrderTerm } from '../storage/entity-def.js'
import { allOf, type Filter } from '../storage/filter.js'
import type { HandOverParams } from './hand-over.js'
import { moveOwners, type ObjectCounts, type OwnerChanges } from './move-owners.js'
import { type OwnedEntity, ownedBy, ownedEntities } from './owned-entities.js'

/** The order of the owners' indexes. */
const order: readonly OrderTerm[] = ['-createdAt', '-id']

/**
 * Hands records over. `moved` counts what changed hands (in a dry run: what would), `left` what `from` still owns, since the starter may
 * not change it. Deleted records are left alone.
 */
export async function runHandOver(
  context: SessionContext,
  params: HandOverParams,
  checkpoint: Checkpoint,
  mostWrites: number,
): Promise<{ readonly moved: ObjectCounts; readonly left: ObjectCounts }> {
  const starter = context.as(params.starter, context.cause)
  const objects = ownedEntities(context.registry).filter(({ entity }) => params.objects.includes(entity.name))
  const filters = new Map<OwnedEntity, Filter>()
  for (const owned of objects) filters.set(owned, await withinReach(starter, owned, params))
  const reachable = await countBy(context, objects, (owned) => filters.get(owned) as Filter)
  const total = Object.values(reachable).reduce((sum, count) => sum + count, 0)
  const sources = objects.map((owned) => sourceOf(starter, owned, filters.get(owned) as Filter, params.targets))
  const moved = params.dryRun ? reachable : await moveOwners(starter, sources, checkpoint, { mostWrites, total })
  const owned = await countBy(context, objects, ({ entity, ownerField }) =>
    allOf(ownedBy(ownerField, params.from), params.where && resolveFolding(entity, params.where)),
  )
  const left = Object.entries(owned).map(([name, count]) => [
    name,
    count - (params.dryRun ? (reachable[name] ?? 0) : 0),
  ])
  return { moved, left: Object.fromEntries(left.filter(([, count]) => (count as number) > 0)) }
}

/** Live records of the owner that the starter may change. */
async function withinReach(
  starter: SessionContext,
  { entity, ownerField }: OwnedEntity,
  { from, where }: HandOverParams,
): Promise<Filter> {
  const allowed = scope(await starter.access(), entity.name, entity.access, 'update')
  return allOf(ownedBy(ownerField, from), allowed, where && resolveFolding(entity, where))
}

function sourceOf(
  context: SessionContext,
  owned: OwnedEntity,
  where: Filter,
  targets: HandOverParams['targets'],
): OwnerChanges {
  const { entity } = owned
  return {
    owned,
    async next(place, limit, movedBefore) {
      const { rows } = await context.storage.find({
        entity: entity.name,
        where,
        order,
        limit,
        ...(place && { after: place }),
      })
      const last = rows.at(-1)
      if (!last) return undefined
      return {
        changes: rows.map((row, index) => ({
          row,
          to: targets[(movedBefore + index) % targets.length] as string | null,
        })),
        place: orderValues(entity.storage, last, order),
      }
    },
  }
}

async function countBy(
  context: SessionContext,
  objects: readonly OwnedEntity[],
  where: (owned: OwnedEntity) => Filter,
): Promise<ObjectCounts> {
  const counts: Record<string, number> = {}
  for (const owned of objects) {
    const { name } = owned.entity
    const asked = { entity: name, where: where(owned), compute: { count: { fn: 'count' } } } as const
    const [group] = await context.storage.aggregate(asked)
    const count = (group?.values.count as number | undefined) ?? 0
    if (count > 0) counts[name] = count
  }
  return counts
}
