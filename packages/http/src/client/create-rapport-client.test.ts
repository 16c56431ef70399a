import { describe, expect, test } from 'vitest'
import { failing, fakeHandler, recordId, type Script, type SeenCall } from '../fake-crm.fixture.js'
import type { HttpHandlerOptions } from '../handler-options.js'
import { createRapportClient, type RapportClient } from './create-rapport-client.js'
import { isRapportHttpError, type RapportHttpError } from './rapport-http-error.js'
import type { TransportOptions } from './transport.js'

/** A client over the real handler over a fake CRM; notes every request that goes out. */
function connected(
  script: Script = {},
  options: Partial<TransportOptions> = {},
  handlerOptions: Partial<HttpHandlerOptions> = {},
): { client: RapportClient; requests: Request[]; calls: SeenCall[] } {
  const { handler, calls } = fakeHandler(script, { throttle: false, ...handlerOptions })
  const requests: Request[] = []
  const fetch = (request: Request): Promise<Response> => {
    requests.push(request.clone())
    return handler(request)
  }
  return { client: createRapportClient({ baseUrl: 'https://crm.example/api/v1', fetch, ...options }), requests, calls }
}

/** A client over answers that a test prepares; the last one repeats. */
function answered(
  answers: (() => Response)[],
  options: Partial<TransportOptions> = {},
): { client: RapportClient; requests: Request[] } {
  const requests: Request[] = []
  const fetch = async (request: Request): Promise<Response> => {
    requests.push(request)
    const answer = answers[Math.min(requests.length, answers.length) - 1] as () => Response
    return answer()
  }
  return { client: createRapportClient({ baseUrl: 'https://crm.example/api/v1', fetch, ...options }), requests }
}

async function failureOf(call: Promise<unknown>): Promise<RapportHttpError> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!isRapportHttpError(error)) throw new Error('expected a RapportHttpError', { cause: error })
  return error
}

const ok = (): Response => Response.json({ id: recordId, version: 1 })
const status =
  (code: number, headers: Record<string, string> = {}): (() => Response) =>
  () =>
    new Response(null, { status: code, headers })

describe('calls', () => {
  test('reach the services by the names of a session', async () => {
    const { client, calls } = connected({
      'contacts.find': () => ({ items: [] }),
      'timeline.of': () => ({ items: [] }),
      'tickets.messages': () => ({ items: [] }),
    })
    await client.contacts.find({ where: { lastName: 'King' }, orderBy: ['-lastOrderAt'], limit: 5 })
    await client.contacts.get(recordId)
    await client.contacts.create({ firstName: 'Ada' })
    await client.contacts.update(recordId, { firstName: null }, { ifVersion: 3 })
    await client.contacts.delete(recordId)
    await client.contacts.view360(recordId)
    await client.timeline.of({ type: 'contact', id: recordId }, { limit: 2 })
    await client.scores.of({ type: 'contact', id: recordId })
    await client.tickets.open({ contactId: recordId, subject: 'Hello' })
    await client.tickets.messages(recordId, { limit: 3 })
    await client.tickets.reply(recordId, { body: 'Hi', visibility: 'public' })
    await client.tickets.assign(recordId, { assigneeId: 'u' })
    await client.tickets.close(recordId)
    await client.scores.refresh(['rfm'], { asOf: '1997-09-30T00:00:00.000Z' })
    await client.me()
    const signal = expect.any(AbortSignal)
    expect(calls.map(({ name, args }) => [name, ...args])).toEqual([
      ['contacts.find', { where: { lastName: 'King' }, orderBy: ['-lastOrderAt'], limit: 5, signal }],
      ['contacts.get', recordId, { signal }],
      ['contacts.create', { firstName: 'Ada' }],
      ['contacts.update', recordId, { firstName: null }, { ifVersion: 3 }],
      ['contacts.delete', recordId, {}],
      ['contacts.view360', recordId],
      ['timeline.of', { type: 'contact', id: recordId }, { limit: 2 }],
      ['scores.of', { type: 'contact', id: recordId }],
      ['tickets.open', { contactId: recordId, subject: 'Hello' }],
      ['tickets.messages', recordId, { limit: 3 }],
      ['tickets.reply', recordId, { body: 'Hi', visibility: 'public' }],
      ['tickets.assign', recordId, { assigneeId: 'u' }],
      ['tickets.close', recordId],
      ['scores.refresh', ['rfm'], { asOf: '1997-09-30T00:00:00.000Z' }],
      ['rights'],
    ])
  })

  test('put no filter into a URL', async () => {
    const { client, requests } = connected({ 'contacts.find': () => ({ items: [] }) })
    await client.contacts.find({ where: { primaryEmail: 'ada@example.com' } })
    expect(requests[0]?.url).toBe('https://crm.example/api/v1/contacts/query')
  })

  test('walk all pages', async () => {
    const { client } = connected({
      'orders.find': (query) =>
        (query as { cursor?: string }).cursor ? { items: [{ id: 'b' }] } : { items: [{ id: 'a' }], cursor: 'c' },
    })
    const ids: string[] = []
    for await (const order of client.orders.each({ limit: 1 })) ids.push(order.id)
    expect(ids).toEqual(['a', 'b'])
  })

  test.each(['', '../me', 'a/b', 'a?b'])('an id of %j is a TypeError, before anything is sent', (id) => {
    const { client, requests } = connected()
    expect(() => client.contacts.get(id)).toThrow(TypeError)
    expect(requests).toEqual([])
  })

  test('a client without baseUrl is a TypeError', () => {
    expect(() => createRapportClient({ baseUrl: '' })).toThrow(TypeError)
  })
})

