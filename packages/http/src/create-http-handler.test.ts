import { describe, expect, test } from 'vitest'
import { createHttpHandler } from './create-http-handler.js'
import type { HttpCrm } from './crm-port.js'
import { failing, fakeCrm, fakeHandler, member, recordId, request } from './fake-crm.fixture.js'
import type { FailureReport } from './handler-options.js'

/** Reads go on only as long as somebody waits for them. */
const signal = expect.any(AbortSignal)

describe('starting', () => {
  const { crm } = fakeCrm()
  const authenticate = (): undefined => undefined

  test('refuses to start without authenticate', () => {
    expect(() => createHttpHandler(crm, { origins: [] } as never)).toThrow(TypeError)
    expect(() => createHttpHandler(crm, undefined as never)).toThrow(/authenticate/)
  })

  test.each([
    ['nothing', undefined],
    ['a text', 'https://shop.example'],
    ['a wildcard', ['*']],
    ['a wildcard host', ['https://*.shop.example']],
    ['null', ['null']],
    ['a path', ['https://shop.example/']],
    ['another scheme', ['file://shop.example']],
    ['upper case', ['https://Shop.example']],
    ['a default port', ['https://shop.example:443']],
  ])('refuses origins that are %s', (_, origins) => {
    expect(() => createHttpHandler(crm, { authenticate, origins: origins as never })).toThrow(TypeError)
  })

  test.each([
    { basePath: 'api' },
    { basePath: '/api/' },
    { bodyLimitBytes: 0 },
    { depthLimit: 1.5 },
    { cursorKey: new Uint8Array(16) },
    { ticketOpenedPage: 'javascript:alert(1)' },
    { throttle: { rules: { read: { limit: 0, perMs: 1 } } } },
  ])('refuses settings out of range: %j', (settings) => {
    expect(() => createHttpHandler(crm, { authenticate, origins: [], ...settings })).toThrow(TypeError)
  })
})

describe('authentication', () => {
  test('answers 401 without credentials, before the CRM is asked', async () => {
    const { send, calls } = fakeHandler({}, { authenticate: () => undefined })
    const response = await send('GET', 'contacts')
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe('Bearer')
    expect(await response.json()).toMatchObject({ code: 'unauthenticated', status: 401 })
    expect(calls).toEqual([])
  })

  test('runs in a session of the tenant and actor that the host names, with the signal of the request', async () => {
    const { send, calls } = fakeHandler(
      {},
      { authenticate: async () => ({ tenantId: 't9', actor: { type: 'contact', id: 'c9' } }) },
    )
    await send('GET', `contacts/${recordId}`)
    expect(calls[0]).toMatchObject({ name: 'contacts.get', tenantId: 't9', actor: { type: 'contact', id: 'c9' } })
    expect(calls[0]?.args[1]).toEqual({ signal })
  })

  test.each([{}, { tenantId: '', actor: member }, { tenantId: 't' }, { tenantId: 't', actor: { type: 'user' } }])(
    'a wrong answer of authenticate is a failure of the host, never access: %j',
    async (caller) => {
      const { send, calls } = fakeHandler({}, { authenticate: () => caller as never })
      expect((await send('GET', 'contacts')).status).toBe(500)
      expect(calls).toEqual([])
    },
  )
})

