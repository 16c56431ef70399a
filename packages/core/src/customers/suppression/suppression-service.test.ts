import { expect, test } from 'vitest'
import { createTestCrm } from '../../testing.js'

const operator = { type: 'user', id: 'u_1' } as const
const refused = (field: string) => ({ code: 'rule_violated', details: { reason: 'suppressed', field } })

async function shopWithSuppressions() {
  const crm = await createTestCrm()
  const shop = crm.session({ tenantId: 'acme', actor: operator })
  await shop.suppressions.add({ email: 'Ada@Example.com' }, 'requested')
  await shop.suppressions.add({ phone: '+44 20 7946 0018' }, 'requested')
  await shop.suppressions.add({ externalRef: { system: 'shop', externalId: 'c-1' } }, 'requested')
  return { crm, shop }
}

test('a suppressed address, number or foreign id comes back through no creation, change or upsert, in whatever spelling', async () => {
  const { shop } = await shopWithSuppressions()
  const { contacts } = shop
  await expect(contacts.create({ emails: [{ address: ' ada@EXAMPLE.com' }] })).rejects.toMatchObject(refused('emails'))
  await expect(contacts.create({ phones: [{ number: '0044-20-79460018' }] })).rejects.toMatchObject(refused('phones'))
  const bob = await contacts.create({ firstName: 'Bob' })
  await expect(contacts.update(bob.id, { emails: [{ address: 'ada@example.com' }] })).rejects.toMatchObject(
    refused('emails'),
  )
  const externalRef = { system: 'shop', externalId: 'c-1' }
  await expect(contacts.upsert({ externalRef, firstName: 'Ada' })).rejects.toMatchObject(refused('externalRefs'))
  expect(await contacts.count()).toBe(1)
})

test('an operator without the right to read suppressions learns of none', async () => {
  const crm = await createTestCrm({
    roles: () => [{ key: 'sales', rights: { contact: { create: 'all', read: 'all' } } }],
  })
  const shop = crm.session({ tenantId: 'acme', actor: operator })
  await expect(shop.suppressions.isSuppressed({ email: 'ada@example.com' })).rejects.toMatchObject({
    code: 'access_denied',
  })
})

test('of a bulk upsert the suppressed item fails alone, with its reason', async () => {
  const { shop } = await shopWithSuppressions()
  const item = (n: number, address: string) => ({
    externalRef: { system: 'shop', externalId: `new-${n}` },
    emails: [{ address }],
  })
  const reports = await shop.contacts.upsertMany([
    item(1, 'bob@example.com'),
    item(2, 'ada@example.com'),
    item(3, 'eve@example.com'),
  ])
  expect(reports).toMatchObject([
    { outcome: 'created' },
    { outcome: 'failed', error: refused('emails') },
    { outcome: 'created' },
  ])
})

test('an operator lifts a suppression, and the journal tells who did', async () => {
  const { shop } = await shopWithSuppressions()
  const [record] = (await shop.suppressions.find({ where: { kind: 'email' } })).items
  expect(await shop.suppressions.lift({ email: 'ada@example.com' })).toBe(true)
  expect(await shop.suppressions.lift({ email: 'ada@example.com' })).toBe(false)
  expect(await shop.suppressions.isSuppressed({ email: 'ada@example.com' })).toBe(false)
  await shop.contacts.create({ emails: [{ address: 'ada@example.com' }] })
  await shop.suppressions.add({ email: 'ada@example.com' }, 'requested')
  expect(await shop.suppressions.isSuppressed({ email: 'ada@example.com' })).toBe(true)
  await shop.suppressions.find()
  const crmError = await shop.suppressions.get(record?.id as string).catch((error: unknown) => error)
  expect(crmError).toMatchObject({ code: 'not_found' })
  const [lifted] = (await shop.suppressions.find({ where: { kind: 'email' }, includeDeleted: true })).items.filter(
    ({ deletedAt }) => deletedAt !== undefined,
  )
  expect(lifted?.updatedBy).toMatchObject({ id: 'u_1' })
})

test('of what is suppressed only a hash is kept, which differs from tenant to tenant', async () => {
  const { crm, shop } = await shopWithSuppressions()
  const other = crm.session({ tenantId: 'other', actor: operator })
  await other.suppressions.add({ email: 'ada@example.com' }, 'requested')
  const hashesOf = async (session: typeof shop): Promise<string[]> => {
    const hashes: string[] = []
    for await (const line of session.backup()) {
      expect(line.toLowerCase()).not.toMatch(/ada@example|442079460018|c-1"/)
      const { entity, row } = JSON.parse(line) as { entity?: string; row?: { id: string } }
      if (entity === 'suppressionHash' && row) hashes.push(row.id)
    }
    return hashes
  }
  const mine = await hashesOf(shop)
  const theirs = await hashesOf(other)
  expect([mine.length, theirs.length]).toEqual([3, 1])
  expect(mine).not.toContain(theirs[0])
})
