import type { Entity } from '../entity/entity.js'
import type { SessionContext } from '../entity/session-context.js'
import { CrmError } from '../kernel/crm-error.js'
import { allOf, type Filter } from '../storage/filter.js'
import { pagesOf } from './subject-rows.js'

/** Where merging keeps whole rows as they were: erasing removes them. */
export function preImagePairs(
  context: SessionContext,
): { readonly entity: Entity; readonly type: string; readonly id: string; readonly own: boolean }[] {
  if (!context.registry.has('mergePreImage')) return []
  return [{ entity: context.registry.get('mergePreImage'), type: 'entity', id: 'recordId', own: true }]
}

/** A record with all that were merged into it and all it was merged into: they are one subject. */
export async function withMergedIds(context: SessionContext, entity: string, id: string): Promise<string[]> {
  const ids = new Set([id])
  if (!context.registry.has('recordAlias')) return [...ids]
  for (let known = 0; known < ids.size; ) {
    known = ids.size
    const values = [...ids]
    const where = allOf(
      { op: 'eq', path: 'objectType', value: entity },
      {
        op: 'or',
        args: [
          { op: 'in', path: 'recordId', values },
          { op: 'in', path: 'oldId', values },
        ],
      },
    )
    for await (const rows of pagesOf(context, 'recordAlias', where))
      for (const row of rows) ids.add(row.oldId as string).add(row.recordId as string)
  }
  return [...ids]
}

/** Throws `conflict` while a merge or unmerge of one of the records is under way: it would bring back what is erased. */
export async function refuseWhileMerging(
  context: SessionContext,
  entity: string,
  ids: readonly string[],
): Promise<void> {
  if (!context.registry.has('mergeRecord')) return
  const involved: Filter = {
    op: 'or',
    args: [
      { op: 'in', path: 'survivorId', values: [...ids] },
      { op: 'hasAny', path: 'mergedIds', value: [...ids] },
    ],
  }
  const where = allOf(
    { op: 'eq', path: 'objectType', value: entity },
    { op: 'in', path: 'status', values: ['moving', 'reverting'] },
    { op: 'isNull', path: 'deletedAt' },
    involved,
  )
  for await (const [merge] of pagesOf(context, 'mergeRecord', where)) {
    throw new CrmError('conflict', `A merge of this ${entity} has not come to its end`, {
      entity: 'mergeRecord',
      ...(merge && { id: merge.id }),
      reason: 'merging',
      remedy: 'wait for the merge, then erase',
    })
  }
}
