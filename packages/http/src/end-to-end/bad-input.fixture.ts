import { beforeEach, describe, expect, test } from 'vitest'
import {
  type ApiAnswer,
  type ApiUser,
  type ApiWorld,
  type Customer,
  createCustomer,
  noon,
  snapshot,
} from './api-world.fixture.js'

/** What a case can refer to: a customer with all that hangs on one, and one of another tenant. */
interface Seed extends Customer {
  readonly staff: ApiUser
  readonly foreign: Customer
  readonly foreignCursor: string
}

type Ask = [method: string, path: string, json?: unknown, headers?: Readonly<Record<string, string>>]

/** A refusal: what is asked, and which status and field the answer names. */
type Case = [name: string, ask: (seed: Seed) => Ask, status: number, field?: string | RegExp]

const order = (seed: Seed, change: object): object => ({
  contactId: seed.contactId,
  placedAt: noon,
  total: { amountMinor: 100, currency: 'EUR' },
  ...change,
})
const total = (seed: Seed, amountMinor: unknown, currency: unknown = 'EUR'): Ask => [
  'POST',
  'orders',
  order(seed, { total: { amountMinor, currency } }),
]
const query = (body: unknown): Ask => ['POST', 'contacts/query', body]
const deep = (levels: number): unknown => (levels === 0 ? { firstName: 'x' } : { not: deep(levels - 1) })
const nul = 'a\u0000b'

