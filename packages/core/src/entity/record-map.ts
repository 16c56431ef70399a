import type { Entity } from './entity.js'
import { toRecord } from './record.js'
import { maskFor, readMany } from './record-reader.js'
import type { SessionContext } from './session-context.js'

/** The records with these ids that the actor may read, by id and as it may see them. At most 1,000; one read for all. */
export async function readRecords<R>(
  context: SessionContext,
  entity: Entity,
  ids: readonly string[],
): Promise<ReadonlyMap<string, R>> {
  if (ids.length === 0) return new Map()
  const [rows, mask] = await Promise.all([readMany(context, entity, [...new Set(ids)]), maskFor(context, entity)])
  return new Map(rows.flatMap((row) => (row ? [[row.id, toRecord<R>(entity, row, mask)] as const] : [])))
}
