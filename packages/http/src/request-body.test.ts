import { describe, expect, test } from 'vitest'
import { fakeHandler, recordId } from './fake-crm.fixture.js'

const json = { 'content-type': 'application/json' }

describe('what is accepted', () => {
  test.each([
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON',
    'application/merge-patch+json',
  ])('%s is read as JSON', async (type) => {
    const { send, calls } = fakeHandler()
    const response = await send('PATCH', `contacts/${recordId}`, { body: '{"a":1}', headers: { 'content-type': type } })
    expect(response.status).toBe(200)
    expect(calls[0]?.args[1]).toEqual({ a: 1 })
  })

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    '',
  ])('%j is 415 where JSON is asked for', async (type) => {
    const { send, calls } = fakeHandler()
    const response = await send('POST', 'contacts', { body: '{}', headers: { 'content-type': type } })
    expect(response.status).toBe(415)
    expect(await response.json()).toMatchObject({ code: 'unsupported_media_type', field: 'content-type' })
    expect(calls).toEqual([])
  })

  test('a compressed body is 415', async () => {
    const response = await fakeHandler().send('POST', 'contacts', {
      body: '{}',
      headers: { ...json, 'content-encoding': 'gzip' },
    })
    expect(response.status).toBe(415)
  })
})

describe('what cannot be read', () => {
  test.each(['{', '', '{"a":1,}', "{'a':1}", '{"a":1}{"b":2}', 'NaN', '\ufeff{"a":1}x'])('%j is 400', async (body) => {
    const { send, calls } = fakeHandler()
    const response = await send('POST', 'contacts', { body, headers: json })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ code: 'malformed_request', field: 'body' })
    expect(calls).toEqual([])
  })

  test('bytes that are not UTF-8 are 400', async () => {
    const body = new Uint8Array([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d])
    expect((await fakeHandler().send('POST', 'contacts', { body, headers: json })).status).toBe(400)
  })

  test.each(['[]', '7', 'null', '"text"', 'true'])('%s is no object, which is 422', async (body) => {
    const response = await fakeHandler().send('POST', 'contacts', { body, headers: json })
    expect(response.status).toBe(422)
    expect(await response.json()).toMatchObject({
      field: 'body',
      issues: [{ path: '', message: 'must be a JSON object' }],
    })
  })

  test('a key that would become a prototype is refused, at any depth', async () => {
    const { send, calls } = fakeHandler()
    const body = '{"custom":{"a":[{"__proto__":{"admin":true}}]}}'
    const response = await send('POST', 'contacts', { body, headers: json })
    expect(response.status).toBe(422)
    expect(await response.json()).toMatchObject({ field: 'custom.a.0.__proto__' })
    expect(calls).toEqual([])
  })
})

describe('sizes', () => {
  test('a body of exactly the limit passes, one more byte is 413', async () => {
    const { send } = fakeHandler({}, { bodyLimitBytes: 100 })
    const fits = JSON.stringify({ a: 'x'.repeat(92) })
    expect(fits).toHaveLength(100)
    expect((await send('POST', 'contacts', { body: fits, headers: json })).status).toBe(201)
    const response = await send('POST', 'contacts', { body: JSON.stringify({ a: 'x'.repeat(93) }), headers: json })
    expect(response.status).toBe(413)
    expect(await response.json()).toMatchObject({ code: 'payload_too_large', field: 'body' })
  })

  test('1 MB is 413 by default', async () => {
    const { send, calls } = fakeHandler()
    expect((await send('POST', 'contacts', { json: { firstName: 'x'.repeat(1_000_000) } })).status).toBe(413)
    expect(calls).toEqual([])
  })

  test('an announced length over the limit is refused without reading', async () => {
    let pulled = 0
    const body = new ReadableStream({ pull: () => void pulled++ }, { highWaterMark: 0 })
    const { handler } = fakeHandler()
    const request = new Request('https://crm.example/api/v1/contacts', {
      method: 'POST',
      headers: { ...json, 'content-length': '99999999' },
      body,
      duplex: 'half',
    } as RequestInit)
    expect((await handler(request)).status).toBe(413)
    expect(pulled).toBe(0)
  })

  test('an endless body is cut off at the limit, whatever length it announced', async () => {
    let pulled = 0
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          pulled++
          controller.enqueue(new Uint8Array(1024).fill(0x20))
        },
      },
      { highWaterMark: 0 },
    )
    const { handler } = fakeHandler({}, { bodyLimitBytes: 4096 })
    const request = new Request('https://crm.example/api/v1/contacts', {
      method: 'POST',
      headers: json,
      body,
      duplex: 'half',
    } as RequestInit)
    expect((await handler(request)).status).toBe(413)
    expect(pulled).toBeLessThanOrEqual(6)
  })

  test('nesting deeper than the limit is 422, and depth in texts does not count', async () => {
    const { send } = fakeHandler({}, { depthLimit: 5 })
    const nested = (depth: number): string => `{"a":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`
    expect((await send('POST', 'contacts', { body: nested(5), headers: json })).status).toBe(201)
    const response = await send('POST', 'contacts', { body: nested(6), headers: json })
    expect(response.status).toBe(422)
    expect(await response.json()).toMatchObject({ field: 'body', code: 'validation_failed' })
    const quoted = JSON.stringify({ a: `${'['.repeat(50)}"\\${'{'.repeat(50)}` })
    expect((await send('POST', 'contacts', { body: quoted, headers: json })).status).toBe(201)
  })

  test('100,000 open brackets cost an answer, not the stack', async () => {
    expect((await fakeHandler().send('POST', 'contacts', { body: '['.repeat(100_000), headers: json })).status).toBe(
      422,
    )
  })
})
