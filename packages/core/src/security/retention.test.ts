import { expect, test } from 'vitest'
import { allRows, marksIn, openMarkedShop, tenantId } from './marked-person.fixture.js'

const dayMs = 86_400_000

test('a policy says what would go at a moment, to the millisecond, and changes nothing', async () => {
  const { storage, crm, shop } = await openMarkedShop()
  const policy = await shop.privacy.retention.create({
    object: 'ticket',
    since: 'createdAt',
    afterDays: 30,
    action: 'delete',
  })
  const before = await allRows(storage, tenantId)
  const end = crm.clock.now() + 30 * dayMs
  const dueAt = async (ms: number) => (await shop.privacy.retention.plan(new Date(ms).toISOString()))[0]
  expect(await dueAt(end)).toEqual({ policyId: policy.id, object: 'ticket', action: 'delete', due: 0, held: 0 })
  expect(await dueAt(end + 1)).toMatchObject({ due: 1, held: 0 })
  expect(await allRows(storage, tenantId)).toEqual(before)
})

test('applying a policy removes what is due with all that belongs to it, and nothing that is held', async () => {
  const { storage, crm, shop, person } = await openMarkedShop()
  await shop.privacy.retention.create({ object: 'ticket', since: 'createdAt', afterDays: 30, action: 'delete' })
  const hold = await shop.privacy.holds.place({
    objectType: 'contact',
    recordId: person.contactId,
    reason: 'case 12',
  })
  crm.clock.advance(31 * dayMs)
  expect(await shop.privacy.retention.plan()).toMatchObject([{ due: 0, held: 1 }])
  const apply = async () => shop.runs.wait((await shop.privacy.retention.apply()).id)
  expect(await apply()).toMatchObject({ status: 'done', result: { applied: 0, held: 1 } })
  expect(await shop.tickets.get(person.ticketId)).toBeDefined()

  await shop.privacy.holds.lift(hold.id)
  expect(await apply()).toMatchObject({ status: 'done', result: { applied: 1, held: 0 } })
  const rows = await allRows(storage, tenantId)
  expect([rows.ticket?.length, rows.message?.length, rows.conversation?.length]).toEqual([0, 0, 0])
  expect(rows.contact?.length).toBe(2)
  expect(marksIn({ journal: (rows.journal ?? []).filter(({ entity }) => entity === 'message') })).toEqual([])
})

test('a policy that anonymises is done with a record until the record changes', async () => {
  const { storage, crm, shop, person } = await openMarkedShop()
  await shop.privacy.retention.create({ object: 'contact', since: 'createdAt', afterDays: 365, action: 'anonymise' })
  crm.clock.advance(366 * dayMs)
  const apply = async () => shop.runs.wait((await shop.privacy.retention.apply()).id)
  expect(await apply()).toMatchObject({ result: { applied: 2 } })
  expect(marksIn(await allRows(storage, tenantId))).toEqual([])
  expect(await shop.privacy.retention.plan()).toMatchObject([{ due: 0 }])
  // Who only was away for long may come back.
  await shop.contacts.create({ emails: [{ address: 'bob@example.com' }] })
  crm.clock.advance(dayMs)
  await shop.contacts.update(person.contactId, { jobTitle: 'Back again' })
  expect(await shop.privacy.retention.plan()).toMatchObject([{ due: 1 }])
})

test('a policy over an entity or a moment that is not there is refused', async () => {
  const { shop } = await openMarkedShop()
  const policy = { object: 'ticket', since: 'closedAt', afterDays: 1, action: 'delete' } as const
  for (const [wrong, field] of [
    [{ ...policy, object: 'unicorn' }, 'object'],
    [{ ...policy, since: 'subject' }, 'since'],
    [{ ...policy, afterDays: 0 }, 'afterDays'],
  ] as const)
    await expect(shop.privacy.retention.create(wrong)).rejects.toMatchObject({
      code: 'validation_failed',
      details: { field },
    })
})
