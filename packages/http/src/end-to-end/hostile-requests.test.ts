import type { Actor, Crm } from '@rapport/core'
import { createTestCrm } from '@rapport/core/testing'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createHttpHandler, type HttpHandler } from '../create-http-handler.js'

const contactId = '0190a000-0000-7000-8000-000000000001'
const actors: readonly Actor[] = [
  { type: 'user', id: 'u' },
  { type: 'contact', id: contactId },
  { type: 'anonymous', id: 'a' },
]

let crm: Crm
let failure: unknown
let actor: Actor
let handler: HttpHandler

beforeAll(async () => {
  crm = await createTestCrm()
  handler = createHttpHandler(crm, {
    authenticate: () => ({ tenantId: 'acme', actor }),
    origins: [],
    throttle: false,
    onError: (error) => {
      failure = error
    },
  })
})
afterAll(() => crm.close())

/** Sends a request as every kind of actor; whatever it is, the answer must be one that was foreseen. */
async function mustBeForeseen(method: string, path: string, json?: unknown): Promise<void> {
  for (const candidate of actors) {
    actor = candidate
    failure = undefined
    const request = new Request(`https://crm.example/api/v1/${path}`, {
      method,
      ...(json !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(json) }),
    })
    const response = await handler(request)
    if (response.status >= 500) throw new Error(`${method} ${path} as ${candidate.type}`, { cause: failure })
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  }
}

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('\u0000', '\ud800', '', '-', '.', 'a.b', '__proto__', 'constructor'),
)
const field = fc.oneof(
  fc.constantFrom(
    'id',
    'firstName',
    'emails',
    'emails.0.address',
    'tags',
    'custom',
    'custom.x',
    'version',
    'createdAt',
    'deletedAt',
  ),
  fc.constantFrom(
    'scores',
    'scores.rfm',
    'scores.clv.amountMinor',
    'orderCount',
    'uniqueKey',
    'fullNameFolded',
    'createdBy.id',
    'contactId',
  ),
  text,
)
const value = fc.oneof(fc.jsonValue({ maxDepth: 2 }), text, fc.double(), fc.constantFrom(2 ** 53, -1, 0.5, null, true))
const op = fc.oneof(
  fc.constantFrom(
    'and',
    'or',
    'not',
    'eq',
    'ne',
    'lt',
    'lte',
    'gt',
    'gte',
    'in',
    'isNull',
    'prefix',
    'contains',
    'has',
    'hasAny',
    'sql',
  ),
  text,
)
const { where } = fc.letrec<{ where: unknown }>((tie) => ({
  where: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.dictionary(field, fc.oneof(value, fc.dictionary(op, value, { maxKeys: 2 })), { maxKeys: 3 }),
    fc.record(
      { op, path: field, value, values: fc.array(value, { maxLength: 3 }), fold: value },
      { requiredKeys: ['op'] },
    ),
    fc.record(
      { op, args: fc.oneof(fc.array(tie('where'), { maxLength: 3 }), value), arg: tie('where') },
      { requiredKeys: ['op'] },
    ),
    fc.record({ and: fc.array(tie('where'), { maxLength: 2 }), not: tie('where') }, { requiredKeys: [] }),
    value,
  ),
}))

const list = fc.constantFrom(
  'contacts',
  'companies',
  'orders',
  'tickets',
  'activities',
  'associations',
  'consents',
  'runs',
)
const runs = { numRuns: 300 }

describe('whatever is sent, the answer is one that was foreseen', () => {
  test('any query', async () => {
    const query = fc.record(
      { where, orderBy: fc.oneof(fc.array(field, { maxLength: 3 }), value), limit: value, cursor: value },
      { requiredKeys: [] },
    )
    await fc.assert(
      fc.asyncProperty(list, query, (name, json) => mustBeForeseen('POST', `${name}/query`, json)),
      runs,
    )
  })

  test('any search of a list', async () => {
    const parameters = fc.array(
      fc.tuple(fc.oneof(fc.constantFrom('limit', 'cursor', 'order', 'status', 'version'), text), text),
      { maxLength: 3 },
    )
    const property = fc.asyncProperty(list, parameters, (name, pairs) =>
      mustBeForeseen(
        'GET',
        `${name}?${pairs.map((pair) => pair.map((part) => encodeURIComponent(part.toWellFormed())).join('=')).join('&')}`,
      ),
    )
    await fc.assert(property, runs)
  })

  test('any body of a creation, a change or an action', async () => {
    const names = fc.oneof(
      fc.constantFrom(
        'firstName',
        'emails',
        'phones',
        'addresses',
        'birthDate',
        'name',
        'domains',
        'contactId',
        'placedAt',
        'total',
        'items',
      ),
      fc.constantFrom(
        'externalRef',
        'subject',
        'description',
        'body',
        'visibility',
        'links',
        'type',
        'until',
        'assigneeId',
        'models',
        'asOf',
      ),
      fc.constantFrom(
        'fromType',
        'fromId',
        'toType',
        'toId',
        'typeKey',
        'purpose',
        'channel',
        'source',
        'tags',
        'custom',
        'teamIds',
      ),
      text,
    )
    const body = fc.oneof(fc.dictionary(names, value, { maxKeys: 6 }), value)
    const target = fc.oneof(
      list.map((name) => ['POST', name] as const),
      list.map((name) => ['PATCH', `${name}/${contactId}`] as const),
      fc
        .constantFrom('replies', 'assign', 'snooze', 'resolve')
        .map((action) => ['POST', `tickets/${contactId}/${action}`] as const),
      fc.constantFrom('scores/refresh', 'consents/revoke').map((path) => ['POST', path] as const),
    )
    await fc.assert(
      fc.asyncProperty(target, body, ([method, path], json) => mustBeForeseen(method, path, json)),
      runs,
    )
  })

  test('any path', async () => {
    const path = fc.array(fc.oneof(fc.constantFrom('contacts', contactId, 'query', '..', '', 'view360'), text), {
      maxLength: 4,
    })
    const property = fc.asyncProperty(path, (parts) =>
      mustBeForeseen('GET', parts.map((part) => encodeURIComponent(part.toWellFormed())).join('/')),
    )
    await fc.assert(property, runs)
  })
})
