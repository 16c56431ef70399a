import { type CrmSession, isCrmError } from '@rapport/core'
import { expect, test } from 'vitest'
import { describeOnEveryStorage, staff } from './crm-on-every-storage.fixture.js'
import { relationshipTests } from './customer-relationships.fixture.js'

describeOnEveryStorage('customers', (on) => {
  const open = (tenantId = on().newTenant()): CrmSession => on().crm.session({ tenantId, actor: staff })
  const ada = {
    externalRef: { system: 'shop', externalId: 'c-1042' },
    firstName: 'Ada',
    lastName: 'King',
    emails: [{ address: 'Ada@Example.com' }],
    phones: [{ number: '+44 20 7946 0018', type: 'work' as const }],
  }

  test('a contact is upserted by external ref, and a second time changes nothing', async () => {
    const shop = open()
    const first = await shop.contacts.upsert(ada)
    const second = await shop.contacts.upsert(ada)
    expect(second).toEqual(first)
    expect(first).toMatchObject({
      version: 1,
      fullName: 'Ada King',
      primaryEmail: 'Ada@Example.com',
      primaryPhone: '+44 20 7946 0018',
    })
    expect((await shop.contacts.history(first.id)).items).toHaveLength(1)
    expect(await shop.contacts.findByExternalRef(ada.externalRef)).toEqual(first)
    expect(await shop.contacts.findByEmail('ada@example.COM')).toEqual(first)
  })

  test('an upsert changes only what differs', async () => {
    const shop = open()
    const first = await shop.contacts.upsert(ada)
    const second = await shop.contacts.upsert({ ...ada, jobTitle: 'Countess' })
    expect(second).toMatchObject({ id: first.id, version: 2, jobTitle: 'Countess' })
    const [newest] = (await shop.contacts.history(first.id)).items
    expect(newest?.changes).toEqual([{ field: 'jobTitle', after: 'Countess' }])
  })

  test('twenty upserts of one external ref at once make one contact', async () => {
    const shop = open()
    const made = await Promise.all(Array.from({ length: 20 }, () => shop.contacts.upsert(ada)))
    expect(new Set(made.map(({ id }) => id)).size).toBe(1)
    expect(await shop.contacts.count()).toBe(1)
  })

  test('an e-mail address belongs to one contact of a tenant, until it is given up', async () => {
    const shop = open()
    const first = await shop.contacts.upsert(ada)
    const taken = shop.contacts.create({ emails: [{ address: 'ADA@example.com' }] })
    await expect(taken).rejects.toMatchObject({ code: 'conflict', details: { field: 'emails' } })
    expect(await shop.contacts.count()).toBe(1)
    await shop.contacts.update(first.id, { emails: [] })
    await expect(shop.contacts.create({ emails: [{ address: 'ADA@example.com' }] })).resolves.toMatchObject({
      version: 1,
    })
  })

  test('a deleted contact frees its address and its ref, and comes back only when they are free', async () => {
    const shop = open()
    const first = await shop.contacts.upsert(ada)
    await shop.contacts.delete(first.id)
    await expect(shop.contacts.get(first.id)).rejects.toMatchObject({ code: 'not_found' })
    expect((await shop.contacts.find()).items).toEqual([])
    const second = await shop.contacts.upsert(ada)
    expect(second.id).not.toBe(first.id)
    await expect(shop.contacts.restore(first.id)).rejects.toMatchObject({ code: 'conflict' })
    await shop.contacts.delete(second.id)
    expect(await shop.contacts.restore(first.id)).toMatchObject({ id: first.id, version: 3 })
    expect(await shop.contacts.findByEmail('ada@example.com')).toMatchObject({ id: first.id })
  })

  test('a thousand contacts go in one batch, and what is wrong fails alone', async () => {
    const shop = open()
    const inputs = Array.from({ length: 1_000 }, (_, index) => ({
      externalRef: { system: 'shop', externalId: `c-${index}` },
      firstName: `Customer ${index}`,
      emails: [{ address: index === 500 ? 'not an address' : `c${index}@example.com` }],
    }))
    // The first record with an address makes the tenant's key.
    await shop.contacts.upsert(ada)
    on().calls.writes = 0
    const reports = await shop.contacts.upsertMany(inputs)
    expect(on().calls.writes).toBe(1)
    expect(reports.filter(({ outcome }) => outcome === 'created')).toHaveLength(999)
    const failed = reports[500]
    expect(failed?.outcome === 'failed' && failed.error.details.field).toBe('emails.0.address')
    const again = await shop.contacts.upsertMany(inputs.toSpliced(500, 1))
    expect(again.every(({ outcome }) => outcome === 'unchanged')).toBe(true)
  })

  test('companies form a hierarchy without circles', async () => {
    const shop = open()
    const holding = await shop.companies.create({ name: 'Holding', domains: ['holding.example'] })
    const works = await shop.companies.upsert({
      externalRef: { system: 'erp', externalId: '7' },
      name: 'Works',
      parentCompanyId: holding.id,
    })
    const circle = shop.companies.update(holding.id, { parentCompanyId: works.id })
    await expect(circle).rejects.toMatchObject({ code: 'validation_failed', details: { field: 'parentCompanyId' } })
    const nobody = shop.companies.create({ name: 'Orphan', parentCompanyId: 'no-such-company' })
    await expect(nobody).rejects.toSatisfy((error) => isCrmError(error))
    expect((await shop.companies.find({ where: { domains: { has: 'holding.example' } } })).items).toHaveLength(1)
  })

  test('associations are directed, labelled, journaled, and exist once', async () => {
    const shop = open()
    const [contact, company] = [await shop.contacts.upsert(ada), await shop.companies.create({ name: 'Works' })]
    const link = { fromType: 'contact', fromId: contact.id, toType: 'company', toId: company.id, typeKey: 'worksAt' }
    const made = await shop.associations.link({ ...link, label: 'works at', inverseLabel: 'employs', isPrimary: true })
    await expect(shop.associations.link(link)).rejects.toMatchObject({ code: 'conflict' })
    await expect(shop.associations.link({ ...link, toId: 'nothing' })).rejects.toSatisfy((error) => isCrmError(error))
    expect((await shop.associations.history(made.id)).items).toHaveLength(1)
    expect((await shop.contacts.view360(contact.id)).companies).toMatchObject([
      { association: { id: made.id }, company: { name: 'Works' } },
    ])
    await shop.associations.unlink(made.id)
    await expect(shop.associations.link(link)).resolves.toMatchObject({ typeKey: 'worksAt' })
  })

  test('the newest statement of consent counts, and no statement means no', async () => {
    const shop = open()
    const { id: contactId } = await shop.contacts.upsert(ada)
    const question = { contactId, purpose: 'newsletter', channel: 'email' as const }
    expect(await shop.consents.isGranted(question)).toBe(false)
    await shop.consents.grant({ ...question, source: 'checkout', capturedAt: '2026-01-01T00:00:00.000Z' })
    expect(await shop.consents.isGranted(question)).toBe(true)
    expect(await shop.consents.isGranted({ ...question, channel: 'sms' })).toBe(false)
    await shop.consents.revoke({ ...question, source: 'preferences', capturedAt: '2026-02-01T00:00:00.000Z' })
    expect(await shop.consents.isGranted(question)).toBe(false)
    expect(await shop.consents.isGranted({ ...question, at: '2026-01-15T00:00:00.000Z' })).toBe(true)
  })

  test('no tenant sees, changes or collides with what another has', async () => {
    const [one, other] = [open(), open()]
    const mine = await one.contacts.upsert(ada)
    await expect(other.contacts.get(mine.id)).rejects.toMatchObject({ code: 'not_found' })
    await expect(other.contacts.update(mine.id, { firstName: 'Eve' })).rejects.toMatchObject({ code: 'not_found' })
    await expect(other.contacts.delete(mine.id)).rejects.toMatchObject({ code: 'not_found' })
    const order = { placedAt: '2026-01-01', total: { amountMinor: 1, currency: 'EUR' }, contactId: mine.id }
    await expect(other.orders.record(order)).rejects.toMatchObject({
      code: 'validation_failed',
      details: { field: 'contactId' },
    })
    expect((await other.contacts.upsert(ada)).id).not.toBe(mine.id)
    expect(await one.contacts.get(mine.id)).toEqual(mine)
  })

  test('pages of contacts are stable while others are added and removed', async () => {
    const shop = open()
    const names = Array.from({ length: 60 }, (_, index) => `Name ${String(index).padStart(2, '0')}`)
    await shop.contacts.upsertMany(
      names.map((firstName, index) => ({ externalRef: { system: 's', externalId: `${index}` }, firstName })),
    )
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await shop.contacts.find({ orderBy: ['fullName'], limit: 7, ...(cursor && { cursor }) })
      seen.push(...page.items.map(({ fullName }) => fullName ?? ''))
      await shop.contacts.create({ firstName: 'Aaa' })
      if (seen.length === 14) await shop.contacts.delete(page.items[6]?.id as string)
      cursor = page.cursor
    } while (cursor !== undefined)
    expect(seen).toEqual(names)
  })

  relationshipTests(on, open)
})
