import { expect, test } from 'vitest'
import type { Actor } from '../../access/actor.js'
import { createTestCrm } from '../../testing.js'
import { waitingJobs } from './waiting-jobs.fixture.js'

const staff: Actor = { type: 'user', id: 'u_1' }
const order = { placedAt: '2026-01-01', total: { amountMinor: 100, currency: 'EUR' } }

test('a record whose merge is not complete takes what is written under its own id, and the merge moves it', async () => {
  const { jobs, workOff } = waitingJobs()
  const crm = await createTestCrm({ jobs })
  const shop = crm.session({ tenantId: 'acme', actor: staff })
  const [survivor, merged] = [await shop.contacts.create({}), await shop.contacts.create({})]
  await shop.orders.recordMany(Array.from({ length: 400 }, () => ({ ...order, contactId: merged.id })))
  const { run } = await shop.contacts.merge({ survivorId: survivor.id, mergedIds: [merged.id] })
  expect(run?.status).toBe('queued')
  expect(await shop.orders.record({ ...order, contactId: merged.id })).toMatchObject({ contactId: merged.id })
  await workOff()
  expect(await shop.orders.count({ where: { contactId: survivor.id } })).toBe(401)
  expect(await shop.orders.record({ ...order, contactId: merged.id })).toMatchObject({ contactId: survivor.id })
  await crm.close()
})

test('a visitor who signed in under the old id asks as the surviving contact', async () => {
  const crm = await createTestCrm()
  const shop = crm.session({ tenantId: 'acme', actor: staff })
  const [survivor, merged] = [await shop.contacts.create({}), await shop.contacts.create({})]
  const visitor = crm.session({ tenantId: 'acme', actor: { type: 'contact', id: merged.id } })
  await shop.contacts.merge({ survivorId: survivor.id, mergedIds: [merged.id] })
  const ticket = await visitor.tickets.open({ subject: 'Hello' })
  expect(await shop.tickets.get(ticket.id)).toMatchObject({ contactId: survivor.id, createdBy: { id: survivor.id } })
  await crm.close()
})

test('only ids are exchanged, and an unmerged id stands for its own record again', async () => {
  const crm = await createTestCrm()
  const shop = crm.session({ tenantId: 'acme', actor: staff })
  const [survivor, merged] = [await shop.contacts.create({}), await shop.contacts.create({})]
  const { mergeId } = await shop.contacts.merge({ survivorId: survivor.id, mergedIds: [merged.id] })
  const note = { type: 'note', subject: merged.id, body: merged.id } as const
  const links = [{ type: 'contact', id: merged.id }]
  expect(await shop.activities.log({ ...note, links })).toMatchObject({
    ...note,
    links: [{ type: 'contact', id: survivor.id }],
  })
  await shop.contacts.unmerge(mergeId)
  expect(await shop.activities.log({ ...note, links })).toMatchObject({ ...note, links })
  const nobody = shop.orders.record({ ...order, contactId: 'nobody' })
  await expect(nobody).rejects.toMatchObject({ code: 'validation_failed', details: { field: 'contactId' } })
  await crm.close()
})

test('deleting, restoring and reading one record mean the id that they name', async () => {
  const crm = await createTestCrm()
  const shop = crm.session({ tenantId: 'acme', actor: staff })
  const [survivor, merged] = [await shop.contacts.create({}), await shop.contacts.create({})]
  await shop.contacts.merge({ survivorId: survivor.id, mergedIds: [merged.id] })
  await expect(shop.contacts.delete(merged.id)).rejects.toMatchObject({ code: 'not_found' })
  await expect(shop.contacts.get(merged.id)).rejects.toMatchObject({ code: 'not_found' })
  expect(await shop.contacts.update(merged.id, { firstName: 'Ada' })).toMatchObject({ id: survivor.id })
  await crm.close()
})
