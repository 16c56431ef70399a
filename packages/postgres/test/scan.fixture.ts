import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { NewRow, StorageSession } from '@rapport/core/storage'
import { entity, row } from './storages.fixture.js'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Bytes of the heap in use, without garbage. */
function heapInUse(): number {
  collectGarbage()
  return process.memoryUsage().heapUsed
}

const batchSize = 5_000

/** Loads rows that are made as they are taken, about half a kilobyte each. */
export async function fillForScan(session: StorageSession, count: number): Promise<void> {
  function* batches(): Generator<NewRow[]> {
    for (let start = 0; start < count; start += batchSize) {
      yield Array.from({ length: Math.min(batchSize, count - start) }, (_, n) =>
        row(`r${String(start + n).padStart(8, '0')}`, { name: `${start + n} `.repeat(60) }),
      )
    }
  }
  await session.load!(entity, batches())
}

/** Walks all rows page by page. `growth` is by how much the heap grew behind the first tenth, in bytes. */
export async function walkAll(session: StorageSession, count: number): Promise<{ seen: number; growth: number }> {
  let seen = 0
  let last = ''
  let early: number | undefined
  let peak = 0
  for (;;) {
    const page = await session.find({ entity, order: ['id'], limit: 1_000, ...(last !== '' && { after: [last] }) })
    for (const { id } of page.rows) {
      if (id <= last) throw new Error('a row came twice, or out of order')
      last = id
    }
    seen += page.rows.length
    if (seen >= count / 10 && seen % batchSize === 0) {
      const inUse = heapInUse()
      early ??= inUse
      peak = Math.max(peak, inUse)
    }
    if (page.done) return { seen, growth: peak - (early ?? peak) }
  }
}
