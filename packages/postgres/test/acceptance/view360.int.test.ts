import { adminRole, type CrmSession, type Role } from '@rapport/core'
import { expect, test } from 'vitest'
import { type AcceptanceCrm, describeOnEveryStorage, staff } from './crm-on-every-storage.fixture.js'

const entries = 10_000
const everyPanel: Role = {
  key: 'own',
  rights: Object.fromEntries(
    ['contact', 'consent', 'order', 'ticket', 'company', 'contactGroup', 'association', 'score', 'timelineEntry'].map(
      (entity) => [entity, { read: 'own' as const }],
    ),
  ),
}

async function* inBatches<T>(rows: readonly T[]): AsyncGenerator<readonly T[]> {
  for (let start = 0; start < rows.length; start += 1_000) yield rows.slice(start, start + 1_000)
}

/** A contact with something in every panel and a timeline of 10,000 entries. */
async function longHistory(on: AcceptanceCrm, shop: CrmSession): Promise<string> {
  const ada = await shop.contacts.create({ firstName: 'Ada', ownerId: 'own' })
  const holding = await shop.companies.create({ name: 'Holding', ownerId: 'own' })
  const company = await shop.companies.create({ name: 'Works', ownerId: 'own', parentCompanyId: holding.id })
  await shop.groups.create({ name: 'Home', kind: 'household', ownerId: 'own', primaryContactId: ada.id })
  await shop.associations.link({
    fromType: 'contact',
    fromId: ada.id,
    toType: 'company',
    toId: company.id,
    typeKey: 'worksAt',
  })
  await shop.consents.grant({ contactId: ada.id, purpose: 'newsletter', channel: 'email', source: 'checkout' })
  await shop.orders.recordMany(
    Array.from({ length: 30 }, (_, index) => ({
      contactId: ada.id,
      placedAt: `2026-01-${String(index + 1).padStart(2, '0')}`,
      total: { amountMinor: 100, currency: index < 25 ? 'EUR' : 'USD' },
      status: index === 0 ? ('canceled' as const) : ('completed' as const),
    })),
  )
  for (let index = 0; index < 3; index++) {
    const ticket = await shop.tickets.open({ contactId: ada.id, subject: `Ticket ${index}`, assigneeId: 'own' })
    if (index === 0) await shop.tickets.resolve(ticket.id)
  }
  const run = await shop.scores.refresh(['rfm', 'clv', 'value'], { asOf: '2026-02-28' })
  await shop.runs.wait(run.id)
  const rows = Array.from({ length: entries }, (_, index) => ({
    id: `entry-${index}`,
    version: 1,
    updatedAt: '2026-03-01T10:00:00.000Z',
    subjectType: 'contact',
    subjectId: ada.id,
    at: new Date(Date.UTC(2020, 0, 1) + index * 3_600_000).toISOString(),
    recordType: 'activity',
    recordId: `a-${index}`,
    title: `Call ${index}`,
    visibility: 'tenant',
  }))
  await on.storage.session({ tenantId: shop.tenantId }).load?.('timelineEntry', inBatches(rows))
  return ada.id
}

describeOnEveryStorage('view360', (on) => {
  test('a contact from all sides takes at most 12 statements, whatever the length of its history and whoever asks', async () => {
    const crm = await on().another({
      roles: (_tenant, actor) => (actor.id === 'own' || actor.id === 'other' ? [everyPanel] : [adminRole]),
    })
    const tenantId = on().newTenant()
    const shop = crm.session({ tenantId, actor: staff })
    const contactId = await longHistory(on(), shop)
    const viewAs = async (session: CrmSession) => {
      on().calls.count = 0
      const view = await session.contacts.view360(contactId)
      return { view, statements: on().calls.count }
    }

    const admin = await viewAs(shop)
    expect(admin.statements).toBeLessThanOrEqual(12)
    expect(admin.view).toMatchObject({
      contact: { fullName: 'Ada', orderCount: 29 },
      consents: [{ purpose: 'newsletter', status: 'granted' }],
      companies: [{ company: { name: 'Works' }, parent: { name: 'Holding' }, former: false }],
      groups: [{ group: { name: 'Home' }, membership: { isPrimary: true } }],
      tickets: { openCount: 2 },
    })
    expect(admin.view.orders.items).toHaveLength(20)
    expect(admin.view.orders.items[0]?.placedAt).toBe('2026-01-30T00:00:00.000Z')
    expect(admin.view.orders.count).toBe(30)
    expect([...admin.view.orders.totals].sort((a, b) => (a.currency < b.currency ? -1 : 1))).toEqual([
      { amountMinor: 2_400, currency: 'EUR' },
      { amountMinor: 500, currency: 'USD' },
    ])
    expect(admin.view.scores.map(({ model }) => model)).toEqual(['clv', 'rfm', 'value'])
    expect(admin.view.timeline.items).toHaveLength(50)
    const times = admin.view.timeline.items.map(({ at }) => at)
    expect(times).toEqual(times.toSorted().reverse())
    const more = await shop.timeline.of(
      { type: 'contact', id: contactId },
      { cursor: admin.view.timeline.cursor as string },
    )
    // Three tickets, thirty orders and the calls 9999 to 9983 make the first fifty.
    expect(more.items[0]?.title).toBe('Call 9982')

    const member = await viewAs(crm.session({ tenantId, actor: { type: 'user', id: 'own' } }))
    expect(member.statements).toBeLessThanOrEqual(12)
    expect(member.view).toMatchObject({
      companies: [{ company: { name: 'Works' }, parent: { name: 'Holding' } }],
      groups: [{ group: { name: 'Home' } }],
      tickets: { openCount: 2 },
    })
    expect(member.view.orders.items).toHaveLength(20)
    expect(member.view.timeline.items).toHaveLength(50)
    await expect(
      crm.session({ tenantId, actor: { type: 'user', id: 'other' } }).contacts.view360(contactId),
    ).rejects.toMatchObject({ code: 'not_found' })

    const visitor = await viewAs(on().crm.session({ tenantId, actor: { type: 'contact', id: contactId } }))
    expect(visitor.statements).toBeLessThanOrEqual(12)
    expect(visitor.view).toMatchObject({
      contact: { fullName: 'Ada' },
      tickets: { openCount: 2 },
      companies: [],
      scores: [],
    })
    expect(visitor.view.orders.items).toHaveLength(20)
    expect(visitor.view.contact).not.toHaveProperty('orderCount')
    await crm.close()
  })
})