describe('routing', () => {
  test.each([
    ['an unknown path', 'nothing'],
    ['no path', ''],
    ['what is not an id', 'contacts/42'],
    ['an id in upper case', `contacts/${recordId.toUpperCase()}`],
    ['a deeper path', `contacts/${recordId}/view360/more`],
    ['the pattern itself', 'contacts/:id'],
    ['a word of objects', 'constructor'],
  ])('answers 404 for %s', async (_, path) => {
    const response = await fakeHandler().send('GET', path)
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ code: 'not_found' })
  })

  test('answers 404 outside the base path', async () => {
    const { handler } = fakeHandler({}, { basePath: '/crm' })
    expect((await handler(new Request('https://crm.example/api/v1/contacts'))).status).toBe(404)
    expect((await handler(new Request('https://crm.example/crmcontacts'))).status).toBe(404)
    expect((await handler(new Request('https://crm.example/crm/contacts'))).status).toBe(200)
  })

  test('answers 405 with the methods that apply', async () => {
    const response = await fakeHandler().send('DELETE', 'contacts')
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe('GET, POST, HEAD, OPTIONS')
    expect(await response.json()).toMatchObject({ code: 'method_not_allowed', remedy: 'use GET, POST, HEAD, OPTIONS' })
  })

  test('tells the methods of a path', async () => {
    const response = await fakeHandler().send('OPTIONS', `tickets/${recordId}`)
    expect(response.status).toBe(204)
    expect(response.headers.get('allow')).toBe('GET, PATCH, HEAD, OPTIONS')
  })

  test('answers HEAD like GET, without the body', async () => {
    const { send } = fakeHandler()
    const get = await send('GET', `contacts/${recordId}`)
    const head = await send('HEAD', `contacts/${recordId}`)
    expect(head.status).toBe(200)
    expect(head.headers.get('etag')).toBe(get.headers.get('etag'))
    expect(await head.text()).toBe('')
  })

  test.each([
    ['GET', 'me', undefined, 'rights', []],
    ['GET', `orders/${recordId}`, undefined, 'orders.get', [recordId, { signal }]],
    ['POST', 'companies', { name: 'x' }, 'companies.create', [{ name: 'x' }]],
    ['POST', 'orders', { a: 1 }, 'orders.record', [{ a: 1 }]],
    ['POST', 'activities', { a: 1 }, 'activities.log', [{ a: 1 }]],
    ['POST', 'associations', { a: 1 }, 'associations.link', [{ a: 1 }]],
    ['POST', 'consents', { a: 1 }, 'consents.grant', [{ a: 1 }]],
    ['POST', 'consents/revoke', { a: 1 }, 'consents.revoke', [{ a: 1 }]],
    ['POST', 'consents/deny', { a: 1 }, 'consents.deny', [{ a: 1 }]],
    ['POST', 'consents/confirm', { token: 't' }, 'consents.confirmOptIn', ['t']],
    ['POST', 'duplicates/scan', { a: 1 }, 'duplicates.scan', [{ a: 1 }]],
    ['POST', `duplicates/${recordId}/dismiss`, undefined, 'duplicates.dismiss', [recordId]],
    ['POST', `contacts/${recordId}/merge`, { a: 1 }, 'contacts.merge', [{ a: 1, survivorId: recordId }]],
    ['GET', `companies/${recordId}/resolve`, undefined, 'companies.resolveId', [recordId]],
    ['POST', `imports/${recordId}/undo`, undefined, 'imports.undo', [recordId]],
    ['POST', `contacts/${recordId}/erase`, { mode: 'x' }, 'privacy.erase', [recordId, { mode: 'x' }]],
    ['POST', 'suppressions/lift', { email: 'x' }, 'suppressions.lift', [{ email: 'x' }]],
    ['POST', `runs/${recordId}/cancel`, undefined, 'runs.cancel', [recordId]],
    ['DELETE', `associations/${recordId}`, undefined, 'associations.unlink', [recordId]],
    ['PATCH', `companies/${recordId}`, { name: null }, 'companies.update', [recordId, { name: null }, {}]],
    ['DELETE', `activities/${recordId}`, undefined, 'activities.delete', [recordId, {}]],
    ['GET', `contacts/${recordId}/view360`, undefined, 'contacts.view360', [recordId]],
    ['GET', `contacts/${recordId}/scores`, undefined, 'scores.of', [{ type: 'contact', id: recordId }]],
    ['POST', `tickets/${recordId}/replies`, { body: 'Hi' }, 'tickets.reply', [recordId, { body: 'Hi' }]],
    ['POST', `tickets/${recordId}/assign`, { assigneeId: 'u' }, 'tickets.assign', [recordId, { assigneeId: 'u' }]],
    ['POST', `tickets/${recordId}/snooze`, { until: 'x' }, 'tickets.snooze', [recordId, { until: 'x' }]],
    ['POST', `tickets/${recordId}/resolve`, undefined, 'tickets.resolve', [recordId]],
    ['POST', `tickets/${recordId}/reopen`, {}, 'tickets.reopen', [recordId]],
    ['POST', `tickets/${recordId}/close`, undefined, 'tickets.close', [recordId]],
    ['POST', 'scores/refresh', { models: ['rfm'], asOf: 'x' }, 'scores.refresh', [['rfm'], { asOf: 'x' }]],
  ])('%s %s reaches the service', async (method, path, json, name, args) => {
    const { send, calls } = fakeHandler()
    const response = await send(method, path, json === undefined ? {} : { json })
    expect(response.ok).toBe(true)
    expect(calls.map((call) => ({ name: call.name, args: call.args }))).toEqual([{ name, args }])
  })

  test('creating answers 201 with the place of the record', async () => {
    const response = await fakeHandler().send('POST', 'contacts', { json: { firstName: 'Ada' } })
    expect(response.status).toBe(201)
    expect(response.headers.get('location')).toBe(`/api/v1/contacts/${recordId}`)
    expect(await response.json()).toEqual({ id: recordId, version: 7 })
  })

  test('refreshing scores answers 202 with the place of the run', async () => {
    const response = await fakeHandler().send('POST', 'scores/refresh', {
      json: { models: ['clv'], asOf: '1997-09-30' },
    })
    expect(response.status).toBe(202)
    expect(response.headers.get('location')).toBe(`/api/v1/runs/${recordId}`)
  })

  test('deleting answers 204', async () => {
    const response = await fakeHandler().send('DELETE', `contacts/${recordId}`)
    expect(response.status).toBe(204)
    expect(await response.text()).toBe('')
  })

  test.each(['resolve', 'reopen', 'close'])('%s takes no input, and says so', async (action) => {
    const { send, calls } = fakeHandler()
    const response = await send('POST', `tickets/${recordId}/${action}`, { json: { force: true } })
    expect(response.status).toBe(422)
    expect(await response.json()).toMatchObject({ field: 'force' })
    expect(calls).toEqual([])
  })
})

