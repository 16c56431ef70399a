import { expect, test } from 'vitest'
import type { Job, JobRunner } from '../../entity/job-runner.js'
import { type BeforeWrite, withObservedWrites } from '../../observed-writes.fixture.js'
import { memoryStorage } from '../../storage/memory/index.js'
import { createTestCrm } from '../../testing.js'

const total = { amountMinor: 100, currency: 'EUR' }
const order = { placedAt: '2026-01-01', total }

/** Two contacts in a shop whose jobs wait until they are worked off, and a say in what happens before each batch. */
async function open() {
  const waiting: Job[] = []
  let work: (job: Job) => Promise<void> = async () => {}
  const jobs: JobRunner = {
    enqueue: async (job) => void waiting.push(job),
    work: async (handler) => {
      work = handler
    },
    close: async () => {},
  }
  const hook: { before: BeforeWrite } = { before: () => {} }
  const inner = memoryStorage()
  const storage = withObservedWrites(inner, (batch) => hook.before(batch))
  const crm = await createTestCrm({ jobs, storage })
  const shop = crm.session({ tenantId: 'acme', actor: { type: 'user', id: 'u_1' } })
  const [survivor, merged] = [await shop.contacts.create({}), await shop.contacts.create({})]
  const workOff = async (): Promise<void> => {
    for (let job = waiting.shift(); job; job = waiting.shift()) await work(job)
  }
  return { crm, shop, hook, inner, workOff, survivorId: survivor.id, mergedId: merged.id }
}

/** Does something once, before the nth batch that inserts a record of the entity. */
function beforeInsert(entity: string, nth: number, act: () => Promise<unknown>): BeforeWrite {
  let seen = 0
  return async (batch) => {
    if (!batch.some((write) => write.do === 'insert' && write.entity === entity) || ++seen !== nth) return
    await act()
  }
}

test('what is written under an id while its merge comes to its end lands at the surviving record', async () => {
  const { crm, shop, hook, workOff, survivorId, mergedId } = await open()
  await shop.orders.recordMany(Array.from({ length: 400 }, () => ({ ...order, contactId: mergedId })))
  const { run } = await shop.contacts.merge({ survivorId, mergedIds: [mergedId] })
  expect(run?.status).toBe('queued')
  // The first attempt learns that a merge has begun; the whole merge passes before the second one.
  hook.before = beforeInsert('order', 2, workOff)
  expect(await shop.orders.record({ ...order, contactId: mergedId })).toMatchObject({ contactId: survivorId })
  expect(await shop.orders.count({ where: { contactId: mergedId } })).toBe(0)
  expect(await shop.contacts.get(survivorId)).toMatchObject({ orderCount: 401 })
  await crm.close()
})
