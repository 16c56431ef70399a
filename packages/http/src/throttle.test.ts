import type { Actor } from '@rapport/core'
import { describe, expect, test } from 'vitest'
import { fakeHandler, recordId } from './fake-crm.fixture.js'
import { defaultThrottleRules, type ThrottleClass, type ThrottleOptions } from './throttle.js'

/** A handler whose caller, clock and limits a test sets. */
function throttled(options: ThrottleOptions = {}): ReturnType<typeof fakeHandler> & {
  caller: { tenantId: string; actor: Actor } | undefined
  nowMs: number
} {
  const state = {
    caller: { tenantId: 'acme', actor: { type: 'contact', id: 'c1' } } as
      | { tenantId: string; actor: Actor }
      | undefined,
    nowMs: 1_000_000,
  }
  const fake = fakeHandler(
    {},
    { throttle: options, clock: { now: () => state.nowMs }, authenticate: () => state.caller },
  )
  return Object.assign(state, fake)
}

const visitorRoutes: [ThrottleClass, string, string, unknown][] = [
  ['openTicket', 'POST', 'tickets', {}],
  ['replyToTicket', 'POST', `tickets/${recordId}/replies`, {}],
  ['editOwnProfile', 'PATCH', `contacts/${recordId}`, {}],
  ['read', 'GET', `contacts/${recordId}`, undefined],
  ['read', 'POST', 'contacts/query', {}],
  ['write', 'POST', 'companies', {}],
]

describe('every rule fires', () => {
  test.each(visitorRoutes)('%s: %s %s', async (kind, method, path, json) => {
    const api = throttled()
    const { limit, perMs } = defaultThrottleRules[kind]
    const call = (): Promise<Response> => api.send(method, path, json === undefined ? {} : { json })
    for (let index = 0; index < limit; index++) expect((await call()).status).toBeLessThan(400)
    const refused = await call()
    expect(refused.status).toBe(429)
    expect(await refused.json()).toMatchObject({ code: 'rate_limited' })
    const waitMs = Number(refused.headers.get('retry-after')) * 1000
    expect(waitMs).toBe(Math.ceil(perMs / limit / 1000) * 1000)
    api.nowMs += waitMs
    expect((await call()).status).toBeLessThan(400)
  })

  test('refused sign-ins are counted by address', async () => {
    let address = '203.0.113.7'
    const api = throttled({ address: () => address, rules: { refusedSignIn: { limit: 2, perMs: 60_000 } } })
    api.caller = undefined
    const statuses = []
    for (let index = 0; index < 3; index++) statuses.push((await api.send('GET', 'me')).status)
    expect(statuses).toEqual([401, 401, 429])
    address = '203.0.113.8'
    expect((await api.send('GET', 'me')).status).toBe(401)
  })
})

describe('who is counted together', () => {
  const rules = { openTicket: { limit: 1, perMs: 60_000 } }
  const open = { json: {} }

  test('one visitor does not use up what another has, nor the same id in another tenant', async () => {
    const api = throttled({ rules })
    expect((await api.send('POST', 'tickets', open)).status).toBe(201)
    expect((await api.send('POST', 'tickets', open)).status).toBe(429)
    api.caller = { tenantId: 'acme', actor: { type: 'contact', id: 'c2' } }
    expect((await api.send('POST', 'tickets', open)).status).toBe(201)
    api.caller = { tenantId: 'other', actor: { type: 'contact', id: 'c1' } }
    expect((await api.send('POST', 'tickets', open)).status).toBe(201)
  })

  test('anonymous visitors are told apart by address', async () => {
    let address = 'a'
    const api = throttled({ rules, address: () => address })
    api.caller = { tenantId: 'acme', actor: { type: 'anonymous', id: 'anyone' } }
    expect((await api.send('POST', 'tickets', open)).status).toBe(201)
    expect((await api.send('POST', 'tickets', open)).status).toBe(429)
    address = 'b'
    expect((await api.send('POST', 'tickets', open)).status).toBe(201)
  })

  test('members are not held to the limits of visitors', async () => {
    const api = throttled({ rules })
    api.caller = { tenantId: 'acme', actor: { type: 'user', id: 'u' } }
    for (let index = 0; index < 5; index++) expect((await api.send('POST', 'tickets', open)).status).toBe(201)
  })

  test('reading is not held up by writing', async () => {
    const api = throttled({ rules })
    await api.send('POST', 'tickets', open)
    await api.send('POST', 'tickets', open)
    expect((await api.send('GET', 'tickets')).status).toBe(200)
  })
})

test('refused requests do not reach the CRM and do not lengthen the wait', async () => {
  const api = throttled({ rules: { openTicket: { limit: 1, perMs: 10_000 } } })
  await api.send('POST', 'tickets', { json: {} })
  api.nowMs += 6_000
  for (let index = 0; index < 10; index++) expect((await api.send('POST', 'tickets', { json: {} })).status).toBe(429)
  expect(api.calls).toHaveLength(1)
  api.nowMs += 4_000
  expect((await api.send('POST', 'tickets', { json: {} })).status).toBe(201)
})

test('a clock that steps back grants nothing and refuses nothing more', async () => {
  const api = throttled({ rules: { openTicket: { limit: 2, perMs: 10_000 } } })
  expect((await api.send('POST', 'tickets', { json: {} })).status).toBe(201)
  api.nowMs -= 3_600_000
  expect((await api.send('POST', 'tickets', { json: {} })).status).toBe(201)
  expect((await api.send('POST', 'tickets', { json: {} })).status).toBe(429)
})

test('callers beyond the bound are forgotten, longest idle first', async () => {
  const api = throttled({ rules: { openTicket: { limit: 1, perMs: 1e9 } }, maxCallers: 2 })
  const as = async (id: string): Promise<number> => {
    api.caller = { tenantId: 'acme', actor: { type: 'contact', id } }
    return (await api.send('POST', 'tickets', { json: {} })).status
  }
  expect([await as('a'), await as('b'), await as('a'), await as('c'), await as('a'), await as('b')]).toEqual([
    201, 201, 429, 201, 429, 201,
  ])
})

test('throttle: false leaves it to what stands in front', async () => {
  const { send } = fakeHandler(
    {},
    { throttle: false, authenticate: () => ({ tenantId: 't', actor: { type: 'contact', id: 'c' } }) },
  )
  for (let index = 0; index < 40; index++) expect((await send('POST', 'tickets', { json: {} })).status).toBe(201)
})
