import type { NewRow } from '@rapport/core/storage'
import { type PagePlace, pageSize } from '../contestant.js'
import type { Contestant } from './contestant.js'

type ReadPage = (index: IDBIndex, range: IDBKeyRange, count: number) => Promise<readonly NewRow[]>

/** IndexedDB by hand: a store by id with two real indexes, no tenants, no versions to check, no change feed. */
export function rawContestant(name: string, readPage: ReadPage): Contestant {
  const databaseName = `benchmark ${name}`
  let database: IDBDatabase
  const rowsIn = (mode: IDBTransactionMode): IDBObjectStore =>
    database.transaction('contact', mode, { durability: 'relaxed' }).objectStore('contact')
  return {
    name,
    async open() {
      const request = indexedDB.open(databaseName, 1)
      request.onupgradeneeded = () => {
        const store = request.result.createObjectStore('contact', { keyPath: 'id' })
        store.createIndex('by_stage', ['stage', 'updatedAt', 'id'])
        store.createIndex('by_name', 'name')
      }
      database = await resultOf(request)
    },
    async insert(rows) {
      const store = rowsIn('readwrite')
      for (const row of rows) store.add({ ...row, version: 1 })
      await completionOf(store.transaction)
    },
    read: (id) => resultOf(rowsIn('readonly').get(id)),
    async page({ stage, updatedAt, id }: PagePlace) {
      const range = IDBKeyRange.bound([stage], [stage, updatedAt, id], false, true)
      return (await readPage(rowsIn('readonly').index('by_stage'), range, pageSize)).length
    },
    async update(id, orders) {
      const store = rowsIn('readwrite')
      const row = await resultOf<NewRow>(store.get(id))
      store.put({ ...row, orders, version: Number(row.version) + 1 })
      await completionOf(store.transaction)
    },
    async remove() {
      database.close()
      await resultOf(indexedDB.deleteDatabase(databaseName))
    },
  }
}

/** A page by a cursor, which every browser has. */
export const byCursor: ReadPage = (index, range, count) =>
  new Promise((resolve, reject) => {
    const rows: NewRow[] = []
    const request = index.openCursor(range, 'prev')
    request.onerror = () => reject(request.error)
    request.onsuccess = () => {
      const cursor = request.result
      if (cursor) rows.push(cursor.value as NewRow)
      if (!cursor || rows.length === count) resolve(rows)
      else cursor.continue()
    }
  })

/** A page in one request, which few browsers have. */
export const byGetAll: ReadPage = (index, range, count) => {
  const options: unknown = { query: range, count, direction: 'prev' }
  return resultOf(index.getAll(options as IDBKeyRange))
}

function resultOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

function completionOf(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(transaction.error)
  })
}
