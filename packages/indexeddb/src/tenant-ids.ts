import { compareCodePoints } from '@rapport/core/storage'
import { partsOfKey } from './layout.js'

/** Ids of all tenants that have rows, in code point order. One step per tenant, however many rows it has. */
export async function readTenantIds(transaction: IDBTransaction): Promise<string[]> {
  const ids = await new Promise<string[]>((resolve, reject) => {
    const found: string[] = []
    const request = transaction.objectStore('rows').openKeyCursor()
    request.onerror = () => reject(request.error)
    request.onsuccess = () => {
      const cursor = request.result
      if (!cursor) return resolve(found)
      const { tenantId } = partsOfKey(cursor.key as string)
      found.push(tenantId)
      // All keys of a tenant go on with U+0000.
      cursor.continue(`${tenantId}\u0001`)
    }
  })
  return ids.sort(compareCodePoints)
}
