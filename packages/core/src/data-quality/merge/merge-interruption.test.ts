import { expect, test } from 'vitest'
import type { CrmSession } from '../../index.js'
import { CrmError } from '../../kernel/crm-error.js'
import { withObservedWrites } from '../../observed-writes.fixture.js'
import { memoryStorage } from '../../storage/memory/index.js'
import type { StorageAdapter } from '../../storage/storage-adapter.js'
import { createTestCrm } from '../../testing.js'
import { readable } from './merge-scene.fixture.js'

const orders = 170

/** A memory that loses power before a batch that moves or returns something. */
function breakable(): { readonly storage: StorageAdapter; readonly power: { left: number } } {
  const power = { left: Number.POSITIVE_INFINITY }
  const storage = withObservedWrites(memoryStorage(), (batch) => {
    if (!batch.some(({ entity }) => entity === 'mergedRelation' || entity === 'recordAlias')) return
    if (power.left <= 0) throw new CrmError('storage_failed', 'The disk is gone', { retriable: false })
    power.left--
  })
  return { storage, power }
}

async function scene() {
  const { storage, power } = breakable()
  const crm = await createTestCrm({ storage })
  const shop = crm.session({ tenantId: 'acme', actor: { type: 'user', id: 'u_1' } })
  const survivor = await shop.contacts.create({ firstName: 'Ada', emails: [{ address: 'ada@example.com' }] })
  const merged = await shop.contacts.create({ lastName: 'King', emails: [{ address: 'king@example.com' }] })
  const total = { amountMinor: 100, currency: 'EUR' }
  const bought = { contactId: merged.id, placedAt: '2026-01-05T00:00:00.000Z', total }
  await shop.orders.recordMany(Array.from({ length: orders }, () => bought))
  return { shop, power, survivorId: survivor.id, mergedId: merged.id }
}

/** Runs to its end with power for so many batches; whether it got there. */
async function finish(shop: CrmSession, runId: string | undefined): Promise<boolean> {
  return runId === undefined || (await shop.runs.wait(runId)).status === 'done'
}

test('a merge interrupted at any batch is either not there or whole, and is finished by asking again', async () => {
  let batches = 0
  for (let done = false; !done; batches++) {
    const { shop, power, survivorId, mergedId } = await scene()
    const command = { survivorId, mergedIds: [mergedId] }
    power.left = batches + 1
    const first = await shop.contacts.merge(command)
    done = await finish(shop, first.run?.id)
    power.left = Number.POSITIVE_INFINITY
    if (!done) {
      expect(await shop.contacts.get(mergedId)).toMatchObject({ lastName: 'King', version: 1 })
      expect((await shop.contacts.get(survivorId)).version).toBe(1)
      expect(await shop.contacts.resolveId(mergedId)).toBe(mergedId)
      const again = await shop.contacts.merge(command)
      expect(again.mergeId).toBe(first.mergeId)
      expect(await finish(shop, again.run?.id)).toBe(true)
    }
    const ada = await shop.contacts.get(survivorId)
    expect(ada).toMatchObject({ lastName: 'King', orderCount: orders, version: 2 })
    expect(await shop.orders.count({ where: { contactId: survivorId } })).toBe(orders)
    expect(await shop.contacts.resolveId(mergedId)).toBe(survivorId)
  }
  expect(batches).toBeGreaterThan(3)
})

test('taking a merge back is finished by asking again, at whatever batch it was interrupted, also before the merge was whole', async () => {
  for (const [forth, back] of [
    [3, 1],
    [99, 0],
    [99, 2],
  ] as const) {
    const { shop, power, survivorId, mergedId } = await scene()
    const before = await readable(shop, [survivorId, mergedId])
    power.left = forth
    const { mergeId, run } = await shop.contacts.merge({ survivorId, mergedIds: [mergedId] })
    await finish(shop, run?.id)
    power.left = back
    const first = await shop.contacts.unmerge(mergeId)
    const done = await finish(shop, first.run?.id)
    power.left = Number.POSITIVE_INFINITY
    if (!done) {
      const again = await shop.contacts.unmerge(mergeId)
      expect(await finish(shop, again.run?.id)).toBe(true)
    }
    expect(await readable(shop, [survivorId, mergedId])).toEqual(before)
  }
})
