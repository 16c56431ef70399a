import { beforeEach, describe, expect, test } from 'vitest'
import { type ApiUser, type ApiWorld, type Customer, createCustomer, snapshot } from './api-world.fixture.js'

/** Visitors of a shop over HTTP: they reach what is theirs, and cannot tell what else there is. */
export function describePortal(world: () => ApiWorld): void {
  let staff: ApiUser
  let visitor: ApiUser
  let own: Customer
  let other: Customer
  let before: string

  beforeEach(async () => {
    const tenantId = world().tenant()
    staff = world().staff(tenantId)
    own = await createCustomer(staff, 'Ada')
    other = await createCustomer(staff, 'Eve')
    visitor = world().visitor(tenantId, own.contactId)
    before = await snapshot(staff, [own.ticketId, other.ticketId])
  })

  const unchanged = async (): Promise<void> =>
    expect(await snapshot(staff, [own.ticketId, other.ticketId])).toBe(before)

  const idsOf = async (list: string, body: object = {}): Promise<unknown[]> => {
    const answer = await visitor.call('POST', `${list}/query`, body)
    expect(answer.status).toBe(200)
    return (answer.body.items ?? []).map((item) => item.id)
  }

  describe('a visitor', () => {
    test('reads their own contact, orders, tickets, consents and messages', async () => {
      expect((await visitor.call('GET', `contacts/${own.contactId}`)).body).toMatchObject({
        id: own.contactId,
        firstName: 'Ada',
      })
      expect((await visitor.call('GET', `orders/${own.orderId}`)).body).toMatchObject({ id: own.orderId })
      expect((await visitor.call('GET', `tickets/${own.ticketId}`)).body).toMatchObject({ subject: 'Parcel of Ada' })
      expect((await visitor.call('GET', `consents/${own.consentId}`)).body).toMatchObject({ status: 'granted' })
      expect(await visitor.client.me()).toMatchObject({ actor: { type: 'contact', id: own.contactId } })
    })

    test('lists only their own', async () => {
      expect(await idsOf('contacts')).toEqual([own.contactId])
      expect(await idsOf('orders', { where: { contactId: own.contactId } })).toEqual([own.orderId])
      expect(await idsOf('tickets')).toEqual([own.ticketId])
      expect((await visitor.call('GET', `tickets?contactId=${other.contactId}`)).body.items).toEqual([])
    })

    test('sees no internal message, and pages do not tell whether there is one', async () => {
      const { items } = await visitor.client.tickets.messages(own.ticketId)
      expect(items.map((message) => message.body)).toEqual(['It never came.', 'We are on it.'])
      const ticket = await staff.client.tickets.open({ contactId: own.contactId, subject: 'b', description: 'c' })
      await staff.client.tickets.reply(ticket.id, { body: 'd' })
      const [hiding, plain] = await Promise.all(
        [own.ticketId, ticket.id].map((id) => visitor.client.tickets.messages(id, { limit: 2 })),
      )
      expect(hiding?.items).toHaveLength(2)
      expect(hiding?.cursor === undefined).toBe(plain?.cursor === undefined)
      expect((await staff.client.tickets.messages(own.ticketId)).items).toHaveLength(3)
    })

    test('sees no field that is for staff', async () => {
      const contact = (await visitor.call('GET', `contacts/${own.contactId}`)).body
      for (const field of [
        'scores',
        'lifecycleStage',
        'leadSource',
        'ownerId',
        'orderCount',
        'journalHash',
        'tenantId',
      ]) {
        expect(contact).not.toHaveProperty(field)
      }
      expect((await visitor.call('GET', `tickets/${own.ticketId}`)).body).not.toHaveProperty('assigneeId')
    })

    test('sees a view of themselves that counts only what is theirs and public', async () => {
      const view = (await visitor.call('GET', `contacts/${own.contactId}/view360`)).body
      expect(view).toMatchObject({
        contact: { id: own.contactId },
        orders: { count: 1, items: [{ id: own.orderId }], totals: [{ amountMinor: 4999, currency: 'EUR' }] },
        tickets: { openCount: 1, items: [{ id: own.ticketId }] },
        scores: [],
      })
      const timeline = view.timeline as { items: { recordType: string }[] }
      expect(timeline.items.map((entry) => entry.recordType)).not.toContain('activity')
    })

    test('opens a ticket and answers in it', async () => {
      const ticket = await visitor.client.tickets.open({ subject: 'Where is it?', description: 'Still waiting.' })
      expect(ticket).toMatchObject({ contactId: own.contactId, category: 'new' })
      const message = await visitor.client.tickets.reply(ticket.id, { body: 'Hello?' })
      expect(message).toMatchObject({ direction: 'inbound', visibility: 'public', body: 'Hello?' })
    })
  })

  describe("another customer's things are simply not there", () => {
    const reads: [string, (theirs: Customer) => string][] = [
      ['contact', (theirs) => `contacts/${theirs.contactId}`],
      ['view', (theirs) => `contacts/${theirs.contactId}/view360`],
      ['timeline', (theirs) => `contacts/${theirs.contactId}/timeline`],
      ['scores', (theirs) => `contacts/${theirs.contactId}/scores`],
      ['order', (theirs) => `orders/${theirs.orderId}`],
      ['ticket', (theirs) => `tickets/${theirs.ticketId}`],
      ['messages', (theirs) => `tickets/${theirs.ticketId}/messages`],
      ['consent', (theirs) => `consents/${theirs.consentId}`],
    ]

    test.each(reads)('%s: the same 404 as for what never was', async (_, path) => {
      const answer = await visitor.call('GET', path(other))
      expect(answer.status).toBe(404)
      const nobody = crypto.randomUUID()
      const never = { contactId: nobody, orderId: nobody, ticketId: nobody, activityId: nobody, consentId: nobody }
      const absent = await visitor.call('GET', path(never))
      expect(absent.status).toBe(404)
      expect(absent.text).toBe(answer.text)
    })

    test('nor can they be changed', async () => {
      const asks: [string, string, unknown?][] = [
        ['PATCH', `contacts/${other.contactId}`, { firstName: 'Mallory' }],
        ['DELETE', `contacts/${other.contactId}`],
        ['PATCH', `tickets/${other.ticketId}`, { priority: 'low' }],
        ['POST', `tickets/${other.ticketId}/replies`, { body: 'I am Eve' }],
        ['POST', `tickets/${other.ticketId}/close`],
        ['POST', `tickets/${other.ticketId}/assign`, { assigneeId: 'u_7' }],
      ]
      for (const [method, path, json] of asks) {
        expect([403, 404], `${method} ${path}`).toContain((await visitor.call(method, path, json)).status)
      }
      await unchanged()
    })

    test.each<[string, (theirs: Customer) => object]>([
      ['by its id', (theirs) => ({ id: theirs.ticketId })],
      ['by its customer', (theirs) => ({ contactId: theirs.contactId })],
      ['by anything at all', () => ({ or: [{ subject: { contains: '' } }, { not: { subject: 'x' } }] })],
      [
        'by a tree that is always true',
        () => ({
          op: 'or',
          args: [
            { op: 'and', args: [] },
            { op: 'not', arg: { op: 'or', args: [] } },
          ],
        }),
      ],
      ['by negation', (theirs) => ({ not: { contactId: { ne: theirs.contactId } } })],
    ])('a hostile filter finds nothing of theirs: %s', async (_, where) => {
      const found = await idsOf('tickets', { where: where(other), limit: 1000 })
      expect(found).not.toContain(other.ticketId)
      expect(found.every((id) => id === own.ticketId)).toBe(true)
    })

    test('orders of another customer cannot be listed by naming them', async () => {
      const answer = await visitor.call('POST', 'orders/query', { where: { contactId: other.contactId } })
      expect(answer.status === 200 ? answer.body.items : answer.status).toEqual(answer.status === 200 ? [] : 403)
    })

    test.each([
      ['tickets', { where: { assigneeId: 'u_7' } }],
      ['tickets', { where: { tags: { has: 'fraud' } } }],
      ['tickets', { orderBy: ['waitingSince'] }],
      ['contacts', { where: { 'scores.clv.amountMinor': { gt: 1 } } }],
      ['contacts', { orderBy: ['-orderCount'] }],
      ['contacts', { where: { leadSource: { prefix: 'a' } } }],
    ])('a field that is hidden cannot be asked about: %s %j', async (list, body) => {
      const answer = await visitor.call('POST', `${list}/query`, body)
      expect(answer.status).toBe(403)
      expect(answer.body).toMatchObject({ code: 'access_denied' })
    })

    test.each(['companies', 'activities', 'associations', 'runs'])('%s are not for visitors', async (list) => {
      const answer = await visitor.call('GET', list)
      expect(answer.status === 200 ? answer.body.items : answer.status).toEqual(answer.status === 200 ? [] : 403)
    })
  })

  describe('a visitor cannot', () => {
    test.each<[string, (their: Customer) => [string, string, unknown?], number[]]>([
      [
        'open a ticket in the name of another',
        (theirs) => ['POST', 'tickets', { contactId: theirs.contactId, subject: 'a' }],
        [403, 404, 422],
      ],
      ['decide who works on their ticket', () => ['POST', 'tickets', { subject: 'a', assigneeId: 'u_1' }], [403, 422]],
      [
        'write an internal message',
        () => ['POST', `tickets/${own.ticketId}/replies`, { body: 'a', visibility: 'internal' }],
        [403, 422],
      ],
      [
        'record an order',
        () => [
          'POST',
          'orders',
          { contactId: own.contactId, placedAt: '2026-01-01', total: { amountMinor: 1, currency: 'EUR' } },
        ],
        [403],
      ],
      ['create a contact', () => ['POST', 'contacts', { firstName: 'Mallory' }], [403]],
      ['delete themselves', () => ['DELETE', `contacts/${own.contactId}`], [403]],
      ['refresh scores', () => ['POST', 'scores/refresh', { models: ['rfm'], asOf: '2026-01-01' }], [403]],
      ['assign their ticket', () => ['POST', `tickets/${own.ticketId}/assign`, { assigneeId: 'u_1' }], [403]],
    ])('%s', async (_, ask, statuses) => {
      const [method, path, json] = ask(other)
      expect(statuses).toContain((await visitor.call(method, path, json)).status)
      await unchanged()
    })
  })

  test('an anonymous visitor reaches nothing', async () => {
    const anonymous = world().as(world().tenant(), { type: 'anonymous', id: 'visit-1' })
    for (const list of ['contacts', 'tickets', 'orders']) {
      const answer = await anonymous.call('GET', list)
      expect(answer.status === 200 ? answer.body.items : answer.status).toEqual(answer.status === 200 ? [] : 403)
    }
    expect((await anonymous.call('POST', 'tickets', { subject: 'a', contactId: own.contactId })).status).toBe(403)
  })
}
