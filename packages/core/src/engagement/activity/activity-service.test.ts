import { afterEach, beforeEach, expect, it } from 'vitest'
import type { CrmSession } from '../../crm-session.js'
import { createTestCrm } from '../../testing.js'

let crm: Awaited<ReturnType<typeof createTestCrm>>
let shop: CrmSession
beforeEach(async () => {
  crm = await createTestCrm()
  shop = crm.session({ tenantId: 'acme', actor: { type: 'user', id: 'u_1' } })
})
afterEach(() => crm.close())

it('a link that a change adds must lead to a record, which then remembers the activity', async () => {
  const ada = await shop.contacts.create({ firstName: 'Ada' })
  const note = await shop.activities.log({ type: 'note', links: [], occurredAt: '2026-02-02T00:00:00.000Z' })
  for (const type of ['contact', 'company']) {
    await expect(
      shop.activities.update(note.id, {
        links: [
          { type: 'contact', id: ada.id },
          { type, id: 'nothing' },
        ],
      }),
    ).rejects.toMatchObject({ code: 'validation_failed', details: { field: 'links.1.id' } })
  }
  expect((await shop.timeline.of({ type: 'contact', id: ada.id })).items).toEqual([])
  await shop.activities.update(note.id, { links: [{ type: 'contact', id: ada.id }] })
  expect(await shop.contacts.get(ada.id)).toMatchObject({ lastActivityAt: '2026-02-02T00:00:00.000Z', version: 1 })
})

it('a company remembers when something last happened to it, through a merge too, and its version stays', async () => {
  const [works, other] = [
    await shop.companies.create({ name: 'Works' }),
    await shop.companies.create({ name: 'Other' }),
  ]
  const call = (day: string, id: string) =>
    shop.activities.log({ type: 'call', occurredAt: `2026-02-${day}T00:00:00.000Z`, links: [{ type: 'company', id }] })
  await call('05', works.id)
  await call('03', works.id)
  await call('07', other.id)
  const last = async () => {
    const { version, lastActivityAt } = await shop.companies.get(works.id)
    return { version, lastActivityAt }
  }
  expect(await last()).toEqual({ version: 1, lastActivityAt: '2026-02-05T00:00:00.000Z' })
  const found = await shop.companies.find({ where: { lastActivityAt: { lt: '2026-02-06T00:00:00.000Z' } } })
  expect(found.items.map(({ id }) => id)).toEqual([works.id])
  const { mergeId } = await shop.companies.merge({ survivorId: works.id, mergedIds: [other.id] })
  expect((await last()).lastActivityAt).toBe('2026-02-07T00:00:00.000Z')
  await shop.companies.unmerge(mergeId)
  expect((await last()).lastActivityAt).toBe('2026-02-05T00:00:00.000Z')
  const contact = await shop.contacts.create({})
  crm.clock.advance(1_000)
  const ticket = await shop.tickets.open({ contactId: contact.id, companyId: works.id, subject: 'Late' })
  expect((await last()).lastActivityAt).toBe(ticket.createdAt)
})

it('a change of other fields works although a linked record was deleted', async () => {
  const company = await shop.companies.create({ name: 'Works' })
  const note = await shop.activities.log({ type: 'note', links: [{ type: 'company', id: company.id }] })
  await shop.companies.delete(company.id)
  await expect(shop.activities.update(note.id, { subject: 'Kept' })).resolves.toMatchObject({ subject: 'Kept' })
})

it.each([
  ['links.0.type', [{ type: 'unicorn', id: '1' }]],
  [
    'links.1',
    [
      { type: 'contact', id: '1' },
      { type: 'contact', id: '1' },
    ],
  ],
  ['links', Array.from({ length: 101 }, (_, index) => ({ type: 'contact', id: `${index}` }))],
] as const)('%s is named when the links are wrong', async (field, links) => {
  await expect(shop.activities.log({ type: 'note', links: [...links] })).rejects.toMatchObject({
    code: 'validation_failed',
    details: { field },
  })
})

it('twenty #15780: whoever may read activities of their own is given no e-mail of somebody else, in no list', async () => {
  const own = { create: 'own', read: 'own', update: 'own', delete: 'own' } as const
  await using other = await createTestCrm({
    roles: () => [{ key: 'seller', rights: { activity: own } }],
  })
  const as = (id: string) => other.session({ tenantId: 'acme', actor: { type: 'user', id } })
  const [mine, theirs] = [as('u_1'), as('u_2')]
  const mail = await theirs.activities.log({
    type: 'email',
    subject: 'My notice',
    body: 'I quit',
    ownerId: 'u_2',
    links: [],
  })
  expect(await theirs.activities.get(mail.id)).toMatchObject({ subject: 'My notice' })
  await expect(mine.activities.get(mail.id)).rejects.toMatchObject({ code: 'not_found' })
  await expect(mine.activities.history(mail.id)).rejects.toMatchObject({ code: 'not_found' })
  expect((await mine.activities.find()).items).toEqual([])
  expect(await mine.activities.count({ where: { subject: { contains: 'notice' } } })).toBe(0)
  expect(await mine.activities.getMany([mail.id])).toEqual([undefined])
})