const cases: Readonly<Record<string, readonly Case[]>> = {
  'unknown fields': [
    ['of a contact', () => ['POST', 'contacts', { firstName: 'Eve', nickname: 'E' }], 422, 'nickname'],
    [
      'within a list',
      () => ['POST', 'contacts', { emails: [{ address: 'eve@example.com', rank: 1 }] }],
      422,
      'emails.0.rank',
    ],
    [
      'that Rapport sets itself',
      () => ['POST', 'contacts', { id: 'mine', version: 9, createdAt: noon }],
      422,
      /^(id|version|createdAt)$/,
    ],
    ['that are derived', () => ['POST', 'contacts', { orderCount: 9 }], 422, 'orderCount'],
    ['of an order', (seed) => ['POST', 'orders', order(seed, { discount: 1 })], 422, 'discount'],
    [
      'of a ticket',
      (seed) => ['POST', 'tickets', { contactId: seed.contactId, subject: 'a', number: 1 }],
      422,
      'number',
    ],
    ['of a change', (seed) => ['PATCH', `contacts/${seed.contactId}`, { nickname: 'E' }], 422, 'nickname'],
    ['of a reply', (seed) => ['POST', `tickets/${seed.ticketId}/replies`, { body: 'a', to: 'b' }], 422, 'to'],
    ['of a query', () => query({ filter: {} }), 422, 'filter'],
    ['that are custom but not registered', () => ['POST', 'contacts', { custom: { shoeSize: 44 } }], 422, /^custom/],
  ],
  'wrong types': [
    ['a number for a text', () => ['POST', 'contacts', { firstName: 7 }], 422, 'firstName'],
    ['a text for a list', () => ['POST', 'contacts', { emails: 'eve@example.com' }], 422, 'emails'],
    ['an object for a text', () => ['POST', 'contacts', { firstName: { $ne: null } }], 422, 'firstName'],
    ['a word that is none of the words', () => ['POST', 'contacts', { lifecycleStage: 'vip' }], 422, 'lifecycleStage'],
    ['a list for the body', () => ['POST', 'contacts', [{ firstName: 'Eve' }]], 422, 'body'],
    ['null for a required field', (seed) => ['POST', 'orders', order(seed, { contactId: null })], 422, 'contactId'],
    ['no required field', () => ['POST', 'companies', {}], 422, 'name'],
    [
      'an address that is none',
      () => ['POST', 'contacts', { emails: [{ address: 'nowhere' }] }],
      422,
      'emails.0.address',
    ],
    [
      'a moment for snoozing that is a number',
      (seed) => ['POST', `tickets/${seed.ticketId}/snooze`, { until: 5 }],
      422,
      'until',
    ],
    ['a model that is none', () => ['POST', 'scores/refresh', { models: ['horoscope'], asOf: noon }], 422, /^models/],
    ['models that are no list', () => ['POST', 'scores/refresh', { models: 'rfm', asOf: noon }], 422, /^models/],
  ],
  'absurd sizes': [
    ['a name of 10,000 characters', () => ['POST', 'contacts', { firstName: 'x'.repeat(10_000) }], 422, 'firstName'],
    ['5,000 tags', () => ['POST', 'contacts', { tags: Array.from({ length: 5000 }, (_, n) => `t${n}`) }], 422, 'tags'],
    [
      '51 addresses',
      () => ['POST', 'contacts', { emails: Array.from({ length: 51 }, (_, n) => ({ address: `e${n}@example.com` })) }],
      422,
      'emails',
    ],
    [
      'a subject of 301 characters',
      (seed) => ['POST', 'tickets', { contactId: seed.contactId, subject: 'x'.repeat(301) }],
      422,
      'subject',
    ],
    [
      'a message of 50,001 characters',
      (seed) => ['POST', `tickets/${seed.ticketId}/replies`, { body: 'x'.repeat(50_001) }],
      422,
      'body',
    ],
    ['a body of 1 MB', () => ['POST', 'contacts', { firstName: 'x'.repeat(1_000_000) }], 413, 'body'],
    ['a page of 100,000', () => query({ limit: 100_000 }), 422, 'limit'],
    [
      '1,001 values',
      () => query({ where: { firstName: { in: Array.from({ length: 1001 }, (_, n) => `n${n}`) } } }),
      422,
    ],
  ],
  'what is taken or stale': [
    ['a duplicate e-mail', () => ['POST', 'contacts', { emails: [{ address: 'Ada@Example.com' }] }], 409, 'emails'],
    [
      'a stale version',
      (seed) => ['PATCH', `contacts/${seed.contactId}`, { firstName: 'Eve' }, { 'if-match': '"1"' }],
      412,
      'firstName',
    ],
    ['a stale deletion', (seed) => ['DELETE', `contacts/${seed.contactId}`, undefined, { 'if-match': '"1"' }], 412],
  ],
  'ids of another tenant': [
    ['get', (seed) => ['GET', `contacts/${seed.foreign.contactId}`], 404],
    ['view360', (seed) => ['GET', `contacts/${seed.foreign.contactId}/view360`], 404],
    ['timeline', (seed) => ['GET', `contacts/${seed.foreign.contactId}/timeline`], 404],
    ['patch', (seed) => ['PATCH', `contacts/${seed.foreign.contactId}`, { firstName: 'Eve' }], 404],
    ['delete', (seed) => ['DELETE', `contacts/${seed.foreign.contactId}`], 404],
    ['messages', (seed) => ['GET', `tickets/${seed.foreign.ticketId}/messages`], 404],
    ['reply', (seed) => ['POST', `tickets/${seed.foreign.ticketId}/replies`, { body: 'a' }], 404],
    ['close', (seed) => ['POST', `tickets/${seed.foreign.ticketId}/close`], 404],
    [
      'an order for their contact',
      (seed) => ['POST', 'orders', order(seed, { contactId: seed.foreign.contactId })],
      422,
      'contactId',
    ],
    [
      'a ticket for their contact',
      (seed) => ['POST', 'tickets', { contactId: seed.foreign.contactId, subject: 'a' }],
      422,
      'contactId',
    ],
    [
      'a consent for their contact',
      (seed) => [
        'POST',
        'consents',
        { contactId: seed.foreign.contactId, purpose: 'a', channel: 'email', source: 'b' },
      ],
      422,
      'contactId',
    ],
  ],
  'malformed filters': [
    ['a text', () => query({ where: 'firstName = 1 OR 1=1' }), 422, 'where'],
    ['a list', () => query({ where: [] }), 422, 'where'],
    ['an unknown field', () => query({ where: { nosuch: 1 } }), 422, /nosuch/],
    ['a field that is internal', () => query({ where: { journalHash: 'a' } }), 422, /journalHash/],
    ['the tenant', () => query({ where: { tenantId: 'other' } }), 422, /tenantId/],
    ['an unknown operator', () => query({ where: { firstName: { regex: '.*' } } }), 422, /firstName/],
    [
      'an unknown operator of the plain form',
      () => query({ where: { op: 'sql', path: 'firstName', value: 'x' } }),
      422,
    ],
    ['a path that is SQL', () => query({ where: { op: 'eq', path: `firstName" = '' or 1=1 --`, value: 'x' } }), 422],
    ['a value of the wrong type', () => query({ where: { firstName: { eq: { a: 1 } } } }), 422, /firstName/],
    ['null as a value', () => query({ where: { firstName: null } }), 422, /firstName/],
    ['a number for a text', () => query({ where: { firstName: { gt: 5 } } }), 422, /firstName/],
    ['an array of objects', () => query({ where: { 'emails.address': 'a' } }), 422, /emails/],
    ['nesting without end', () => query({ where: deep(40) }), 422],
    ['an order that is no list', () => query({ orderBy: '-createdAt' }), 422, 'orderBy'],
    ['an order by an unknown field', () => query({ orderBy: ['nosuch'] }), 422, /nosuch|orderBy/],
    ['a limit of 0', () => query({ limit: 0 }), 422, 'limit'],
    ['half a row', () => query({ limit: 1.5 }), 422, 'limit'],
    ['a limit that is a text', () => query({ limit: '5' }), 422, 'limit'],
    ['an unknown parameter of the URL', () => ['GET', 'contacts?primaryEmail=ada@example.com'], 422, 'primaryEmail'],
  ],
  'malformed cursors': [
    ['garbage', () => query({ cursor: 'garbage' }), 422, 'cursor'],
    ['a number', () => query({ cursor: 7 }), 422, 'cursor'],
    ['garbage in the URL', () => ['GET', 'contacts?cursor=garbage'], 422, 'cursor'],
    ['of another tenant', (seed) => query({ cursor: seed.foreignCursor, limit: 1 }), 422, 'cursor'],
    [
      'one that was never sealed',
      () => query({ cursor: btoa(JSON.stringify(['mark', ['2026', 'id']])) }),
      422,
      'cursor',
    ],
  ],
  'amounts and currencies': [
    ['fractional', (seed) => total(seed, 10.5), 422, 'total.amountMinor'],
    ['negative', (seed) => total(seed, -1), 422, 'total.amountMinor'],
    ['beyond what is exact', (seed) => total(seed, 2 ** 53), 422, 'total.amountMinor'],
    ['a text', (seed) => total(seed, '100'), 422, 'total.amountMinor'],
    ['missing', (seed) => total(seed, null), 422, 'total.amountMinor'],
    ['an unknown currency', (seed) => total(seed, 100, 'XQQ'), 422, 'total.currency'],
    ['a currency in small letters', (seed) => total(seed, 100, 'eur'), 422, 'total.currency'],
    ['no currency', (seed) => ['POST', 'orders', order(seed, { total: { amountMinor: 100 } })], 422, 'total.currency'],
    [
      'a quantity of 0',
      (seed) => ['POST', 'orders', order(seed, { items: [{ name: 'a', quantity: 0 }] })],
      422,
      'items.0.quantity',
    ],
  ],
  'impossible dates': [
    [
      '30 February',
      (seed) => ['POST', 'orders', order(seed, { placedAt: '2026-02-30T10:00:00.000Z' })],
      422,
      'placedAt',
    ],
    ['hour 25', (seed) => ['POST', 'orders', order(seed, { placedAt: '2026-02-01T25:00:00.000Z' })], 422, 'placedAt'],
    ['a word', (seed) => ['POST', 'orders', order(seed, { placedAt: 'yesterday' })], 422, 'placedAt'],
    ['a number', (seed) => ['POST', 'orders', order(seed, { placedAt: 1_767_225_600_000 })], 422, 'placedAt'],
    ['no zone', (seed) => ['POST', 'orders', order(seed, { placedAt: '2026-02-01T10:00:00' })], 422, 'placedAt'],
    ['a birthday that never was', () => ['POST', 'contacts', { birthDate: '2023-02-29' }], 422, 'birthDate'],
    [
      'a wrong moment of scoring',
      () => ['POST', 'scores/refresh', { models: ['rfm'], asOf: '1997-09-31' }],
      422,
      'asOf',
    ],
    ['a wrong moment in a filter', () => query({ where: { createdAt: { gt: '2026-13-01' } } }), 422, /createdAt/],
  ],
  'text that no storage keeps': [
    ['NUL in a name', () => ['POST', 'contacts', { firstName: nul }], 422, 'firstName'],
    ['half a surrogate pair', () => ['POST', 'contacts', { firstName: 'a\ud800b' }], 422, 'firstName'],
    ['NUL in a message', (seed) => ['POST', `tickets/${seed.ticketId}/replies`, { body: nul }], 422, 'body'],
    ['NUL in a subject', (seed) => ['POST', 'tickets', { contactId: seed.contactId, subject: nul }], 422, 'subject'],
    ['NUL in a filter', () => query({ where: { firstName: nul } }), 422, /firstName/],
    [
      'a key that is a prototype',
      () => ['POST', 'contacts', JSON.parse('{"custom":{"__proto__":{"a":1}}}')],
      422,
      'custom.__proto__',
    ],
  ],
}

