import { type Contact, type CrmError, type CrmSession, isCrmError, type Order, type Ticket } from '@rapport/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { describeOnEveryStorage, staff } from './crm-on-every-storage.fixture.js'

/** A call that must be refused: what it is, the call, the code, and the field named. */
type Refusal = readonly [what: string, call: () => Promise<unknown>, code: string, field: string]

/** The fields an error names, in `details.field` or in its issues. */
function namedFields({ details }: CrmError): (string | undefined)[] {
  return [details.field, ...(details.issues ?? []).map(({ path }) => path)]
}

/** What the error tells the caller to do. */
function remedyOf({ details }: CrmError): string | undefined {
  return details.remedy ?? details.issues?.[0]?.message
}

describeOnEveryStorage('bad input', (on) => {
  let shop: CrmSession
  let visitor: CrmSession
  let ada: Contact
  let order: Order
  let ticket: Ticket
  let foreign: { contact: Contact; companyId: string; ticket: Ticket; order: Order }

  const euros = (amountMinor: unknown) => ({ amountMinor, currency: 'EUR' }) as never
  const newOrder = (more: object) =>
    shop.orders.record({ contactId: ada.id, placedAt: '2026-02-01', total: euros(1), ...more } as never)

  beforeAll(async () => {
    shop = on().crm.session({ tenantId: on().newTenant(), actor: staff })
    const other = on().crm.session({ tenantId: on().newTenant(), actor: staff })
    const furnish = async (session: CrmSession) => {
      const contact = await session.contacts.create({ firstName: 'Ada', emails: [{ address: 'augusta@home.test' }] })
      return {
        contact,
        companyId: (await session.companies.create({ name: 'Works' })).id,
        ticket: await session.tickets.open({ contactId: contact.id, subject: 'Lost', description: 'A parcel' }),
        order: await session.orders.record({ contactId: contact.id, placedAt: '2026-02-01', total: euros(1) }),
      }
    }
    foreign = await furnish(other)
    ;({ contact: ada, ticket, order } = await furnish(shop))
    ada = await shop.contacts.update(ada.id, { firstName: 'Augusta' })
    visitor = on().crm.session({ tenantId: shop.tenantId, actor: { type: 'contact', id: ada.id } })
  })

  /** Each call is refused as said, in words that help and give nothing away, and leaves no row behind. */
  async function allRefused(refusals: readonly Refusal[]): Promise<void> {
    const before = await on().rowCounts(shop.tenantId)
    for (const [what, call, code, field] of refusals) {
      const error: unknown = await call().then(
        () => undefined,
        (thrown: unknown) => thrown,
      )
      if (!isCrmError(error)) throw new Error(`${what}: ${error === undefined ? 'was taken' : String(error)}`)
      expect([what, error.code], what).toEqual([what, code])
      expect(namedFields(error), what).toContain(field)
      expect(remedyOf(error), `${what}: remedy`).toMatch(/\w{3}/)
      expect(JSON.stringify(error), `${what}: no personal values`).not.toMatch(/home\.test|Augusta|x{20}/i)
      expect(JSON.stringify(error).length, `${what}: short`).toBeLessThan(4_000)
    }
    expect(await on().rowCounts(shop.tenantId)).toEqual(before)
  }
  const invalid = 'validation_failed'

  test('unknown fields are refused by name', () =>
    allRefused([
      ['contact', () => shop.contacts.create({ nickname: 'A' } as never), invalid, 'nickname'],
      [
        'in an e-mail',
        () => shop.contacts.create({ emails: [{ address: 'a@b.cd', x: 1 }] } as never),
        invalid,
        'emails.0.x',
      ],
      ['derived', () => shop.contacts.create({ fullName: 'A' } as never), invalid, 'fullName'],
      ['system', () => shop.contacts.update(ada.id, { version: 9 } as never), invalid, 'version'],
      ['tenant', () => shop.contacts.create({ tenantId: 'other' } as never), invalid, 'tenantId'],
      ['company', () => shop.companies.create({ name: 'A', ceo: 'B' } as never), invalid, 'ceo'],
      ['order', () => newOrder({ discount: 1 }), invalid, 'discount'],
      ['in an order', () => newOrder({ items: [{ name: 'CD', quantity: 1, color: 'red' }] }), invalid, 'items.0.color'],
      ['money', () => newOrder({ total: { amountMinor: 1, currency: 'EUR', vat: 1 } }), invalid, 'total.vat'],
      [
        'ticket',
        () => shop.tickets.open({ contactId: ada.id, subject: 'A', closedAt: 'now' } as never),
        invalid,
        'closedAt',
      ],
      ['ticket state', () => shop.tickets.update(ticket.id, { category: 'closed' } as never), invalid, 'category'],
      ['reply', () => shop.tickets.reply(ticket.id, { body: 'A', html: 'B' } as never), invalid, 'html'],
      ['activity', () => shop.activities.log({ type: 'note', links: [], mood: 1 } as never), invalid, 'mood'],
      ['prototype', () => shop.contacts.create(JSON.parse('{"__proto__": {"admin": true}}')), invalid, '__proto__'],
    ]))

  test('wrong types are refused by name', () =>
    allRefused([
      ['no object', () => shop.contacts.create('Ada' as never), invalid, ''],
      ['a list', () => shop.contacts.create([] as never), invalid, ''],
      ['nothing', () => shop.contacts.create(undefined as never), invalid, ''],
      ['null patch', () => shop.contacts.update(ada.id, null as never), invalid, ''],
      ['number for text', () => shop.contacts.create({ firstName: 5 } as never), invalid, 'firstName'],
      ['object for text', () => shop.contacts.create({ firstName: { toString: 'x' } } as never), invalid, 'firstName'],
      ['text for list', () => shop.contacts.create({ tags: 'vip' } as never), invalid, 'tags'],
      ['bad e-mail', () => shop.contacts.create({ emails: [{ address: 'nobody' }] }), invalid, 'emails.0.address'],
      ['bad phone', () => shop.contacts.create({ phones: [{ number: 'call me' }] }), invalid, 'phones.0.number'],
      ['unknown word', () => shop.contacts.create({ lifecycleStage: 'friend' } as never), invalid, 'lifecycleStage'],
      ['missing', () => shop.companies.create({} as never), invalid, 'name'],
      ['no id', () => shop.contacts.get(5 as never), invalid, 'id'],
      ['empty id', () => shop.contacts.get(''), invalid, 'id'],
      ['e-mail sought', () => shop.contacts.findByEmail(5 as never), invalid, 'address'],
      ['items', () => newOrder({ items: 'CD' }), invalid, 'items'],
      ['quantity', () => newOrder({ items: [{ name: 'CD', quantity: 0.5 }] }), invalid, 'items.0.quantity'],
      ['subject', () => shop.tickets.open({ contactId: ada.id, subject: 5 } as never), invalid, 'subject'],
      ['body', () => shop.tickets.reply(ticket.id, { body: { html: 'x' } } as never), invalid, 'body'],
      ['assignee', () => shop.tickets.assign(ticket.id, {} as never), invalid, 'assigneeId'],
      ['consent', () => shop.consents.grant({ contactId: ada.id, channel: 'fax' } as never), invalid, 'channel'],
    ]))

  test('absurd sizes are refused by name', () =>
    allRefused([
      ['long name', () => shop.contacts.create({ firstName: 'x'.repeat(513) }), invalid, 'firstName'],
      ['1 MB name', () => shop.contacts.create({ lastName: 'x'.repeat(1_000_000) }), invalid, 'lastName'],
      [
        'many tags',
        () => shop.contacts.create({ tags: Array.from({ length: 201 }, (_, i) => `${i}`) }),
        invalid,
        'tags',
      ],
      [
        'many e-mails',
        () => shop.contacts.create({ emails: Array.from({ length: 51 }, (_, i) => ({ address: `a${i}@b.cd` })) }),
        invalid,
        'emails',
      ],
      [
        'many items',
        () => newOrder({ items: Array.from({ length: 1_001 }, () => ({ name: 'CD', quantity: 1 })) }),
        invalid,
        'items',
      ],
      [
        'many at once',
        () => shop.orders.recordMany(Array.from({ length: 1_001 }, () => ({}) as never)),
        invalid,
        'inputs',
      ],
      [
        'long id',
        () => shop.orders.record({ contactId: 'x'.repeat(65), placedAt: '2026-02-01', total: euros(1) }),
        invalid,
        'contactId',
      ],
      ['1 MB body', () => visitor.tickets.reply(ticket.id, { body: 'x'.repeat(1_000_000) }), invalid, 'body'],
      [
        '1 MB ticket',
        () => visitor.tickets.open({ subject: 'Hello', description: 'x'.repeat(1_000_000) }),
        invalid,
        'description',
      ],
      ['page', () => shop.contacts.find({ limit: 1_001 }), invalid, 'limit'],
      ['no page', () => shop.contacts.find({ limit: 0 }), invalid, 'limit'],
      ['half a page', () => shop.contacts.find({ limit: 1.5 }), invalid, 'limit'],
    ]))

  test('a duplicate e-mail is a conflict that names the field', () =>
    allRefused([
      ['new', () => shop.contacts.create({ emails: [{ address: 'AUGUSTA@home.test' }] }), 'conflict', 'emails'],
      [
        'upsert',
        () =>
          shop.contacts.upsert({
            externalRef: { system: 'shop', externalId: '2' },
            emails: [{ address: ' augusta@HOME.test ' }],
          }),
        'conflict',
        'emails',
      ],
    ]))

  test('a stale version is a conflict that names the field and the version found', async () => {
    await allRefused([
      ['update', () => shop.contacts.update(ada.id, { firstName: 'Eve' }, { ifVersion: 1 }), 'conflict', 'firstName'],
    ])
    const stale = shop.contacts.delete(ada.id, { ifVersion: 1 })
    await expect(stale).rejects.toMatchObject({ code: 'conflict', details: { reason: 'version', actualVersion: 2 } })
    expect(await shop.contacts.get(ada.id)).toEqual(ada)
  })

  test('ids of another tenant are as good as none', async () => {
    const before = await on().rowCounts(shop.tenantId)
    const { contact, companyId } = foreign
    const attempts = await Promise.allSettled([
      shop.contacts.get(contact.id),
      shop.contacts.update(contact.id, { firstName: 'X' }),
      shop.contacts.delete(contact.id),
      shop.contacts.restore(contact.id),
      shop.contacts.history(contact.id),
      shop.contacts.view360(contact.id),
      shop.companies.get(companyId),
      shop.orders.update(foreign.order.id, { status: 'canceled' }),
      shop.tickets.reply(foreign.ticket.id, { body: 'Hello' }),
      shop.tickets.messages(foreign.ticket.id),
      shop.tickets.resolve(foreign.ticket.id),
      shop.timeline.of({ type: 'contact', id: contact.id }),
      shop.scores.of({ type: 'contact', id: contact.id }),
    ])
    for (const attempt of attempts) {
      expect(attempt).toMatchObject({ status: 'rejected', reason: { code: 'not_found' } })
    }
    expect(await shop.contacts.getMany([contact.id])).toEqual([undefined])
    expect((await shop.tickets.find({ where: { contactId: contact.id } })).items).toEqual([])
    const [report] = await shop.orders.recordMany([{ contactId: contact.id, placedAt: '2026-02-01', total: euros(1) }])
    expect(report?.outcome === 'failed' && namedFields(report.error)).toContain('contactId')
    await allRefused([
      ['order', () => newOrder({ contactId: contact.id }), invalid, 'contactId'],
      ['company of an order', () => newOrder({ companyId }), invalid, 'companyId'],
      ['order moved', () => shop.orders.update(order.id, { contactId: contact.id }), invalid, 'contactId'],
      ['ticket', () => shop.tickets.open({ contactId: contact.id, subject: 'A' }), invalid, 'contactId'],
      ['company of a ticket', () => shop.tickets.update(ticket.id, { companyId }), invalid, 'companyId'],
      ['parent', () => shop.companies.create({ name: 'A', parentCompanyId: companyId }), invalid, 'parentCompanyId'],
      [
        'consent',
        () => shop.consents.grant({ contactId: contact.id, purpose: 'news', channel: 'email', source: 'x' }),
        invalid,
        'contactId',
      ],
      [
        'activity',
        () => shop.activities.log({ type: 'note', links: [{ type: 'contact', id: contact.id }] }),
        invalid,
        'links.0.id',
      ],
      [
        'association',
        () =>
          shop.associations.link({
            fromType: 'contact',
            fromId: ada.id,
            toType: 'company',
            toId: companyId,
            typeKey: 'worksAt',
          }),
        invalid,
        'toId',
      ],
    ])
    expect(await on().rowCounts(shop.tenantId)).toEqual(before)
  })

  test('malformed filters and cursors are refused by place', async () => {
    const page = await shop.contacts.find({ limit: 1 })
    const find = (where: unknown) => () => shop.contacts.find({ where: where as never })
    const deep = (depth: number): object => (depth === 0 ? { firstName: 'A' } : { not: deep(depth - 1) })
    await shop.contacts.create({ firstName: 'Second' })
    const { cursor } = await shop.contacts.find({ limit: 1 })
    expect([page.cursor, typeof cursor]).toEqual([undefined, 'string'])
    await allRefused([
      ['text', find('all'), invalid, 'where'],
      ['list', find([]), invalid, 'where'],
      ['unknown field', find({ nickname: 'A' }), invalid, 'where.nickname'],
      ['inside a list', find({ 'emails.address': 'a' }), invalid, 'where.emails.address'],
      ['internal field', find({ uniqueKey: 'a' }), invalid, 'where.uniqueKey'],
      ['unknown operator', find({ firstName: { like: '%' } }), invalid, 'where.firstName.like'],
      ['null', find({ firstName: null }), invalid, 'where.firstName'],
      ['no operator', find({ firstName: {} }), invalid, 'where.firstName'],
      ['or of no list', find({ or: {} }), invalid, 'where.or'],
      ['too deep', find(deep(40)), invalid, 'where'],
      ['order by nothing', () => shop.contacts.find({ orderBy: ['nickname'] }), invalid, 'orderBy.nickname'],
      ['order of no list', () => shop.contacts.find({ orderBy: 'firstName' as never }), invalid, 'orderBy'],
      ['cursor', () => shop.contacts.find({ cursor: 'bogus!' }), invalid, 'cursor'],
      ['cursor of no text', () => shop.contacts.find({ cursor: 5 as never }), invalid, 'cursor'],
      ['cursor of JSON', () => shop.contacts.find({ cursor: btoa('{"a":1}') }), invalid, 'cursor'],
      ['long cursor', () => shop.contacts.find({ cursor: 'x'.repeat(20_000) }), invalid, 'cursor'],
      ['another list', () => shop.companies.find({ cursor: cursor as string }), invalid, 'cursor'],
      [
        'another order',
        () => shop.contacts.find({ cursor: cursor as string, orderBy: ['fullName'] }),
        invalid,
        'cursor',
      ],
    ])
    for (const where of [
      { op: 'eq', path: 'firstName' },
      { op: 'eq', path: 'firstName', value: { $gt: '' } },
      { op: 'explode', path: 'firstName', value: 1 },
      { op: 'and', args: 'all' },
      { firstName: { gt: 5 } },
      { createdAt: { gt: 'yesterday' } },
      { firstName: { in: Array.from({ length: 1_001 }, (_, index) => `${index}`) } },
      { firstName: 'a\u0000b' },
      { firstName: { in: 'a' } },
      { tags: { has: ['a'] } },
    ]) {
      await expect(find(where)(), JSON.stringify(where).slice(0, 60)).rejects.toMatchObject({ code: invalid })
    }
  })

  test('amounts are whole and not negative, currencies exist, dates are possible', () =>
    allRefused([
      ['fraction', () => newOrder({ total: euros(1.5) }), invalid, 'total.amountMinor'],
      ['negative', () => newOrder({ total: euros(-1) }), invalid, 'total.amountMinor'],
      ['inexact', () => newOrder({ total: euros(2 ** 53) }), invalid, 'total.amountMinor'],
      ['no number', () => newOrder({ total: euros(Number.NaN) }), invalid, 'total.amountMinor'],
      ['infinite', () => newOrder({ total: euros(Number.POSITIVE_INFINITY) }), invalid, 'total.amountMinor'],
      ['text', () => newOrder({ total: euros('5') }), invalid, 'total.amountMinor'],
      ['bare number', () => newOrder({ total: 5 }), invalid, 'total'],
      ['currency', () => newOrder({ total: { amountMinor: 1, currency: 'QQQ' } }), invalid, 'total.currency'],
      ['small letters', () => newOrder({ total: { amountMinor: 1, currency: 'eur' } }), invalid, 'total.currency'],
      ['refund', () => newOrder({ refunded: euros(2) }), invalid, 'refunded.amountMinor'],
      [
        'refund elsewhere',
        () => newOrder({ refunded: { amountMinor: 1, currency: 'USD' } }),
        invalid,
        'refunded.currency',
      ],
      ['30 February', () => newOrder({ placedAt: '2026-02-30' }), invalid, 'placedAt'],
      ['13th month', () => newOrder({ placedAt: '2026-13-01T00:00:00Z' }), invalid, 'placedAt'],
      ['25 o’clock', () => newOrder({ placedAt: '2026-01-01T25:00:00Z' }), invalid, 'placedAt'],
      ['no zone', () => newOrder({ placedAt: '2026-01-01T10:00:00' }), invalid, 'placedAt'],
      ['words', () => newOrder({ placedAt: 'yesterday' }), invalid, 'placedAt'],
      ['a number', () => newOrder({ placedAt: 0 }), invalid, 'placedAt'],
      ['birth', () => shop.contacts.create({ birthDate: '1990-02-31' }), invalid, 'birthDate'],
      ['snooze', () => shop.tickets.snooze(ticket.id, { until: '2026-02-30' }), invalid, 'until'],
      ['snooze back', () => shop.tickets.snooze(ticket.id, { until: '2020-01-01' }), invalid, 'until'],
      ['score', () => shop.scores.refresh(['rfm'], { asOf: '1997-09-31' }), invalid, 'asOf'],
    ]))

  describe('text of customers', () => {
    test('NUL and half characters are refused by name', () =>
      allRefused([
        ['NUL in a name', () => shop.contacts.create({ firstName: 'a\u0000b' }), invalid, 'firstName'],
        ['half a character', () => shop.contacts.create({ firstName: 'a\ud83d' }), invalid, 'firstName'],
        ['NUL in a tag', () => shop.contacts.create({ tags: ['a\u0000'] }), invalid, 'tags.0'],
        ['NUL in a subject', () => visitor.tickets.open({ subject: 'a\u0000b' }), invalid, 'subject'],
        ['NUL in a reply', () => visitor.tickets.reply(ticket.id, { body: 'a\u0000b' }), invalid, 'body'],
        [
          'NUL in a ref',
          () => shop.contacts.upsert({ externalRef: { system: 'shop', externalId: '\u0000' } }),
          invalid,
          'externalRef.externalId',
        ],
      ]))

    test('markup and quotes are data, kept to the letter and found by it; bidi overrides go', async () => {
      const hostile = `<script>alert(1)</script> '; DROP TABLE contact; -- \${7*7} {{7*7}} %s \\ "x" 你好 👩‍👩‍👧`
      const made = await shop.contacts.create({ firstName: hostile })
      expect((await shop.contacts.get(made.id)).firstName).toBe(hostile)
      const sought = await shop.contacts.find({ where: { firstName: hostile } })
      expect(sought.items.map(({ id }) => id)).toEqual([made.id])
      const part = await shop.contacts.find({ where: { fullName: { contains: 'drop table', fold: true } } })
      expect(part.items.map(({ id }) => id)).toEqual([made.id])
      const answer = await visitor.tickets.reply(ticket.id, { body: `${hostile}\r\n\u202Eevil\u202C` })
      expect(answer.body).toBe(`${hostile}\nevil`)
      const kept = await visitor.tickets.messages(ticket.id)
      expect(kept.items.at(-1)?.body).toBe(answer.body)
    })

    test('the longest text that is allowed is kept whole', async () => {
      const body = '长'.repeat(50_000)
      await visitor.tickets.reply(ticket.id, { body })
      expect((await shop.tickets.messages(ticket.id)).items.at(-1)?.body).toBe(body)
    })
  })
})
