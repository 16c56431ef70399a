import { describe, expect, test } from 'vitest'
import type { Role } from '../../access/role.js'
import type { CrmSession, Duplicate, ScanOptions } from '../../index.js'
import { createTestCrm } from '../../testing.js'

const user = { type: 'user', id: 'u_1' } as const

async function open(roles?: () => readonly Role[]) {
  const crm = await createTestCrm(roles && { roles })
  return { crm, shop: crm.session({ tenantId: 'acme', actor: user }) }
}

async function scan(shop: CrmSession, options: Partial<ScanOptions> = {}): Promise<Record<string, unknown>> {
  const started = await shop.duplicates.scan({ object: 'contact', ...options })
  const run = await shop.runs.wait(started.id)
  if (run.status !== 'done') throw new Error(`the scan ended as ${run.status}: ${JSON.stringify(run.error)}`)
  return run.result as Record<string, unknown>
}

const pairOf = ({ leftId, rightId }: Duplicate) => [leftId, rightId]

/** Twenty people of whom Ada is there twice, and nobody else. */
async function crowd(shop: CrmSession): Promise<readonly [string, string]> {
  const names = ['Grace Hopper', 'Alan Turing', 'Edsger Dijkstra', 'Barbara Liskov', 'Donald Knuth', 'Frances Allen']
  for (const [index, name] of names.entries()) {
    const [firstName, lastName] = name.split(' ') as [string, string]
    const number = `+44 20 7946 ${String(1000 + index * 37)}`
    await shop.contacts.create({
      firstName,
      lastName,
      emails: [{ address: `${lastName}@example.com` }],
      phones: [{ number }],
    })
  }
  const phones = [{ number: '+44 20 7946 0018' }]
  const birthDate = '1815-12-10'
  const one = await shop.contacts.create({
    firstName: 'Ada',
    lastName: 'Lovelace',
    birthDate,
    emails: [{ address: 'ada.lovelace@example.com' }],
    phones,
  })
  const two = await shop.contacts.create({
    firstName: 'ADA',
    lastName: 'Lovelace',
    birthDate,
    emails: [{ address: 'ada.lovelace@example.org' }],
    phones,
  })
  return [one.id, two.id]
}

describe('a scan', () => {
  test('finds records that may be the same, with probability and reasons', async () => {
    const { shop } = await open()
    const pair = await crowd(shop)
    expect(await scan(shop)).toMatchObject({ records: 8, pairs: 1, merged: 0 })
    const { items } = await shop.duplicates.find()
    expect(items.map(pairOf)).toEqual([[...pair].sort()])
    expect(items[0]?.probability).toBeGreaterThan(0.95)
    expect(items[0]?.reasons).toContainEqual(expect.objectContaining({ what: 'phone.same', effect: 'raises' }))
  })

  test('zingg #132: ids of pairs stay the same from scan to scan', async () => {
    const { shop } = await open()
    await crowd(shop)
    await scan(shop)
    const before = (await shop.duplicates.find()).items
    await shop.contacts.create({ firstName: 'Niklaus', lastName: 'Wirth' })
    await scan(shop)
    const after = (await shop.duplicates.find()).items
    expect(after.map(({ id, version }) => [id, version])).toEqual(before.map(({ id, version }) => [id, version]))
  })

  test('liane-toolkit #163: what was dismissed never comes back, not even through a merge', async () => {
    const { shop } = await open()
    const [one, two] = await crowd(shop)
    await scan(shop)
    const [found] = (await shop.duplicates.find()).items
    expect(await shop.duplicates.dismiss(found?.id as string)).toMatchObject({ status: 'dismissed' })
    expect(await scan(shop)).toMatchObject({ pairs: 0 })
    const heir = await shop.contacts.create({
      firstName: 'Ada',
      lastName: 'Lovelace',
      birthDate: '1815-12-10',
      phones: [{ number: '+44 20 7946 0018' }],
    })
    await shop.contacts.merge({ survivorId: heir.id, mergedIds: [one] })
    expect(await scan(shop)).toMatchObject({ pairs: 0 })
    expect((await shop.duplicates.find()).items).toEqual([])
    expect((await shop.duplicates.find({ status: 'dismissed' })).items).toEqual([])
    expect((await shop.contacts.get(two)).version).toBe(1)
  })

  test('disciple-tools #2742: merged and deleted records are never proposed', async () => {
    const { shop } = await open()
    const [one, two] = await crowd(shop)
    await scan(shop)
    const { mergeId } = await shop.contacts.merge({ survivorId: one, mergedIds: [two] })
    expect((await shop.duplicates.find()).items).toEqual([])
    expect((await shop.duplicates.find({ status: 'merged' })).items.map(pairOf)).toEqual([[one, two].sort()])
    expect(await scan(shop)).toMatchObject({ pairs: 0 })
    await shop.contacts.unmerge(mergeId)
    expect(await scan(shop)).toMatchObject({ pairs: 0 })
    expect((await shop.duplicates.find({ status: 'dismissed' })).items.map(pairOf)).toEqual([[one, two].sort()])
  })

  test('a pair whose record is deleted is not shown, and closed by the next scan', async () => {
    const { shop } = await open()
    const [one] = await crowd(shop)
    await scan(shop)
    await shop.contacts.delete(one)
    expect((await shop.duplicates.find()).items).toEqual([])
    expect(await scan(shop)).toMatchObject({ pairs: 0, outdated: 1 })
    await shop.contacts.restore(one)
    expect(await scan(shop)).toMatchObject({ pairs: 1 })
    expect((await shop.duplicates.find()).items).toHaveLength(1)
  })

  test('finds companies under their names', async () => {
    const { shop } = await open()
    for (const name of ['Acme', 'Globex', 'Initech', 'Umbrella', 'Hooli']) {
      await shop.companies.create({ name, domains: [`${name.toLowerCase()}.example`] })
    }
    const twin = await shop.companies.create({ name: 'Initech GmbH', domains: ['initech.example'] })
    expect(await scan(shop, { object: 'company' })).toMatchObject({ records: 6, pairs: 1 })
    const { items } = await shop.duplicates.find({ object: 'company' })
    expect(items.flatMap(pairOf)).toContain(twin.id)
  })

  test('what cannot be asked is refused', async () => {
    const { shop } = await open()
    for (const [options, field] of [
      [{ object: 'order' }, 'object'],
      [{ object: 'contact', threshold: 1 }, 'threshold'],
      [{ object: 'contact', country: 'china' }, 'country'],
    ] as const) {
      const refused = shop.duplicates.scan(options as never)
      await expect(refused).rejects.toMatchObject({ code: 'validation_failed', details: { field } })
    }
  })
})

