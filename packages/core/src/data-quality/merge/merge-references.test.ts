import { expect, test } from 'vitest'
import type { CrmSession } from '../../index.js'
import { createTestCrm } from '../../testing.js'
import { readable } from './merge-scene.fixture.js'

interface Scene {
  readonly shop: CrmSession
  readonly ada: string
  readonly king: string
}

async function open(): Promise<Scene> {
  const crm = await createTestCrm()
  const shop = crm.session({ tenantId: 'acme', actor: { type: 'user', id: 'u_1' } })
  const [ada, king] = await Promise.all(['Ada', 'King'].map((firstName) => shop.contacts.create({ firstName })))
  const { register } = shop.customFields
  await register({ object: 'order', key: 'payer', type: 'reference', target: 'contact', label: 'Payer' })
  await register({ object: 'order', key: 'note', type: 'text', label: 'Note' })
  await register({ object: 'company', key: 'founder', type: 'reference', target: 'contact', label: 'Founder' })
  await register({ object: 'company', key: 'partner', type: 'reference', target: 'company', label: 'Partner' })
  await register({ object: 'contact', key: 'friend', type: 'reference', target: 'contact', label: 'Friend' })
  const paid = { entity: 'order', by: 'custom.payer', fn: 'sum', field: 'total' } as const
  await register({ object: 'contact', key: 'paid', type: 'rollUp', label: 'Paid', rollUp: paid })
  return { shop, ada: ada?.id ?? '', king: king?.id ?? '' }
}

const order = (payer: string, contactId: string) => ({
  contactId,
  placedAt: '2026-01-05T00:00:00.000Z',
  total: { amountMinor: 100, currency: 'EUR' },
  custom: { payer, note: 'Thanks' },
})

test('custom references of every entity move with a merge, beside the other custom values, and come back', async () => {
  const { shop, ada, king } = await open()
  const other = (await shop.contacts.create({ firstName: 'Other', custom: { friend: king } })).id
  const paid = await shop.orders.record(order(king, other))
  const gone = await shop.orders.record(order(king, other))
  await shop.orders.delete(gone.id)
  const works = await shop.companies.create({ name: 'Works', custom: { founder: king } })
  const ids = [ada, king, other]
  const before = await readable(shop, ids)
  const { mergeId, relations, conflicts } = await shop.contacts.merge({ survivorId: ada, mergedIds: [king] })
  expect(relations).toEqual({ company: 1, contact: 1, order: 1 })
  expect(conflicts).not.toContain('custom.paid')
  expect((await shop.orders.get(paid.id)).custom).toEqual({ payer: ada, note: 'Thanks' })
  expect((await shop.companies.get(works.id)).custom).toEqual({ founder: ada })
  expect((await shop.contacts.get(other)).custom).toEqual({ friend: ada })
  expect((await shop.contacts.get(ada)).custom).toEqual({ paid: { EUR: 100 } })
  expect((await shop.orders.restore(gone.id)).custom.payer).toBe(ada)
  await shop.orders.delete(gone.id)
  expect(await shop.contacts.unmerge(mergeId)).toMatchObject({ kept: 0, conflicts: [] })
  expect(await readable(shop, ids)).toEqual(before)
  expect((await shop.contacts.get(king)).custom).toEqual({ paid: { EUR: 100 } })
  expect((await shop.orders.restore(gone.id)).custom.payer).toBe(king)
})

test('a custom reference that somebody changed since stays, other values that were changed as well', async () => {
  const { shop, ada, king } = await open()
  const third = (await shop.contacts.create({ firstName: 'Third' })).id
  const [changed, noted] = await shop.orders
    .recordMany([order(king, third), order(king, third)])
    .then(() => shop.orders.find({ orderBy: ['id'] }).then(({ items }) => items))
  const { mergeId } = await shop.contacts.merge({ survivorId: ada, mergedIds: [king] })
  await shop.orders.update(changed?.id ?? '', { custom: { payer: third } })
  await shop.orders.update(noted?.id ?? '', { custom: { note: 'Paid twice' } })
  expect(await shop.contacts.unmerge(mergeId)).toMatchObject({ kept: 1 })
  expect((await shop.orders.get(changed?.id ?? '')).custom).toEqual({ payer: third, note: 'Thanks' })
  expect((await shop.orders.get(noted?.id ?? '')).custom).toEqual({ payer: king, note: 'Paid twice' })
  const sums = (await shop.contacts.getMany([ada, king, third])).map((contact) => contact?.custom.paid)
  expect(sums).toEqual([undefined, { EUR: 100 }, { EUR: 100 }])
})

test('values of a deleted field move too, for it may be restored', async () => {
  const { shop, ada, king } = await open()
  const field = (await shop.customFields.find({ where: { key: 'founder' } })).items[0]?.id ?? ''
  const works = await shop.companies.create({ name: 'Works', custom: { founder: king } })
  await shop.customFields.delete(field)
  await shop.contacts.merge({ survivorId: ada, mergedIds: [king] })
  await shop.customFields.restore(field)
  expect((await shop.companies.get(works.id)).custom).toEqual({ founder: ada })
})

