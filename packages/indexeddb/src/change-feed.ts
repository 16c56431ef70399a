import { type Change, invalidField } from '@rapport/core/storage'
import { resultOf } from './idb-request.js'
import {
  feedBehind,
  type IndexEntry,
  partsOfKey,
  positionOf,
  type StoredDeletion,
  type StoredRecord,
} from './layout.js'
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
  const range = feedBehind(tenantId, from)
  const [state, records, keys, deleted, deletedKeys] = await Promise.all([
    readState(transaction),
    resultOf<StoredRecord[]>(rows.getAll(range, limit)),
    resultOf(rows.getAllKeys(range, limit)),
    resultOf<StoredDeletion[]>(deletions.getAll(range, limit)),
    resultOf(deletions.getAllKeys(range, limit)),
  ])
  if (from > state.position) throw unknownPosition()
  const placed = [
    ...records.map(({ row, entries }, index) => placedChange(entries[0], keys[index], 'put', row.version)),
    ...deleted.map(({ feed, version }, index) => placedChange(feed, deletedKeys[index], 'delete', version)),
  ]
  return placed
    .sort((left, right) => left.place - right.place)
    .slice(0, limit)
    .map(({ place, change }) => ({ position: String(place), ...change }))
}

function placedChange(feed: IndexEntry, key: unknown, kind: Change['kind'], version: number): Placed {
  const { entity, id } = partsOfKey(key as string)
  return { place: positionOf(feed), change: { entity, id, kind, version } }
}

function placeOf(position: string): number {
  if (!/^[1-9]\d{0,15}$/.test(position)) throw unknownPosition()
  return Number(position)
}

function unknownPosition(): Error {
  return invalidField('after', 'expected the position of a change read before')
}
