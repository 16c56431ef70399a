import { describe, expect, test } from 'vitest'
import { apiOrigin, fakeHandler } from './fake-crm.fixture.js'

const shop = 'https://shop.example'

describe('cross-origin calls', () => {
  test('a page of a listed origin may call and read the answer', async () => {
    const response = await fakeHandler().send('GET', 'me', { headers: { origin: shop } })
    expect(response.status).toBe(200)
    expect(response.headers.get('access-control-allow-origin')).toBe(shop)
    expect(response.headers.get('access-control-expose-headers')).toContain('retry-after')
    expect(response.headers.get('vary')).toContain('Origin')
  })

  test('credentials are never allowed', async () => {
    const response = await fakeHandler().send('GET', 'me', { headers: { origin: shop } })
    expect(response.headers.has('access-control-allow-credentials')).toBe(false)
  })

  test.each([
    'https://evil.example',
    'https://shop.example.evil.example',
    'https://evil-shop.example',
    'https://sub.shop.example',
    'http://shop.example',
    'https://shop.example:8443',
    'HTTPS://SHOP.EXAMPLE',
    'null',
    '',
  ])('a page of %j is refused before anything happens', async (origin) => {
    const { send, calls } = fakeHandler()
    const response = await send('POST', 'contacts', { json: {}, headers: { origin } })
    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({ code: 'origin_not_allowed' })
    expect(response.headers.has('access-control-allow-origin')).toBe(false)
    expect(response.headers.get('vary')).toContain('Origin')
    expect(calls).toEqual([])
  })

  test('an error can be read by a listed origin too', async () => {
    const { send } = fakeHandler({}, { authenticate: () => undefined })
    const response = await send('GET', 'me', { headers: { origin: shop } })
    expect(response.status).toBe(401)
    expect(response.headers.get('access-control-allow-origin')).toBe(shop)
  })

  test("the server's own pages need no place on the list", async () => {
    const { send } = fakeHandler({}, { origins: [] })
    expect((await send('POST', 'contacts', { json: {}, headers: { origin: apiOrigin } })).status).toBe(201)
  })
})

describe('preflight', () => {
  const ask = (origin: string): Record<string, string> => ({ origin, 'access-control-request-method': 'PATCH' })

  test('tells a listed origin what it may send, without authentication', async () => {
    const { send, calls } = fakeHandler({}, { authenticate: () => undefined })
    const response = await send('OPTIONS', 'tickets', { headers: ask(shop) })
    expect(response.status).toBe(204)
    expect(response.headers.get('access-control-allow-origin')).toBe(shop)
    expect(response.headers.get('access-control-allow-methods')).toBe('GET, POST, HEAD, OPTIONS')
    expect(response.headers.get('access-control-allow-headers')).toContain('idempotency-key')
    expect(response.headers.get('access-control-max-age')).toBe('600')
    expect(calls).toEqual([])
  })

  test('tells another origin nothing', async () => {
    const response = await fakeHandler().send('OPTIONS', 'tickets', { headers: ask('https://evil.example') })
    expect(response.status).toBe(403)
    expect(response.headers.has('access-control-allow-methods')).toBe(false)
  })
})