describe('errors', () => {
  test('have the code, the fields and the remedy of the server', async () => {
    const issues = [{ path: 'emails.0.address', message: 'must be an e-mail address' }]
    const { client } = connected({
      'contacts.create': failing('validation_failed', 'wrong', {
        issues,
        field: 'emails.0.address',
        remedy: 'mend it',
      }),
    })
    const error = await failureOf(client.contacts.create({}))
    expect(error).toMatchObject({
      name: 'RapportHttpError',
      message: 'wrong',
      code: 'validation_failed',
      status: 422,
      issues,
      field: 'emails.0.address',
      remedy: 'mend it',
    })
    expect(isRapportHttpError(error, 'validation_failed')).toBe(true)
    expect(isRapportHttpError(error, 'conflict')).toBe(false)
    expect(isRapportHttpError(new Error('x'))).toBe(false)
  })

  test('a stale version is a conflict with 412', async () => {
    const { client } = connected({ 'contacts.update': failing('conflict', 'changed', { reason: 'field' }) })
    expect(await failureOf(client.contacts.update(recordId, {}, { ifVersion: 1 }))).toMatchObject({
      code: 'conflict',
      status: 412,
      reason: 'field',
    })
  })

  test('an answer that is none of ours is remote_failed', async () => {
    const { client } = answered([() => new Response('<h1>Bad gateway</h1>', { status: 400 })])
    expect(await failureOf(client.me())).toMatchObject({ code: 'remote_failed', status: 400 })
  })

  test('no answer at all is remote_failed with status 0', async () => {
    const fetch = (): Promise<Response> => Promise.reject(new TypeError('fetch failed'))
    const client = createRapportClient({ baseUrl: 'https://crm.example', fetch })
    expect(await failureOf(client.contacts.update(recordId, {}))).toMatchObject({ code: 'remote_failed', status: 0 })
  })

  test('a call that takes too long is remote_failed', async () => {
    const fetch = (): Promise<Response> => new Promise(() => undefined)
    const client = createRapportClient({ baseUrl: 'https://crm.example', fetch, timeoutMs: 20 })
    expect(await failureOf(client.me())).toMatchObject({ code: 'remote_failed', reason: 'timeout' })
  })

  test('a signal that fires is aborted, before and during the call', async () => {
    const { client, requests } = answered([ok])
    expect(await failureOf(client.me({ signal: AbortSignal.abort() }))).toMatchObject({ code: 'aborted' })
    expect(requests).toHaveLength(0)
    const controller = new AbortController()
    const fetch = (request: Request): Promise<Response> =>
      new Promise((_, reject) => request.signal.addEventListener('abort', () => reject(request.signal.reason as Error)))
    const slow = createRapportClient({ baseUrl: 'https://crm.example', fetch }).me({ signal: controller.signal })
    controller.abort()
    expect(await failureOf(slow)).toMatchObject({ code: 'aborted' })
  })
})