describe('lists', () => {
  const page = { 'orders.find': () => ({ items: [{ id: recordId, version: 1 }] }) }

  test('parameters of the URL become a query', async () => {
    const { send, calls } = fakeHandler(page)
    await send('GET', 'orders?limit=20&order=-placedAt,id&status=open&version=3')
    expect(calls[0]?.args).toEqual([
      {
        limit: 20,
        orderBy: ['-placedAt', 'id'],
        where: {
          op: 'and',
          args: [
            { op: 'eq', path: 'status', value: 'open' },
            { op: 'eq', path: 'version', value: 3 },
          ],
        },
        signal,
      },
    ])
  })

  test.each([
    ['limit=0', 'limit'],
    ['limit=ten', 'limit'],
    ['limit=5&limit=6', 'limit'],
    ['version=many', 'version'],
    ['primaryEmail=ada%40example.com', 'primaryEmail'],
    ['where=%7B%7D', 'where'],
    ['__proto__=x', '__proto__'],
    ['toString=x', 'toString'],
  ])('refuses ?%s and names the parameter', async (search, field) => {
    const { send, calls } = fakeHandler(page)
    const response = await send('GET', `orders?${search}`)
    expect(response.status).toBe(422)
    expect(await response.json()).toMatchObject({ code: 'validation_failed', field })
    expect(calls).toEqual([])
  })

  test('no list can be filtered by a personal field in its URL', async () => {
    for (const field of [
      'primaryEmail',
      'primaryPhone',
      'firstName',
      'lastName',
      'fullName',
      'birthDate',
      'taxId',
      'subject',
    ]) {
      for (const list of [
        'contacts',
        'companies',
        'orders',
        'tickets',
        'activities',
        'associations',
        'consents',
        'runs',
      ]) {
        expect((await fakeHandler().send('GET', `${list}?${field}=x`)).status).toBe(422)
      }
    }
  })

  test('a query of a body reaches the CRM as it is', async () => {
    const { send, calls } = fakeHandler(page)
    const json = { where: { or: [{ status: 'open' }, 7] }, orderBy: 'x', limit: -1 }
    await send('POST', 'orders/query', { json })
    expect(calls[0]?.args).toEqual([{ ...json, signal }])
  })

  test('a query with an unknown key is refused by name', async () => {
    const response = await fakeHandler(page).send('POST', 'orders/query', { json: { filter: {}, sort: 'a' } })
    expect(response.status).toBe(422)
    expect(await response.json()).toMatchObject({ field: 'filter', issues: [{ path: 'filter' }, { path: 'sort' }] })
  })
})