test('where no two records may have one value, that of the merged one is taken out, and put back', async () => {
  const { shop, ada, king } = await open()
  const { register } = shop.customFields
  await register({ object: 'company', key: 'head', type: 'reference', target: 'contact', label: 'Head', unique: true })
  const lord = (await shop.contacts.create({ firstName: 'Lord' })).id
  const [first, second, third] = await Promise.all(
    [ada, king, lord].map((head) => shop.companies.create({ name: 'Works', custom: { head } })),
  )
  const heads = async (): Promise<unknown[]> =>
    (await shop.companies.getMany([first, second, third].map((company) => company?.id ?? ''))).map(
      (company) => company?.custom.head,
    )
  const { mergeId } = await shop.contacts.merge({ survivorId: ada, mergedIds: [king, lord] })
  expect(await heads()).toEqual([ada, undefined, undefined])
  await shop.companies.update(third?.id ?? '', {
    custom: { head: (await shop.contacts.create({ firstName: 'New' })).id },
  })
  expect(await shop.contacts.unmerge(mergeId)).toMatchObject({ kept: 1 })
  expect((await heads()).slice(0, 2)).toEqual([ada, king])
})

test('a merged record does not come to refer to itself', async () => {
  const { shop, ada, king } = await open()
  const third = (await shop.contacts.create({ firstName: 'Third' })).id
  await shop.contacts.update(ada, { custom: { friend: king } })
  await shop.contacts.update(king, { custom: { friend: third } })
  const { mergeId } = await shop.contacts.merge({ survivorId: ada, mergedIds: [king] })
  expect((await shop.contacts.get(ada)).custom.friend).toBe(third)
  await shop.contacts.unmerge(mergeId)
  expect((await shop.contacts.get(ada)).custom.friend).toBe(king)
  expect((await shop.contacts.get(king)).custom.friend).toBe(third)
})

test('a company above the merged one may refer to it by a custom field', async () => {
  const { shop } = await open()
  const above = (await shop.companies.create({ name: 'Above' })).id
  const survivorId = (await shop.companies.create({ name: 'Works' })).id
  const merged = (await shop.companies.create({ name: 'The Works', parentCompanyId: above })).id
  await shop.companies.update(above, { custom: { partner: merged } })
  const { mergeId } = await shop.companies.merge({ survivorId, mergedIds: [merged] })
  expect((await shop.companies.get(survivorId)).parentCompanyId).toBe(above)
  expect((await shop.companies.get(above)).custom.partner).toBe(survivorId)
  await shop.companies.unmerge(mergeId)
  expect((await shop.companies.get(above)).custom.partner).toBe(merged)
  expect((await shop.companies.get(merged)).parentCompanyId).toBe(above)
})

test('one phone number in a national and an international spelling is kept once, and both come back', async () => {
  const { shop, ada, king } = await open()
  await shop.contacts.update(ada, { phones: [{ number: '020 7946 0018', type: 'work' }] })
  await shop.contacts.update(king, { phones: [{ number: '+44 20 7946 0018', optOut: true }] })
  const before = await readable(shop, [ada, king])
  const { mergeId } = await shop.contacts.merge({ survivorId: ada, mergedIds: [king] })
  const joined = { number: '+44 20 7946 0018', type: 'work', optOut: true, primary: true }
  expect((await shop.contacts.get(ada)).phones).toMatchObject([joined])
  await shop.contacts.update(ada, { phones: [joined, { number: '+33 1 70 18 99 00' }] as never })
  await shop.contacts.unmerge(mergeId)
  expect((await shop.contacts.get(ada)).phones.map(({ number, optOut }) => [number, optOut])).toEqual([
    ['020 7946 0018', false],
    ['+33 1 70 18 99 00', false],
  ])
  await shop.contacts.update(ada, { phones: [{ number: '020 7946 0018', type: 'work' }] })
  expect(await readable(shop, [ada, king])).toEqual(before)
})

test('a number that two merges joined goes back to each of its two, whichever is taken back first, and no one else', async () => {
  for (const order of [
    [0, 1],
    [1, 0],
  ] as const) {
    const { shop, ada, king } = await open()
    const lord = (await shop.contacts.create({ firstName: 'Lord' })).id
    await shop.contacts.update(king, { phones: [{ number: '020 7946 0018' }] })
    await shop.contacts.update(lord, { phones: [{ number: '+44 20 7946 0018' }] })
    const merges: string[] = []
    for (const mergedId of [king, lord])
      merges.push((await shop.contacts.merge({ survivorId: ada, mergedIds: [mergedId] })).mergeId)
    await shop.contacts.update(ada, { phones: [{ number: '+44 20 7946 0018', optOut: true }] })
    for (const index of order) await shop.contacts.unmerge(merges[index] as string)
    const phones = (await shop.contacts.getMany([ada, king, lord])).map((contact) => contact?.phones)
    expect(phones).toMatchObject([[], [{ number: '020 7946 0018' }], [{ number: '+44 20 7946 0018' }]])
    // What was marked since goes with the one that is taken back first.
    expect(phones[1 + order[0]]).toMatchObject([{ optOut: true }])
  }
})
