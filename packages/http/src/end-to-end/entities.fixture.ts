import { describe, expect, test } from 'vitest'
import { type ApiWorld, createCustomer, noon } from './api-world.fixture.js'

/** Each entity over HTTP, on whatever storage the world has. */
export function describeEntities(world: () => ApiWorld): void {
  describe('list, get, create, patch, query', () => {
    test('contacts: the whole life of one', async () => {
      const { client, call } = world().staff(world().tenant())
      const created = await call('POST', 'contacts', {
        firstName: 'Ada',
        lastName: 'King',
        emails: [{ address: 'ada@example.com' }],
      })
      expect(created.status).toBe(201)
      const id = created.body.id as string
      expect(created.headers.get('location')).toBe(`/api/v1/contacts/${id}`)
      expect(created.body).toMatchObject({
        version: 1,
        fullName: 'Ada King',
        primaryEmail: 'ada@example.com',
        createdAt: noon,
      })

      const patched = await call('PATCH', `contacts/${id}`, { jobTitle: 'Countess', lastName: null })
      expect(patched.body).toMatchObject({ version: 2, jobTitle: 'Countess', fullName: 'Ada' })
      expect(patched.body).not.toHaveProperty('lastName')

      expect((await call('GET', `contacts/${id}`)).body).toEqual(patched.body)
      const found = await client.contacts.find({ where: { primaryEmail: 'ada@example.com' } })
      expect(found.items.map((contact) => contact.id)).toEqual([id])

      expect((await call('DELETE', `contacts/${id}`)).status).toBe(204)
      expect((await call('GET', `contacts/${id}`)).status).toBe(404)
      expect((await client.contacts.find()).items).toEqual([])
    })

    test('companies and associations', async () => {
      const { client } = world().staff(world().tenant())
      const company = await client.companies.create({ name: 'Analytical Engines' })
      const contact = await client.contacts.create({ firstName: 'Ada' })
      const ends = { fromType: 'contact', fromId: contact.id, toType: 'company', toId: company.id }
      const link = await client.associations.link({ ...ends, typeKey: 'worksAt' })
      expect((await client.associations.find({ where: { fromId: contact.id } })).items).toEqual([link])
      expect(await client.associations.get(link.id)).toEqual(link)
      await client.associations.unlink(link.id)
      expect((await client.associations.find()).items).toEqual([])
      expect(await client.companies.update(company.id, { name: 'Engines' })).toMatchObject({
        name: 'Engines',
        version: 2,
      })
      await client.companies.delete(company.id)
      await expect(client.companies.get(company.id)).rejects.toMatchObject({ code: 'not_found', status: 404 })
    })

    test('orders roll up onto the contact, and recording one twice changes nothing', async () => {
      const { client } = world().staff(world().tenant())
      const contact = await client.contacts.create({ firstName: 'Ada' })
      const input = {
        externalRef: { system: 'shop', externalId: 'o-77' },
        contactId: contact.id,
        placedAt: '2026-02-01T10:00:00.000Z',
        status: 'completed' as const,
        total: { amountMinor: 4999, currency: 'EUR' },
      }
      const order = await client.orders.record(input)
      const again = await client.orders.record(input)
      expect([again.id, again.version]).toEqual([order.id, 1])
      expect(await client.orders.get(order.id)).toMatchObject({ total: { amountMinor: 4999, currency: 'EUR' } })
      expect(await client.contacts.get(contact.id)).toMatchObject({
        orderCount: 1,
        lastOrderAt: '2026-02-01T10:00:00.000Z',
        version: 1,
      })
    })

    test('consents are granted and revoked', async () => {
      const staff = world().staff(world().tenant())
      const { client } = staff
      const { contactId, consentId } = await createCustomer(staff, 'Ada')
      expect(await client.consents.get(consentId)).toMatchObject({ status: 'granted', capturedAt: noon })
      await client.consents.revoke({ contactId, purpose: 'newsletter', channel: 'email', source: 'profile' })
      const statements = await client.consents.find({ where: { contactId } })
      expect(statements.items.map((statement) => statement.status).sort()).toEqual(['granted', 'revoked'])
    })

    test('activities are logged, changed and deleted, and show in the timeline', async () => {
      const { client } = world().staff(world().tenant())
      const contact = await client.contacts.create({ firstName: 'Ada' })
      const links = [{ type: 'contact', id: contact.id }]
      const call = await client.activities.log({ type: 'call', subject: 'Called back', occurredAt: noon, links })
      expect((await client.timeline.of({ type: 'contact', id: contact.id })).items).toMatchObject([
        { recordType: 'activity', recordId: call.id, at: noon },
      ])
      expect(await client.activities.update(call.id, { outcome: 'reached' })).toMatchObject({ outcome: 'reached' })
      await client.activities.delete(call.id)
      expect((await client.timeline.of({ type: 'contact', id: contact.id })).items).toEqual([])
    })

    test('a list follows its cursor to the end without gap or repetition, and serves only its own', async () => {
      const { client, call } = world().staff(world().tenant())
      for (let index = 0; index < 7; index++) await client.companies.create({ name: `Company ${index}` })
      const names: unknown[] = []
      let path: string | undefined = 'companies?order=name&limit=3'
      while (path !== undefined) {
        const { body } = await call('GET', path)
        names.push(...(body.items ?? []).map((company) => company.name))
        path = body.cursor === undefined ? undefined : `companies?order=name&limit=3&cursor=${body.cursor as string}`
      }
      expect(names).toEqual([0, 1, 2, 3, 4, 5, 6].map((index) => `Company ${index}`))

      const { cursor } = await client.companies.find({ orderBy: ['name'], limit: 3 })
      await expect(
        client.companies.find({ orderBy: ['-name'], limit: 3, ...(cursor && { cursor }) }),
      ).rejects.toMatchObject({ status: 422, field: 'cursor' })
    })

    test('simple filters in the URL agree with the query', async () => {
      const { client, call } = world().staff(world().tenant())
      const ada = await client.contacts.create({ firstName: 'Ada', lifecycleStage: 'customer' })
      await client.contacts.create({ firstName: 'Eve', lifecycleStage: 'lead' })
      const listed = await call('GET', 'contacts?lifecycleStage=customer')
      expect(listed.body.items?.map((contact) => contact.id)).toEqual([ada.id])
      const filter = { op: 'and', args: [{ op: 'eq', path: 'lifecycleStage', value: 'customer' }] } as const
      expect((await client.contacts.find({ where: filter })).items.map((contact) => contact.id)).toEqual([ada.id])
    })

    test('me tells who calls, and where', async () => {
      const tenantId = world().tenant()
      const me = await world().staff(tenantId).client.me()
      expect(me).toMatchObject({ tenantId, actor: { type: 'user', id: 'u_7' } })
      expect(me.rights).toBeDefined()
    })
  })

  describe('ticket actions', () => {
    test('open, reply, assign, snooze, resolve, reopen, close', async () => {
      const { client } = world().staff(world().tenant())
      const contact = await client.contacts.create({ firstName: 'Ada' })
      const ticket = await client.tickets.open({
        contactId: contact.id,
        subject: 'Parcel',
        description: 'It never came.',
        priority: 'high',
      })
      expect(ticket).toMatchObject({ number: 1, category: 'new', priority: 'high', channel: 'web' })
      await client.tickets.reply(ticket.id, { body: 'We are on it.' })
      const { items } = await client.tickets.messages(ticket.id)
      expect(items.map((message) => [message.direction, message.body])).toEqual([
        ['inbound', 'It never came.'],
        ['outbound', 'We are on it.'],
      ])
      expect(await client.tickets.assign(ticket.id, { assigneeId: 'u_7' })).toMatchObject({ assigneeId: 'u_7' })
      expect(await client.tickets.snooze(ticket.id, { until: '2026-03-02T12:00:00.000Z' })).toMatchObject({
        category: 'snoozed',
      })
      expect(await client.tickets.resolve(ticket.id)).toMatchObject({ category: 'resolved', resolvedAt: noon })
      expect(await client.tickets.reopen(ticket.id)).toMatchObject({ category: 'open', reopenCount: 1 })
      expect(await client.tickets.close(ticket.id)).toMatchObject({ category: 'closed', closedAt: noon })
      expect(await client.tickets.update(ticket.id, { priority: 'low' })).toMatchObject({ priority: 'low' })
    })

    test('an action that the state forbids is 409 and changes nothing', async () => {
      const { client, call } = world().staff(world().tenant())
      const contact = await client.contacts.create({ firstName: 'Ada' })
      const ticket = await client.tickets.open({ contactId: contact.id, subject: 'Parcel' })
      const response = await call('POST', `tickets/${ticket.id}/reopen`)
      expect(response.status).toBe(409)
      expect(response.body).toMatchObject({ code: 'rule_violated' })
      expect(await client.tickets.get(ticket.id)).toEqual(ticket)
    })

    test('a form without JavaScript opens a ticket of the visitor and leads on', async () => {
      const tenantId = world().tenant()
      const staff = world().staff(tenantId)
      const contact = await staff.client.contacts.create({ firstName: 'Ada' })
      const response = await world()
        .visitor(tenantId, contact.id)
        .send('POST', 'tickets', {
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: new URLSearchParams({
            subject: 'Parcel',
            description: 'It never came.',
            returnTo: '/thanks',
          }).toString(),
        })
      expect([response.status, response.headers.get('location')]).toEqual([303, '/thanks'])
      const { items } = await staff.client.tickets.find()
      expect(items).toMatchObject([
        { contactId: contact.id, subject: 'Parcel', channel: 'web', createdBy: { type: 'contact', id: contact.id } },
      ])
    })

    test('a form with a wrong field comes back as a page that names it', async () => {
      const tenantId = world().tenant()
      const contact = await world().staff(tenantId).client.contacts.create({ firstName: 'Ada' })
      const response = await world()
        .visitor(tenantId, contact.id)
        .send('POST', 'tickets', {
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: new URLSearchParams({ subject: 'Parcel', '<script>x</script>': 'a' }).toString(),
        })
      expect(response.status).toBe(422)
      expect(response.text).toContain('<bdi>&lt;script&gt;x&lt;/script&gt;</bdi>')
      expect(response.text).not.toContain('<script')
    })
  })

  describe('view360 and scores', () => {
    test('view360 shows a customer from all sides', async () => {
      const staff = world().staff(world().tenant())
      const { contactId, orderId, ticketId } = await createCustomer(staff, 'Ada')
      const response = await staff.call('GET', `contacts/${contactId}/view360`)
      expect(response.status).toBe(200)
      expect(response.headers.get('etag')).toMatch(/^"[0-9a-f]{24}"$/)
      expect(response.body).toMatchObject({
        contact: { id: contactId, orderCount: 1 },
        consents: [{ status: 'granted' }],
        orders: { count: 1, items: [{ id: orderId }], totals: [{ amountMinor: 4999, currency: 'EUR' }] },
        tickets: { openCount: 1, items: [{ id: ticketId }] },
        scores: [],
      })
      const timeline = response.body.timeline as { items: { recordType: string }[] }
      expect(timeline.items.map((entry) => entry.recordType).sort()).toEqual(['activity', 'order', 'ticket'])
    })

    test('a timeline goes on behind the view', async () => {
      const { client } = world().staff(world().tenant())
      const contact = await client.contacts.create({ firstName: 'Ada' })
      for (let day = 1; day <= 5; day++) {
        const occurredAt = `2026-02-0${day}T10:00:00.000Z`
        await client.activities.log({
          type: 'note',
          subject: `Day ${day}`,
          occurredAt,
          links: [{ type: 'contact', id: contact.id }],
        })
      }
      const first = await client.timeline.of({ type: 'contact', id: contact.id }, { limit: 3 })
      const rest = await client.timeline.of(
        { type: 'contact', id: contact.id },
        { limit: 3, ...(first.cursor && { cursor: first.cursor }) },
      )
      expect([...first.items, ...rest.items].map((entry) => entry.title)).toEqual([
        'Day 5',
        'Day 4',
        'Day 3',
        'Day 2',
        'Day 1',
      ])
      expect(rest.cursor).toBeUndefined()
    })

    test('scores are refreshed by a run that can be watched', async () => {
      const staff = world().staff(world().tenant())
      const { contactId } = await createCustomer(staff, 'Ada')
      const accepted = await staff.call('POST', 'scores/refresh', { models: ['rfm'], asOf: noon })
      expect(accepted.status).toBe(202)
      const runId = accepted.body.id as string
      expect(accepted.headers.get('location')).toBe(`/api/v1/runs/${runId}`)
      await expect.poll(async () => (await staff.client.runs.get(runId)).status, { timeout: 20_000 }).toBe('done')
      const scores = await staff.client.scores.of({ type: 'contact', id: contactId })
      expect(scores).toMatchObject([{ model: 'rfm', subjectId: contactId, asOf: noon }])
      expect(await staff.client.contacts.get(contactId)).toMatchObject({
        scores: { rfm: { recency: expect.any(Number) } },
      })
    })
  })

  describe('several at once', () => {
    test('If-Match: different fields merge, the same field is 412, and nothing is lost', async () => {
      const { client, call } = world().staff(world().tenant())
      const { id } = await client.contacts.create({ firstName: 'Ada', lastName: 'Byron' })
      const etag = (await call('GET', `contacts/${id}`)).headers.get('etag') as string
      expect((await call('PATCH', `contacts/${id}`, { lastName: 'King' }, { 'if-match': etag })).status).toBe(200)
      const merged = await call('PATCH', `contacts/${id}`, { jobTitle: 'Countess' }, { 'if-match': etag })
      expect(merged.body).toMatchObject({ version: 3, lastName: 'King', jobTitle: 'Countess' })
      const stale = await call('PATCH', `contacts/${id}`, { lastName: 'Lovelace' }, { 'if-match': '"1"' })
      expect(stale.status).toBe(412)
      expect(stale.body).toMatchObject({ code: 'conflict', field: 'lastName', remedy: expect.any(String) })
      expect((await call('DELETE', `contacts/${id}`, undefined, { 'if-match': '"1"' })).status).toBe(412)
      expect(await client.contacts.get(id)).toEqual(merged.body)
    })

    test('an entity tag saves the second transfer, until a derived value changes', async () => {
      const staff = world().staff(world().tenant())
      const { id } = await staff.client.contacts.create({ firstName: 'Ada' })
      const etag = (await staff.call('GET', `contacts/${id}`)).headers.get('etag') as string
      expect((await staff.call('GET', `contacts/${id}`, undefined, { 'if-none-match': etag })).status).toBe(304)
      await staff.client.orders.record({ contactId: id, placedAt: noon, total: { amountMinor: 1, currency: 'EUR' } })
      const fresh = await staff.call('GET', `contacts/${id}`, undefined, { 'if-none-match': etag })
      expect(fresh.status).toBe(200)
      expect(fresh.body).toMatchObject({ version: 1, orderCount: 1 })
    })

    test('an idempotency key opens one ticket, also when two arrive together', async () => {
      const { client, call } = world().staff(world().tenant())
      const contact = await client.contacts.create({ firstName: 'Ada' })
      const open = (subject: string): ReturnType<typeof call> =>
        call('POST', 'tickets', { contactId: contact.id, subject }, { 'idempotency-key': 'a1' })
      const [first, second] = await Promise.all([open('Parcel'), open('Parcel')])
      const third = await open('Parcel')
      expect([first.status, second.status, third.status]).toEqual([201, 201, 201])
      expect(new Set([first.text, second.text, third.text]).size).toBe(1)
      expect((await open('Other')).status).toBe(409)
      expect((await client.tickets.find()).items).toHaveLength(1)
    })
  })
}
