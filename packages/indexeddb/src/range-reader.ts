import { resultOf } from './idb-request.js'
import type { TextRange } from './key-range.js'
import type { StoredRecord } from './layout.js'
import type { KeySpace } from './row-index.js'

/** Reads in both directions at once. Indexed Database API 3.0; Chrome and Edge since 141, others to follow. */
interface DirectedSource {
  getAll(options: { query: IDBKeyRange; count: number; direction: IDBCursorDirection }): IDBRequest<unknown[]>
}

type Source = IDBObjectStore | IDBIndex

/** Where the keys of a space are. */
export function sourceOf(transaction: IDBTransaction, space: KeySpace): Source {
  const rows = transaction.objectStore('rows')
  return space.isIndex ? rows.index('entries') : rows
}

/** A range of texts as IndexedDB takes it. */
export function keyRangeOf({ lower, upper, lowerOpen, upperOpen }: TextRange): IDBKeyRange {
  return IDBKeyRange.bound(lower, upper, lowerOpen, upperOpen)
}

/** The first `count` records of a range, from its end when read backward. */
export async function readRange(
  source: Source,
  range: IDBKeyRange,
  count: number,
  backward = false,
): Promise<StoredRecord[]> {
  if (!backward) return resultOf<StoredRecord[]>(source.getAll(range, count))
  if (!isDirected(source)) return readByCursor(source, range, count)
  return (await resultOf(source.getAll({ query: range, count, direction: 'prev' }))) as StoredRecord[]
}

/** Browsers that have `getAllRecords` take options for `getAll` too; others would take the options for a key. */
function isDirected(source: Source): source is Source & DirectedSource {
  return 'getAllRecords' in source
}

function readByCursor(source: Source, range: IDBKeyRange, count: number): Promise<StoredRecord[]> {
  return new Promise((resolve, reject) => {
    const records: StoredRecord[] = []
    const request: IDBRequest<IDBCursorWithValue | null> = source.openCursor(range, 'prev')
    request.onerror = () => reject(request.error)
    request.onsuccess = () => {
      const cursor = request.result
      if (cursor) records.push(cursor.value as StoredRecord)
      if (!cursor || records.length === count) resolve(records)
      else cursor.continue()
    }
  })
}