describe('entity tags', () => {
  test('a record comes with a tag of its version, and 304 while it is the same', async () => {
    const { send } = fakeHandler()
    const first = await send('GET', `contacts/${recordId}`)
    const etag = first.headers.get('etag') as string
    expect(etag).toMatch(/^"7\.[0-9a-f]{24}"$/)
    expect(first.headers.get('cache-control')).toBe('private, no-cache')
    for (const candidate of [etag, `W/${etag}`, `"1", ${etag}`, '*']) {
      const again = await send('GET', `contacts/${recordId}`, { headers: { 'if-none-match': candidate } })
      expect(again.status).toBe(304)
      expect(again.headers.get('etag')).toBe(etag)
      expect(await again.text()).toBe('')
    }
  })

  test('a derived value that changes without a new version changes the tag', async () => {
    let orderCount = 1
    const { send } = fakeHandler({ 'contacts.get': () => ({ id: recordId, version: 7, orderCount }) })
    const etag = (await send('GET', `contacts/${recordId}`)).headers.get('etag') as string
    orderCount = 2
    const again = await send('GET', `contacts/${recordId}`, { headers: { 'if-none-match': etag } })
    expect(again.status).toBe(200)
    expect(await again.json()).toMatchObject({ orderCount: 2 })
  })

  test('a list with a cursor has a stable tag', async () => {
    const { send } = fakeHandler({ 'orders.find': () => ({ items: [{ id: recordId, version: 1 }], cursor: 'next' }) })
    const etag = (await send('GET', 'orders')).headers.get('etag') as string
    expect((await send('GET', 'orders', { headers: { 'if-none-match': etag } })).status).toBe(304)
  })

  test.each(['"7"', '"7.0123456789abcdef01234567"'])('If-Match %s asks for the version', async (tag) => {
    const { send, calls } = fakeHandler()
    await send('PATCH', `contacts/${recordId}`, { json: { firstName: 'A' }, headers: { 'if-match': tag } })
    expect(calls[0]?.args[2]).toEqual({ ifVersion: 7 })
    await send('DELETE', `contacts/${recordId}`, { headers: { 'if-match': tag } })
    expect(calls[1]?.args[1]).toEqual({ ifVersion: 7 })
  })

  test.each(['7', 'W/"7"', '"7", "8"', '"-1"', '"x"'])('If-Match %s cannot be read', async (tag) => {
    const { send, calls } = fakeHandler()
    const response = await send('PATCH', `contacts/${recordId}`, { json: {}, headers: { 'if-match': tag } })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ field: 'if-match' })
    expect(calls).toEqual([])
  })

  test('a conflict of versions is 412 with If-Match and 409 without', async () => {
    const { send } = fakeHandler({ 'contacts.update': failing('conflict', 'changed', { reason: 'version' }) })
    const patch = { json: { firstName: 'A' } }
    expect((await send('PATCH', `contacts/${recordId}`, patch)).status).toBe(409)
    const response = await send('PATCH', `contacts/${recordId}`, { ...patch, headers: { 'if-match': '"6"' } })
    expect(response.status).toBe(412)
    expect(await response.json()).toMatchObject({ status: 412, code: 'conflict', reason: 'version' })
  })

  test('a duplicate value stays 409 even with If-Match', async () => {
    const { send } = fakeHandler({
      'contacts.update': failing('conflict', 'taken', { reason: 'unique', field: 'emails' }),
    })
    const response = await send('PATCH', `contacts/${recordId}`, { json: {}, headers: { 'if-match': '"6"' } })
    expect(response.status).toBe(409)
    expect(await response.json()).toMatchObject({ field: 'emails' })
  })
})

