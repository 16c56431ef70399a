import { type Change, invalidField } from '@rapport/core/storage'
import { resultOf } from './idb-request.js'
import type { StoredDeletion, StoredRecord } from './layout.js'
import { readState } from './schema/catalogue.js'

interface Placed {
  readonly place: number
  readonly change: Omit<Change, 'position'>
}

/**
 * Changes of a tenant behind a position, oldest first. Each row carries the place of its newest change, and each deleted id leaves one, so
 * the feed never grows beyond the rows. Places are given within the transaction that writes, and those wait for each other across tabs,
 * so places come in the order of commits and none is seen late.
 *
 * Throws `validation_failed` for a position that no change has had.
 */
export async function readChanges(
  transaction: IDBTransaction,
  tenantId: string,
  after: string | undefined,
  limit: number,
): Promise<Change[]> {
  const from = after === undefined ? 0 : placeOf(after)
  const rows = transaction.objectStore('rows').index('entries')
  const deletions = transaction.objectStore('deletions').index('feed')
  // A list sorts behind every number.
  const [state, records, deleted] = await Promise.all([
    readState(transaction),
    resultOf<StoredRecord[]>(rows.getAll(IDBKeyRange.bound([0, tenantId, from], [0, tenantId, []], true), limit)),
    resultOf<StoredDeletion[]>(deletions.getAll(IDBKeyRange.bound([tenantId, from], [tenantId, []], true), limit)),
  ])
  if (from > state.position) throw unknownPosition()
  const placed: Placed[] = [
    ...records.map(({ entity, row, entries }): Placed => {
      return { place: entries[0][2], change: { entity, id: row.id, kind: 'put', version: row.version } }
    }),
    ...deleted.map(({ entity, id, version, feed }): Placed => {
      return { place: feed[1], change: { entity, id, kind: 'delete', version } }
    }),
  ]
  return placed
    .sort((left, right) => left.place - right.place)
    .slice(0, limit)
    .map(({ place, change }) => ({ position: String(place), ...change }))
}

function placeOf(position: string): number {
  if (!/^[1-9]\d{0,15}$/.test(position)) throw unknownPosition()
  return Number(position)
}

function unknownPosition(): Error {
  return invalidField('after', 'expected the position of a change read before')
}
