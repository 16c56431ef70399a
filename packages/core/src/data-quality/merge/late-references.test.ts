import { expect, test } from 'vitest'
import { CrmError } from '../../kernel/crm-error.js'
import { type BeforeWrite, withObservedWrites } from '../../observed-writes.fixture.js'
import { memoryStorage } from '../../storage/memory/index.js'
import type { StorageAdapter } from '../../storage/storage-adapter.js'
import { createTestCrm } from '../../testing.js'
import { waitingJobs } from './waiting-jobs.fixture.js'

const total = { amountMinor: 100, currency: 'EUR' }
const order = { placedAt: '2026-01-01', total }

/** Two contacts in a shop whose jobs wait until they are worked off, and a say in what happens before each batch. */
async function open() {
  const { jobs, workOff } = waitingJobs()
  const hook: { before: BeforeWrite } = { before: () => {} }
  const inner = memoryStorage()
  const storage = withObservedWrites(inner, (batch) => hook.before(batch))
  const crm = await createTestCrm({ jobs, storage })
  const shop = crm.session({ tenantId: 'acme', actor: { type: 'user', id: 'u_1' } })
  const [survivor, merged] = [await shop.contacts.create({}), await shop.contacts.create({})]
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

/** Lets the first batch that inserts an order be committed only after something, as a database does that had begun it before. */
function strandOrder(inner: StorageAdapter, act: () => Promise<unknown>): BeforeWrite {
  let seen = 0
  return async (batch) => {
    if (!batch.some((write) => write.do === 'insert' && write.entity === 'order') || ++seen > 1) return
    await act()
    const begun = batch.filter(({ do: kind, entity }) => kind !== 'check' || entity !== 'recordAlias')
    await inner.session({ tenantId: 'acme' }).write(begun)
    throw new CrmError('storage_failed', 'The connection is gone', { reason: 'unknown_outcome' })
  }
}

test('what a database commits under an old id after the merge is moved by a later tick, and unmerging takes it back', async () => {
  const { crm, shop, hook, inner, survivorId, mergedId } = await open()
  const last = (await shop.contacts.create({})).id
  let mergeId = ''
  hook.before = strandOrder(inner, async () => {
    ;({ mergeId } = await shop.contacts.merge({ survivorId, mergedIds: [mergedId] }))
  })
  const { id } = await shop.orders.record({ ...order, contactId: mergedId })
  const owner = async () => (await shop.orders.get(id)).contactId
  expect(await owner()).toBe(mergedId)
  await crm.tick()
  expect(await owner()).toBe(mergedId)
  const later = await shop.contacts.merge({ survivorId: last, mergedIds: [survivorId] })
  crm.clock.advance(60_000)
  await crm.tick()
  expect(await owner()).toBe(last)
  expect(await shop.contacts.get(last)).toMatchObject({ orderCount: 1, lastOrderAt: '2026-01-01T00:00:00.000Z' })
  await shop.contacts.unmerge(later.mergeId)
  await shop.contacts.unmerge(mergeId)
  expect(await owner()).toBe(mergedId)
  expect(await shop.contacts.get(mergedId)).toMatchObject({ orderCount: 1 })
  await crm.close()
})

test('a merge is swept twice, the second time an hour later, and never once it was taken back', async () => {
  const { crm, shop, inner, survivorId, mergedId } = await open()
  const { mergeId } = await shop.contacts.merge({ survivorId, mergedIds: [mergedId] })
  const sweepAt = async () =>
    (await inner.session({ tenantId: 'acme' }).getMany('mergeRecord', [mergeId]))[0]?.sweepAt as string | undefined
  const start = crm.clock.now()
  const after = (minutes: number): string => new Date(start + minutes * 60_000).toISOString()
  expect(await sweepAt()).toBe(after(1))
  crm.clock.advance(60_000)
  await crm.tick()
  expect(await sweepAt()).toBe(after(60))
  await shop.contacts.unmerge(mergeId)
  const own = await shop.orders.record({ ...order, contactId: mergedId })
  crm.clock.advance(59 * 60_000)
  await crm.tick()
  expect(await sweepAt()).toBeUndefined()
  expect((await shop.orders.get(own.id)).contactId).toBe(mergedId)
  await crm.close()
})

test('a sweep that fails is due again after as long as the merge has been complete', async () => {
  const { crm, shop, hook, inner, survivorId, mergedId } = await open()
  let mergeId = ''
  hook.before = strandOrder(inner, async () => {
    ;({ mergeId } = await shop.contacts.merge({ survivorId, mergedIds: [mergedId] }))
  })
  const { id } = await shop.orders.record({ ...order, contactId: mergedId })
  const completed = crm.clock.now()
  let attempts = 0
  hook.before = (batch) => {
    if (!batch.some((write) => write.do === 'patch' && write.entity === 'order')) return
    attempts++
    throw new CrmError('storage_failed', 'The disk is full')
  }
  const afterMinutes: number[] = []
  for (let minute = 1; minute <= 20; minute++) {
    crm.clock.advance(60_000)
    await crm.tick()
    const [row] = await inner.session({ tenantId: 'acme' }).getMany('mergeRecord', [mergeId])
    const due = (Date.parse(row?.sweepAt as string) - completed) / 60_000
    if (afterMinutes.at(-1) !== due) afterMinutes.push(due)
  }
  expect(afterMinutes).toEqual([2, 4, 8, 16, 32])
  expect(attempts).toBe(5)
  hook.before = () => {}
  crm.clock.advance(12 * 60_000)
  await crm.tick()
  expect((await shop.orders.get(id)).contactId).toBe(survivorId)
  await crm.close()
})

test('an internal note on a ticket whose contact is merged meanwhile goes to the survivor', async () => {
  const { crm, shop, hook, survivorId, mergedId } = await open()
  const ticket = await shop.tickets.open({ contactId: mergedId, subject: 'Parcel never came' })
  hook.before = beforeInsert('message', 1, () => shop.contacts.merge({ survivorId, mergedIds: [mergedId] }))
  const note = await shop.tickets.reply(ticket.id, { body: 'Ask the carrier', visibility: 'internal' })
  expect(note).toMatchObject({ contactId: survivorId })
  await crm.close()
})

test('a main employer is named by the id of the company that it was merged into meanwhile', async () => {
  const { crm, shop, hook, survivorId: contactId } = await open()
  const [works, gone] = [await shop.companies.create({ name: 'Works' }), await shop.companies.create({ name: 'Gone' })]
  const role = await shop.contacts.addRole(contactId, { companyId: gone.id })
  let merged = false
  hook.before = async (batch) => {
    if (merged || !batch.some(({ do: kind, entity }) => kind === 'patch' && entity === 'contact')) return
    merged = true
    await shop.companies.merge({ survivorId: works.id, mergedIds: [gone.id] })
  }
  await shop.contacts.updateRole(role.id, { isPrimary: true })
  expect(await shop.contacts.get(contactId)).toMatchObject({ primaryCompanyId: works.id })
  await crm.close()
})

test('an activity that was deleted when its contacts were merged is restored to the survivor, once', async () => {
  const { crm, shop, survivorId, mergedId } = await open()
  const links = [mergedId, survivorId].map((id) => ({ type: 'contact', id }))
  const call = await shop.activities.log({ type: 'call', links })
  await shop.activities.delete(call.id)
  await shop.contacts.merge({ survivorId, mergedIds: [mergedId] })
  expect(await shop.activities.restore(call.id)).toMatchObject({ links: [{ type: 'contact', id: survivorId }] })
  expect((await shop.timeline.of({ type: 'contact', id: survivorId })).items).toMatchObject([{ recordId: call.id }])
  expect(await shop.activities.verifyHistory(call.id)).toMatchObject({ intact: true })
  await crm.close()
})