describe('retries', () => {
  test.each([
    ['a read', (client: RapportClient) => client.contacts.get(recordId)],
    ['a query', (client: RapportClient) => client.contacts.find()],
    ['a write with its key', (client: RapportClient) => client.contacts.create({})],
  ])('%s is repeated', async (_, call) => {
    const { client, requests } = answered([status(503), ok])
    await call(client)
    expect(requests).toHaveLength(2)
  })

  test.each([
    ['update', (client: RapportClient) => client.contacts.update(recordId, {})],
    ['delete', (client: RapportClient) => client.contacts.delete(recordId)],
  ])('%s is not', async (_, call) => {
    const { client, requests } = answered([status(503), ok])
    expect(await failureOf(call(client))).toMatchObject({ status: 503 })
    expect(requests).toHaveLength(1)
  })

  test('a repeated write carries the same key, another write another one, a chosen one is kept', async () => {
    const { client, requests } = answered([status(503), ok])
    await client.tickets.open({ contactId: recordId, subject: 'a' })
    await client.tickets.open({ contactId: recordId, subject: 'a' })
    await client.tickets.open({ contactId: recordId, subject: 'a' }, { idempotencyKey: 'mine' })
    const [first, second, third, fourth] = requests.map((request) => request.headers.get('idempotency-key'))
    expect(first).toMatch(/^[0-9a-f-]{36}$/)
    expect(second).toBe(first)
    expect(third).not.toBe(first)
    expect(fourth).toBe('mine')
  })

  test('a lost answer creates nothing twice', async () => {
    let lost = true
    const { handler, calls } = fakeHandler()
    const fetch = async (request: Request): Promise<Response> => {
      const response = await handler(request)
      if (!lost) return response
      lost = false
      return new Response(null, { status: 502 })
    }
    const client = createRapportClient({ baseUrl: 'https://crm.example/api/v1', fetch })
    await client.tickets.open({ contactId: recordId, subject: 'a' })
    expect(calls.map((call) => call.name)).toEqual(['tickets.open'])
  })

  test('waits as long as the server asks', async () => {
    const { client, requests } = answered([status(429, { 'retry-after': '1' }), ok])
    const from = performance.now()
    await client.me()
    expect(requests).toHaveLength(2)
    expect(performance.now() - from).toBeGreaterThanOrEqual(990)
  })

  test('gives up at once, and says how long, when the server asks for more than is bearable', async () => {
    const { client, requests } = answered([status(429, { 'retry-after': '60' })])
    expect(await failureOf(client.me())).toMatchObject({ status: 429, retryAfterMs: 60_000 })
    expect(requests).toHaveLength(1)
  })
})