describe('merging without asking', () => {
  const verified = (number: string) => [{ number, verifiedAt: '2026-01-01T00:00:00.000Z' }]
  const ada = { firstName: 'Ada', lastName: 'Lovelace', birthDate: '1815-12-10' }

  test('is done on a verified identifier: the older record stays', async () => {
    const { crm, shop } = await open()
    await crowd(shop)
    const older = await shop.contacts.create({
      ...ada,
      phones: verified('+49 30 901820'),
      emails: [{ address: 'a@example.net' }],
    })
    crm.clock.advance(1_000)
    const newer = await shop.contacts.create({
      ...ada,
      phones: verified('+49 30 901820'),
      emails: [{ address: 'b@example.net' }],
    })
    expect(await scan(shop, { mergeVerified: true })).toMatchObject({ merged: 1 })
    expect(await shop.contacts.resolveId(newer.id)).toBe(older.id)
    expect((await shop.contacts.get(older.id)).emails.map(({ address }) => address)).toEqual([
      'a@example.net',
      'b@example.net',
    ])
  })

  test('is never done on probability alone, nor unless asked for', async () => {
    const { shop } = await open()
    await crowd(shop)
    expect(await scan(shop, { mergeVerified: true })).toMatchObject({ pairs: 1, merged: 0 })
    const { shop: second } = await open()
    await crowd(second)
    for (const address of ['a@example.net', 'b@example.net']) {
      await second.contacts.create({ ...ada, phones: verified('+49 30 901820'), emails: [{ address }] })
    }
    const { pairs, merged } = await scan(second)
    expect(pairs).toBeGreaterThan(1)
    expect(merged).toBe(0)
  })

  test('chatwoot #4728: two different verified ids are never merged, they wait for a person', async () => {
    const { shop } = await open()
    await crowd(shop)
    const phones = verified('+49 30 901820')
    await shop.contacts.upsert({ ...ada, phones, externalRef: { system: 'app', externalId: 'ada-1' } })
    await shop.contacts.upsert({ ...ada, phones, externalRef: { system: 'app', externalId: 'ada-2' } })
    const before = await shop.contacts.count()
    expect(await scan(shop, { mergeVerified: true })).toMatchObject({ merged: 0 })
    expect(await shop.contacts.count()).toBe(before)
    expect((await shop.duplicates.find()).items.length).toBeGreaterThan(0)
  })

  test('needs the right to edit and delete all records', async () => {
    const { shop } = await open(() => [
      { key: 'clerk', rights: { '*': { create: 'yes', read: 'yes', update: 'yes', delete: 'own' } } },
    ])
    const refused = shop.duplicates.scan({ object: 'contact', mergeVerified: true })
    await expect(refused).rejects.toMatchObject({ code: 'access_denied' })
  })
})
