import type { Contact, CrmSession } from '@rapport/core'
import { beforeEach, expect, test } from 'vitest'
import { describeOnEveryStorage, staff } from './crm-on-every-storage.fixture.js'

describeOnEveryStorage('sales and support', (on) => {
  let shop: CrmSession
  let ada: Contact
  beforeEach(async () => {
    shop = on().crm.session({ tenantId: on().newTenant(), actor: staff })
    ada = await shop.contacts.upsert({
      externalRef: { system: 'shop', externalId: '1' },
      firstName: 'Ada',
      lastName: 'King',
    })
  })
  const euros = (amountMinor: number) => ({ amountMinor, currency: 'EUR' })
  const visitor = (contact = ada): CrmSession =>
    on().crm.session({ tenantId: shop.tenantId, actor: { type: 'contact', id: contact.id } })

  test('an order is recorded once by its external ref and adds up on its contact', async () => {
    const order = {
      contactId: ada.id,
      placedAt: '2026-02-01T12:00:00.000Z',
      total: euros(4999),
      externalRef: { system: 'shop', externalId: 'o-77' },
    }
    const first = await shop.orders.record(order)
    expect(await shop.orders.record(order)).toEqual(first)
    await shop.orders.record({
      ...order,
      placedAt: '2026-01-01T12:00:00.000Z',
      externalRef: { system: 'shop', externalId: 'o-76' },
    })
    expect(await shop.contacts.get(ada.id)).toMatchObject({
      version: 1,
      orderCount: 2,
      firstOrderAt: '2026-01-01T12:00:00.000Z',
      lastOrderAt: '2026-02-01T12:00:00.000Z',
    })
    expect((await shop.timeline.of({ type: 'contact', id: ada.id })).items.map(({ title }) => title)).toEqual([
      '49.99 EUR',
      '49.99 EUR',
    ])
  })

  test('a canceled or deleted order no longer adds up', async () => {
    const [late, early] = await Promise.all(
      ['2026-02-01', '2026-01-01'].map((day, index) =>
        shop.orders.record({
          contactId: ada.id,
          placedAt: day,
          total: euros(100),
          externalRef: { system: 'shop', externalId: `${index}` },
        }),
      ),
    )
    await shop.orders.update(late?.id as string, { status: 'canceled' })
    expect(await shop.contacts.get(ada.id)).toMatchObject({ orderCount: 1, lastOrderAt: '2026-01-01T00:00:00.000Z' })
    await shop.orders.delete(early?.id as string)
    const contact = await shop.contacts.get(ada.id)
    expect(contact.orderCount).toBe(0)
    expect(contact.lastOrderAt).toBeUndefined()
    await shop.orders.restore(early?.id as string)
    expect(await shop.contacts.get(ada.id)).toMatchObject({ orderCount: 1, lastOrderAt: '2026-01-01T00:00:00.000Z' })
  })

  test('sums stay true when orders of one contact change at the same time', async () => {
    const reports = await shop.orders.recordMany(
      Array.from({ length: 6 }, (_, day) => ({
        contactId: ada.id,
        placedAt: `2026-02-0${day + 1}`,
        total: euros(100),
      })),
    )
    const ids = reports.map((report) => ('id' in report ? report.id : ''))
    await Promise.all([
      ...ids.slice(0, 3).map((id) => shop.orders.update(id, { status: 'canceled' })),
      shop.orders.delete(ids[5] as string),
      shop.orders.record({ contactId: ada.id, placedAt: '2026-02-20', total: euros(1) }),
    ])
    expect(await shop.contacts.get(ada.id)).toMatchObject({
      version: 1,
      orderCount: 3,
      firstOrderAt: '2026-02-04T00:00:00.000Z',
      lastOrderAt: '2026-02-20T00:00:00.000Z',
    })
  })

  test('a thousand orders go in one batch, and an order of nobody fails alone', async () => {
    const orders = Array.from({ length: 1_000 }, (_, index) => ({
      contactId: index === 3 ? 'nobody' : ada.id,
      placedAt: '2026-02-01',
      total: euros(index),
      externalRef: { system: 'shop', externalId: `${index}` },
    }))
    const valid = await shop.orders.recordMany(orders.toSpliced(3, 1))
    expect(valid.every(({ outcome }) => outcome === 'created')).toBe(true)
    const rest = await shop.orders.recordMany(orders.slice(0, 5))
    expect(rest.map(({ outcome }) => outcome)).toEqual(['unchanged', 'unchanged', 'unchanged', 'failed', 'unchanged'])
    expect(await shop.contacts.get(ada.id)).toMatchObject({ orderCount: 999 })
  })

  test('amounts are whole, not negative, of a real currency, and refunds do not exceed them', async () => {
    const order = { contactId: ada.id, placedAt: '2026-02-01' }
    const fields = async (total: object, more: object = {}): Promise<string[]> => {
      try {
        await shop.orders.record({ ...order, total: total as never, ...more })
        return []
      } catch (error) {
        return ((error as { details: { issues: { path: string }[] } }).details.issues ?? []).map(({ path }) => path)
      }
    }
    expect(await fields({ amountMinor: 1.5, currency: 'EUR' })).toEqual(['total.amountMinor'])
    expect(await fields({ amountMinor: -1, currency: 'EUR' })).toEqual(['total.amountMinor'])
    expect(await fields({ amountMinor: 1, currency: 'QQQ' })).toEqual(['total.currency'])
    expect(await fields({ amountMinor: 2 ** 53, currency: 'EUR' })).toEqual(['total.amountMinor'])
    expect(await fields(euros(10), { refunded: euros(11) })).toEqual(['refunded.amountMinor'])
    expect(await fields(euros(10), { placedAt: '2026-02-30' })).toEqual(['placedAt'])
    expect(await shop.orders.count()).toBe(0)
  })

  test('a ticket goes through its states with its conversation', async () => {
    const ticket = await shop.tickets.open({
      contactId: ada.id,
      subject: 'Parcel never came',
      priority: 'high',
      description: 'Since Monday.',
    })
    expect(ticket).toMatchObject({
      number: 1,
      category: 'new',
      waitingSince: '2026-03-01T10:00:00.000Z',
      reopenCount: 0,
    })
    on().clock.advance(60_000)
    await shop.tickets.reply(ticket.id, { body: 'We are on it.', visibility: 'public' })
    await shop.tickets.reply(ticket.id, { body: 'Carrier lost it.', visibility: 'internal' })
    const answered = await shop.tickets.get(ticket.id)
    expect(answered).toMatchObject({ category: 'waitingOnCustomer', firstRespondedAt: '2026-03-01T10:01:00.000Z' })
    expect(answered.waitingSince).toBeUndefined()
    expect(await shop.tickets.resolve(ticket.id)).toMatchObject({ category: 'resolved' })
    await visitor().tickets.reply(ticket.id, { body: 'Still nothing.' })
    expect(await shop.tickets.get(ticket.id)).toMatchObject({ category: 'open', reopenCount: 1 })
    const closed = await shop.tickets.close(ticket.id)
    expect(closed.category).toBe('closed')
    await expect(visitor().tickets.reply(ticket.id, { body: 'Hello?' })).rejects.toMatchObject({
      code: 'rule_violated',
    })
    expect((await shop.tickets.messages(ticket.id)).items.map(({ direction }) => direction)).toEqual([
      'inbound',
      'outbound',
      'internal',
      'inbound',
    ])
    on().clock.set('2026-03-01T10:00:00.000Z')
  })

  test('snoozing needs a moment in the future', async () => {
    const ticket = await shop.tickets.open({ contactId: ada.id, subject: 'Later' })
    await expect(shop.tickets.snooze(ticket.id, { until: '2026-01-01T00:00:00Z' })).rejects.toMatchObject({
      details: { field: 'until' },
    })
    expect(await shop.tickets.snooze(ticket.id, { until: '2026-04-01T00:00:00+02:00' })).toMatchObject({
      category: 'snoozed',
      snoozedUntil: '2026-03-31T22:00:00.000Z',
    })
  })

  test('ticket numbers are unique under concurrent opening', async () => {
    const tickets = await Promise.all(
      Array.from({ length: 25 }, (_, index) => shop.tickets.open({ contactId: ada.id, subject: `Ticket ${index}` })),
    )
    expect(tickets.map(({ number }) => number).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 25 }, (_, index) => index + 1),
    )
  })

  test('a visitor reaches only what is theirs', async () => {
    const eve = await shop.contacts.create({ firstName: 'Eve' })
    const own = await visitor().tickets.open({ subject: 'Mine', description: 'text' })
    const foreign = await shop.tickets.open({ contactId: eve.id, subject: 'Hers' })
    await shop.orders.record({ contactId: eve.id, placedAt: '2026-02-01', total: euros(5) })
    await shop.tickets.reply(own.id, { body: 'secret', visibility: 'internal' })
    const session = visitor()
    expect((await session.tickets.find()).items.map(({ id }) => id)).toEqual([own.id])
    expect(await session.tickets.count({ where: { contactId: eve.id } })).toBe(0)
    expect((await session.orders.find()).items).toEqual([])
    expect((await session.contacts.find()).items.map(({ id }) => id)).toEqual([ada.id])
    expect((await session.tickets.messages(own.id)).items.map(({ body }) => body)).toEqual(['text'])
    await expect(session.tickets.get(foreign.id)).rejects.toMatchObject({ code: 'not_found' })
    await expect(session.tickets.messages(foreign.id)).rejects.toMatchObject({ code: 'not_found' })
    await expect(session.tickets.reply(foreign.id, { body: 'x' })).rejects.toMatchObject({ code: 'not_found' })
    await expect(session.tickets.open({ contactId: eve.id, subject: 'As Eve' })).rejects.toMatchObject({
      code: 'access_denied',
    })
    await expect(session.tickets.resolve(own.id)).rejects.toMatchObject({ code: 'access_denied' })
    await expect(session.tickets.reply(own.id, { body: 'x', visibility: 'internal' })).rejects.toMatchObject({
      code: 'validation_failed',
    })
    await expect(session.contacts.update(ada.id, { firstName: 'X' })).rejects.toMatchObject({ code: 'access_denied' })
    await expect(session.companies.find()).rejects.toMatchObject({ code: 'access_denied' })
    await expect(session.tickets.find({ where: { assigneeId: 'u_7' } })).rejects.toMatchObject({
      code: 'access_denied',
    })
    const view = await session.contacts.view360(ada.id)
    expect(view.contact).not.toHaveProperty('scores')
    expect(view.scores).toEqual([])
    await expect(
      on()
        .crm.session({ tenantId: shop.tenantId, actor: { type: 'anonymous', id: '' } })
        .tickets.find(),
    ).rejects.toMatchObject({ code: 'access_denied' })
  })

  test('an activity is in the timelines of all its records, until it is unlinked or deleted', async () => {
    const company = await shop.companies.create({ name: 'Works' })
    const links = [
      { type: 'contact', id: ada.id },
      { type: 'company', id: company.id },
    ]
    const call = await shop.activities.log({
      type: 'call',
      subject: 'Renewal',
      links,
      occurredAt: '2026-02-02T00:00:00Z',
    })
    const titles = async (index: number) =>
      (await shop.timeline.of(links[index] as { type: string; id: string })).items.map(({ title }) => title)
    expect([await titles(0), await titles(1)]).toEqual([['Renewal'], ['Renewal']])
    expect(await shop.contacts.get(ada.id)).toMatchObject({ lastActivityAt: '2026-02-02T00:00:00.000Z', version: 1 })
    await shop.activities.update(call.id, { links: [{ type: 'contact', id: ada.id }], subject: 'Renewed' })
    expect([await titles(0), await titles(1)]).toEqual([['Renewed'], []])
    await shop.activities.delete(call.id)
    expect(await titles(0)).toEqual([])
    await expect(
      shop.activities.log({ type: 'note', links: [{ type: 'contact', id: 'nobody' }] }),
    ).rejects.toMatchObject({ code: 'validation_failed', details: { field: 'links.0.id' } })
  })

  test('customer text is kept as data: markup and emoji stay, bidi overrides go, NUL is refused, a megabyte is too long', async () => {
    const text = '<img src=x onerror=alert(1)> 你好 👩‍👩‍👧 \u202Eevil\u202C'
    const ticket = await visitor().tickets.open({ subject: text, description: text })
    expect(ticket.subject).toBe('<img src=x onerror=alert(1)> 你好 👩‍👩‍👧 evil')
    const refused = (input: object) => expect(visitor().tickets.open(input as never)).rejects
    await refused({ subject: 'a\u0000b' }).toMatchObject({ code: 'validation_failed', details: { field: 'subject' } })
    await refused({ subject: 'half \ud83d' }).toMatchObject({ details: { field: 'subject' } })
    await refused({ subject: 'ok', description: 'x'.repeat(1_000_000) }).toMatchObject({
      details: { field: 'description' },
    })
    await refused({ subject: '' }).toMatchObject({ details: { field: 'subject' } })
    await refused({ subject: 'ok', number: 7 }).toMatchObject({ details: { field: 'number' } })
    expect(await shop.tickets.count()).toBe(1)
  })
})