/** Every kind of bad input over HTTP: a typed problem that names the field and the remedy, and nothing written. */
export function describeBadInput(world: () => ApiWorld): void {
  let seed: Seed
  let before: string

  beforeEach(async () => {
    const staff = world().staff(world().tenant())
    const other = world().staff(world().tenant())
    const foreign = await createCustomer(other, 'Grace')
    await other.client.contacts.create({ firstName: 'Second' })
    const { cursor = '' } = await other.client.contacts.find({ limit: 1 })
    seed = { ...(await createCustomer(staff, 'Ada')), staff, foreign, foreignCursor: cursor }
    await staff.client.contacts.update(seed.contactId, { firstName: 'Ada Augusta' })
    before = await snapshot(staff, [seed.ticketId])
  })

  describe.each(Object.entries(cases))('bad input: %s', (_, group) => {
    test.each(group)('%s', async (__, ask, status, field) => {
      const [method, path, json, headers] = ask(seed)
      const answer = await seed.staff.call(method, path, json, headers)
      expectProblem(answer, status)
      const problem = answer.body as { field?: string; issues?: { path: string; message: string }[]; remedy?: string }
      if (typeof field === 'string') expect(problem.field).toBe(field)
      if (field instanceof RegExp) expect(problem.field).toMatch(field)
      if (status === 422)
        expect(problem.issues ?? [{ path: problem.field, message: problem.remedy }]).toSatisfy(allSaySomething)
      if (status === 409 || status === 412) expect(problem.remedy).toEqual(expect.stringMatching(/\w+ \w+/))
      expect(await snapshot(seed.staff, [seed.ticketId])).toBe(before)
    })
  })

  test('bad input: several mistakes are all named at once', async () => {
    const answer = await seed.staff.call('POST', 'orders', {
      contactId: 7,
      placedAt: 'x',
      total: { amountMinor: 0.5, currency: 'EUR' },
    })
    const issues = answer.body.issues as { path: string }[]
    expect(issues.map((issue) => issue.path).sort()).toEqual(['contactId', 'placedAt', 'total.amountMinor'])
  })

  test('bad input: a problem never repeats what was sent', async () => {
    const secret = 'hunter2-secret'
    const asks: Ask[] = [
      ['POST', 'contacts', { firstName: { secret } }],
      ['POST', 'contacts', { emails: [{ address: secret }] }],
      ['POST', 'orders', order(seed, { placedAt: secret })],
      query({ where: { createdAt: secret } }),
      query({ cursor: secret }),
    ]
    for (const [method, path, json] of asks) {
      const answer = await seed.staff.call(method, path, json)
      expect(answer.status).toBe(422)
      expect(answer.text).not.toContain(secret)
    }
  })

  test('bad input: markup in customer text stays text, and direction overrides are dropped', async () => {
    const { client } = seed.staff
    const markup = '<script>alert(1)</script><img src=x onerror=alert(1)> &amp; [x](javascript:alert(1))'
    const ticket = await client.tickets.open({
      contactId: seed.contactId,
      subject: markup,
      description: `${markup}\u202egpj.exe`,
    })
    expect(ticket.subject).toBe(markup)
    const answer = await seed.staff.call('GET', `tickets/${ticket.id}/messages`)
    expect(answer.body.items?.[0]?.body).toBe(`${markup}gpj.exe`)
    expect(answer.headers.get('content-type')).toBe('application/json')
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
  })
}

function expectProblem(answer: ApiAnswer, status: number): void {
  expect(answer.body).toMatchObject({
    status,
    code: expect.any(String),
    title: expect.any(String),
    detail: expect.any(String),
  })
  expect(answer.status).toBe(status)
  expect(answer.headers.get('content-type')).toBe('application/problem+json')
}

function allSaySomething(issues: readonly { path?: string; message?: string }[]): boolean {
  return issues.length > 0 && issues.every(({ message }) => typeof message === 'string' && message.length > 5)
}