describe('failures', () => {
  test.each([
    ['validation_failed', 422],
    ['not_found', 404],
    ['conflict', 409],
    ['access_denied', 403],
    ['rule_violated', 409],
    ['unsupported', 422],
    ['storage_failed', 503],
    ['remote_failed', 502],
    ['rate_limited', 429],
    ['aborted', 408],
  ] as const)('%s is %i', async (code, status) => {
    const response = await fakeHandler({ 'contacts.get': failing(code, 'because') }).send('GET', `contacts/${recordId}`)
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await response.json()).toMatchObject({ type: `urn:rapport:problem:${code}`, status, code })
  })

  test('names fields and the remedy', async () => {
    const issues = [{ path: 'total.amountMinor', message: 'must be a whole number' }]
    const details = { field: 'total.amountMinor', issues, remedy: 'round it first' }
    const { send } = fakeHandler({ 'orders.record': failing('validation_failed', 'wrong', details) })
    const response = await send('POST', 'orders', { json: {} })
    expect(await response.json()).toMatchObject({ detail: 'wrong', ...details })
  })

  test('says how long to wait', async () => {
    const { send } = fakeHandler({ 'contacts.get': failing('rate_limited', 'slow', { retryAfterMs: 1500 }) })
    expect((await send('GET', `contacts/${recordId}`)).headers.get('retry-after')).toBe('2')
  })

  test('an unknown error says nothing about itself, and the operator hears of it without a URL', async () => {
    const reports: [unknown, FailureReport][] = []
    const secret = new Error('password=hunter2 at /srv/app/db.ts')
    const { send } = fakeHandler(
      {
        'contacts.get': () => {
          throw secret
        },
      },
      { onError: (error, report) => reports.push([error, report]) },
    )
    const response = await send('GET', `contacts/${recordId}?order=hunter2`)
    expect(response.status).toBe(500)
    const text = await response.text()
    expect(text).not.toContain('hunter2')
    expect(text).not.toContain('db.ts')
    const [error, facts] = reports[0] as [unknown, FailureReport]
    expect(error).toBe(secret)
    expect(facts).toEqual({ requestId: expect.stringMatching(/^[0-9a-f-]{36}$/), method: 'GET', route: 'contacts/:id' })
    expect(JSON.parse(text)).toMatchObject({ code: 'internal_error', instance: `urn:uuid:${facts.requestId}` })
  })

  test('the message of a storage failure stays inside', async () => {
    const { send } = fakeHandler({
      'contacts.get': failing('storage_failed', 'relation "acme.contact" does not exist'),
    })
    const response = await send('GET', `contacts/${recordId}`)
    expect(await response.text()).not.toContain('relation')
    expect(response.headers.get('retry-after')).toBe('1')
  })

  test('a broken onError does not break the answer', async () => {
    const { send } = fakeHandler(
      {
        'contacts.get': () => {
          throw new Error('x')
        },
      },
      {
        onError: () => {
          throw new Error('logger')
        },
      },
    )
    expect((await send('GET', `contacts/${recordId}`)).status).toBe(500)
  })

  test('a CRM that fails to open a session is a 500 too', async () => {
    const crm: HttpCrm = {
      session: () => {
        throw new TypeError('closed')
      },
    }
    const handler = createHttpHandler(crm, { authenticate: () => ({ tenantId: 't', actor: member }), origins: [] })
    expect((await handler(request('GET', 'me'))).status).toBe(500)
  })
})

test('every answer carries the safety headers', async () => {
  const { send } = fakeHandler()
  for (const response of [
    await send('GET', 'me'),
    await send('GET', 'nothing'),
    await send('POST', 'tickets', { body: 'x' }),
  ]) {
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(response.headers.get('referrer-policy')).toBe('no-referrer')
    expect(response.headers.get('cache-control')).toMatch(/no-store|private, no-cache/)
  }
})