describe('tokens', () => {
  test('are asked for once, however many calls there are', async () => {
    let asked = 0
    const getToken = async (): Promise<string> => `t${++asked}`
    const { client, requests } = answered([ok], { getToken })
    await Promise.all([client.me(), client.me(), client.contacts.get(recordId)])
    expect(asked).toBe(1)
    expect(requests.map((request) => request.headers.get('authorization'))).toEqual([
      'Bearer t1',
      'Bearer t1',
      'Bearer t1',
    ])
  })

  test('are replaced once when refused, for all calls that were', async () => {
    let asked = 0
    const { client, requests } = connected(
      {},
      { getToken: async () => `t${++asked}` },
      {
        authenticate: (request) =>
          request.headers.get('authorization') === 'Bearer t1'
            ? undefined
            : { tenantId: 'a', actor: { type: 'user', id: 'u' } },
      },
    )
    await Promise.all([client.me(), client.contacts.update(recordId, {}), client.tickets.close(recordId)])
    expect(asked).toBe(2)
    expect(requests).toHaveLength(6)
    await client.me()
    expect(requests.at(-1)?.headers.get('authorization')).toBe('Bearer t2')
  })

  test('that are refused again end the call', async () => {
    let asked = 0
    const { client, requests } = answered([status(401)], { getToken: async () => `t${++asked}` })
    expect(await failureOf(client.me())).toMatchObject({ status: 401 })
    expect([asked, requests.length]).toEqual([2, 2])
  })

  test('that the host only has one of are not sent twice', async () => {
    const { client, requests } = answered([status(401)], { getToken: async () => 'same' })
    expect(await failureOf(client.me())).toMatchObject({ status: 401 })
    expect(requests).toHaveLength(1)
  })

  test('a host that fails to give one is asked again by the next call', async () => {
    let asked = 0
    const getToken = async (): Promise<string> => {
      if (++asked === 1) throw new Error('offline')
      return 't'
    }
    const { client } = answered([ok], { getToken })
    await failureOf(client.me())
    await client.me()
    expect(asked).toBe(2)
  })

  test('without a host to ask nothing is sent', async () => {
    const { client, requests } = answered([ok])
    await client.me()
    expect(requests[0]?.headers.has('authorization')).toBe(false)
  })
})

async function linesOf(lines: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = []
  for await (const line of lines) all.push(line)
  return all
}

describe('files and long answers', () => {
  const source = { file: 'a;b', object: 'contact' } as const

  test('a file travels after what is said about it, and the text is a file too', async () => {
    const { client, requests } = answered([() => Response.json({ columns: [], mapping: {} })])
    await client.imports.suggest({ ...source, delimiter: ';' })
    const form = await (requests[0] as Request).formData()
    expect([...form.keys()]).toEqual(['options', 'file'])
    expect(JSON.parse(form.get('options') as string)).toEqual({ object: 'contact', delimiter: ';' })
    expect(await (form.get('file') as File).text()).toBe('a;b')
  })

  test('looking at a file is tried again; starting an import and asking for a token are not, and have no key', async () => {
    const looking = answered([status(503), () => Response.json({})])
    await looking.client.imports.suggest(source)
    expect(looking.requests).toHaveLength(2)
    const once = answered([status(503)])
    await failureOf(once.client.imports.start({ ...source, mapping: {} }))
    await failureOf(
      once.client.consents.requestOptIn({ contactId: recordId, purpose: 'news', channel: 'email', source: 'a' }),
    )
    expect(once.requests).toHaveLength(2)
    expect(once.requests.map(({ headers }) => headers.has('idempotency-key'))).toEqual([false, false])
  })

  test('lines come out whole, wherever the stream is cut', async () => {
    const bytes = new TextEncoder().encode('{"a":"é"}\n{"b":2}\n{"c":3}')
    const body = (): ReadableStream<Uint8Array> =>
      new ReadableStream({
        start(controller) {
          for (const byte of bytes) controller.enqueue(new Uint8Array([byte]))
          controller.close()
        },
      })
    const { client } = answered([() => new Response(body())])
    expect(await linesOf(client.privacy.export(recordId))).toEqual(['{"a":"é"}', '{"b":2}', '{"c":3}'])
  })

  test('lines that break off, or never come, are failures', async () => {
    const broken = new ReadableStream<Uint8Array>({
      start: (controller) => controller.error(new TypeError('connection lost')),
    })
    const cut = answered([() => new Response(broken)])
    expect(await failureOf(linesOf(cut.client.privacy.export(recordId)))).toMatchObject({
      code: 'remote_failed',
      reason: 'network',
    })
    const missing = answered([status(404)])
    expect(await failureOf(linesOf(missing.client.privacy.export(recordId)))).toMatchObject({ status: 404 })
  })
})
