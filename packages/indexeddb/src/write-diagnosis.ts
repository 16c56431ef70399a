import { type CrmError, idExists, type Row, uniqueConflict } from '@rapport/core/storage'
import type { Database } from './database.js'
import { resultOf } from './idb-request.js'
import { nameOf } from './indexeddb-errors.js'
import type { IndexEntry } from './layout.js'
import type { EntityIndexes } from './stored-schema.js'

/** A row that was handed to IndexedDB. */
export interface IssuedWrite {
  readonly request: IDBRequest
  readonly key: string
  readonly row: Row
  readonly indexes: EntityIndexes
  readonly writeIndex?: number
  /** Whether the row must not exist. */
  readonly isNew: boolean
}

/**
 * What a transaction failed of that broke a constraint. IndexedDB says which request it was and nothing more, so what stands in its way
 * is looked up after the rollback.
 */
export async function diagnoseConstraint(
  database: Database,
  tenantId: string,
  issued: readonly IssuedWrite[],
): Promise<CrmError> {
  const failed = issued.findIndex(
    ({ request }) => request.readyState === 'done' && nameOf(request.error) === 'ConstraintError',
  )
  const write = issued[Math.max(failed, 0)]!
  const { row, indexes } = write
  const { entity } = indexes
  const named = uniqueEntries(write, tenantId)
  const earlier = new Set(
    issued.slice(0, failed).flatMap((other) => uniqueEntries(other, tenantId).map(({ entry }) => entry)),
  )
  return database.connection.run(['rows'], 'readonly', async (transaction) => {
    const rows = transaction.objectStore('rows')
    if (write.isNew && (await resultOf(rows.getKey(write.key))) !== undefined) {
      return idExists(entity, row.id, write.writeIndex ?? 0)
    }
    const conflict = (index: string): CrmError => uniqueConflict(entity, index, write.writeIndex, row.id)
    for (const { name, entry } of named) {
      const holder = await resultOf(rows.index('unique').getKey(entry))
      if ((holder !== undefined && holder !== write.key) || earlier.has(entry)) return conflict(name)
    }
    // Another tab has freed the value meanwhile.
    const [first] = named
    return first ? conflict(first.name) : idExists(entity, row.id, write.writeIndex ?? 0)
  })
}

function uniqueEntries({ indexes, row }: IssuedWrite, tenantId: string): { name: string; entry: IndexEntry }[] {
  return indexes.ordered.flatMap((index) => {
    const entry = index.uniqueEntry(tenantId, row)
    return entry ? [{ name: index.name, entry }] : []
  })
}
