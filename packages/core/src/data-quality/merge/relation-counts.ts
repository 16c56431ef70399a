import type { SessionContext } from '../../entity/session-context.js'
import { allOf, type Filter } from '../../storage/filter.js'
import type { RelationTarget } from './move-relations.js'
import { conditionOf } from './relation-hits.js'
import { tenantRelationKinds } from './relation-kind.js'

/** How many live records of each kind refer to the merged ones. Links between the merged records count too. */
export async function countRelations(
  context: SessionContext,
  { objectType, mergedIds }: Pick<RelationTarget, 'objectType' | 'mergedIds'>,
): Promise<Record<string, number>> {
  const counts = new Map<string, number>()
  const add = (entity: string, count: number): void => {
    if (count > 0) counts.set(entity, (counts.get(entity) ?? 0) + count)
  }
  for (const kind of await tenantRelationKinds(context, objectType)) {
    if (kind.how === 'computed') continue
    for (const id of mergedIds) {
      const live: Filter | undefined = kind.entity.kind === 'record' ? { op: 'isNull', path: 'deletedAt' } : undefined
      const groups = await context.storage.aggregate({
        entity: kind.entity.name,
        where: allOf(live, conditionOf(kind, objectType, id)),
        ...(kind.how === 'line' && { by: ['recordType'] }),
        compute: { count: { fn: 'count' } },
      })
      for (const { keys, values } of groups) {
        const count = values.count as number
        add(kind.entity.name, count)
        // Records that list what they are about are counted by their lines.
        const shown = keys[0] as string | undefined
        if (shown !== undefined && context.registry.has(shown) && context.registry.get(shown).fields.has('links'))
          add(shown, count)
      }
    }
  }
  return Object.fromEntries([...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
