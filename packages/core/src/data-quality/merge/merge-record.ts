import type { SessionContext } from '../../entity/session-context.js'
import { CrmError } from '../../kernel/crm-error.js'
import type { Row } from '../../storage/row.js'
import type { RelationTarget } from './move-relations.js'

/** The row of a merge. Throws `not_found`. */
export async function readMergeRecord(context: SessionContext, mergeId: string): Promise<Row> {
  const [row] = await context.storage.getMany('mergeRecord', [mergeId])
  if (!row) throw new CrmError('not_found', 'There is no merge with this id', { entity: 'mergeRecord', id: mergeId })
  return row
}

/** What a merge is about. */
export function targetOf(record: Row): RelationTarget {
  return {
    mergeId: record.id,
    objectType: record.objectType as string,
    survivorId: record.survivorId as string,
    mergedIds: record.mergedIds as readonly string[],
  }
}
