import { expect, it } from 'vitest'
import { adminRole, portalRole } from './access/role.js'
import { createTestCrm } from './testing.js'

it('a session tells its actor what it may do', async () => {
  const crm = await createTestCrm()
  const rightsOf = (actor: { type: 'user' | 'contact' | 'anonymous'; id: string }) =>
    crm.session({ tenantId: 'acme', actor }).rights()
  expect((await rightsOf({ type: 'user', id: 'u_1' })).contact).toEqual(adminRole.rights['*'])
  const portal = await rightsOf({ type: 'contact', id: 'c-1' })
  expect(portal.ticket).toEqual({ create: 'contact', read: 'contact', update: 'no', delete: 'no' })
  expect(portal.company).toEqual({ create: 'no', read: 'no', update: 'no', delete: 'no' })
  expect(portal.order?.read).toBe(portalRole.rights.order?.read)
  const anonymous = Object.values(await rightsOf({ type: 'anonymous', id: '' }))
  expect(new Set(anonymous.flatMap((rights) => Object.values(rights)))).toEqual(new Set(['no']))
  await crm.close()
})

it('an actor of no role may do nothing, and is told so by every service', async () => {
  const crm = await createTestCrm({ roles: () => [] })
  const session = crm.session({ tenantId: 'acme', actor: { type: 'user', id: 'u_1' } })
  const attempts = await Promise.allSettled([
    session.contacts.find(),
    session.contacts.create({ firstName: 'Ada' }),
    session.contacts.view360('c-1'),
    session.companies.count(),
    session.orders.record({ contactId: 'c-1', placedAt: '2026-02-01', total: { amountMinor: 1, currency: 'EUR' } }),
    session.tickets.open({ contactId: 'c-1', subject: 'Hello' }),
    session.activities.log({ type: 'note', links: [] }),
    session.consents.grant({ contactId: 'c-1', purpose: 'news', channel: 'email', source: 'test' }),
    session.scores.refresh(['rfm'], { asOf: '2026-02-28' }),
    session.runs.find(),
    session.customFields.find(),
    session.tenant.get(),
    session.tenant.update({ name: 'Acme' }),
    session.associations.link({ fromType: 'contact', fromId: '1', toType: 'company', toId: '2', typeKey: 'worksAt' }),
  ])
  for (const attempt of attempts) {
    expect(attempt).toMatchObject({ status: 'rejected', reason: { code: 'access_denied' } })
  }
  await crm.close()
})
