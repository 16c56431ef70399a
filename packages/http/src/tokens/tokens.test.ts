import type { Actor } from '@rapport/core'
import { SignJWT, UnsecuredJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import { bearerAuthentication } from './bearer-authentication.js'
import { mintToken, type TokenRequest } from './mint-token.js'

const key = 'k'.repeat(32)
const now = Date.parse('2026-03-01T10:00:00.000Z')
const actor: Actor = { type: 'contact', id: 'c1', name: 'Ada', companyId: 'co1', teamIds: ['t1'] }

function mint(change: Partial<TokenRequest> = {}): Promise<string> {
  return mintToken({ key, tenantId: 'acme', actor, now, expiresInSeconds: 60, ...change })
}

function asking(token: string, scheme = 'Bearer'): Request {
  return new Request('https://crm.example/', { headers: { authorization: `${scheme} ${token}` } })
}

/** What the default authentication says of a token, some seconds after it was made. */
function check(token: string, afterSeconds = 0): Promise<unknown> {
  return bearerAuthentication({ key, clock: { now: () => now + afterSeconds * 1000 } })(asking(token))
}

describe('a token', () => {
  test('tells tenant and actor', async () => {
    expect(await check(await mint())).toEqual({ tenantId: 'acme', actor })
    expect(await check(await mint({ actor: { type: 'user', id: 'u' } }))).toEqual({
      tenantId: 'acme',
      actor: { type: 'user', id: 'u' },
    })
  })

  test('works with a key of bytes, and any spelling of the scheme', async () => {
    const bytes = new TextEncoder().encode(key)
    const authenticate = bearerAuthentication({ key: bytes, clock: { now: () => now } })
    expect(await authenticate(asking(await mint(), 'bearer'))).toMatchObject({ tenantId: 'acme' })
  })

  test('ends when it says, five seconds of clock difference aside', async () => {
    const token = await mint()
    expect(await check(token, 64)).toBeDefined()
    expect(await check(token, 66)).toBeUndefined()
  })

  test('does not begin before it was made', async () => {
    const token = await mint()
    expect(await check(token, -4)).toBeDefined()
    expect(await check(token, -6)).toBeUndefined()
  })
})

describe('refused', () => {
  test('no header, another scheme, no token, two tokens, a very long one', async () => {
    const token = await mint()
    const authenticate = bearerAuthentication({ key, clock: { now: () => now } })
    expect(await authenticate(new Request('https://crm.example/'))).toBeUndefined()
    for (const request of [
      asking(token, 'Basic'),
      asking(''),
      asking(`${token}, ${token}`),
      asking(`${'a'.repeat(9000)}.b.c`),
    ]) {
      expect(await authenticate(request)).toBeUndefined()
    }
  })

  test('another key, issuer or audience', async () => {
    expect(await check(await mint({ key: 'x'.repeat(32) }))).toBeUndefined()
    expect(await check(await mint({ issuer: 'other' }))).toBeUndefined()
    expect(await check(await mint({ audience: 'other' }))).toBeUndefined()
  })

  test('a token whose text was changed anywhere', async () => {
    const token = await mint()
    for (let index = 0; index < token.length - 1; index++) {
      const forged = token.slice(0, index) + (token[index] === 'A' ? 'B' : 'A') + token.slice(index + 1)
      expect(await check(forged)).toBeUndefined()
    }
  })

  test('another algorithm, and none at all', async () => {
    const long = new TextEncoder().encode('k'.repeat(64))
    const sign = (alg: string): Promise<string> => claims(new SignJWT(payload)).setProtectedHeader({ alg }).sign(long)
    const authenticate = bearerAuthentication({ key: long, clock: { now: () => now } })
    expect(await authenticate(asking(await sign('HS256')))).toBeDefined()
    expect(await authenticate(asking(await sign('HS512')))).toBeUndefined()
    const unsecured = claims(new UnsecuredJWT(payload)).encode()
    expect(await authenticate(asking(`${unsecured}x`))).toBeUndefined()
    expect(await authenticate(asking(unsecured))).toBeUndefined()
  })

  test.each([
    ['a life over ten minutes', { exp: now / 1000 + 601 }],
    ['no expiry', { exp: undefined }],
    ['no beginning', { nbf: undefined }],
    ['no time of issue', { iat: undefined }],
    ['no subject', { sub: undefined }],
    ['an empty subject', { sub: '' }],
    ['no tenant', { tenant: undefined }],
    ['a tenant that is no text', { tenant: 7 }],
    ['no actor', { actor: undefined }],
    ['an actor that is no object', { actor: 'user' }],
    ['the system', { actor: { type: 'system' } }],
    ['an import', { actor: { type: 'import' } }],
    ['an unknown kind of actor', { actor: { type: 'root' } }],
  ])('a well-signed token with %s', async (_, change) => {
    const seconds = now / 1000
    const base = {
      ...payload,
      sub: 'c1',
      iss: 'rapport',
      aud: 'rapport',
      iat: seconds,
      nbf: seconds,
      exp: seconds + 60,
    }
    const sign = (body: Record<string, unknown>): Promise<string> =>
      new SignJWT(body).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(key))
    expect(await check(await sign(base))).toBeDefined()
    expect(await check(await sign({ ...base, ...change }))).toBeUndefined()
  })
})

describe('misuse is a TypeError', () => {
  test.each(['', 'short', 'k'.repeat(31), new Uint8Array(31), 42 as never])(
    'a key of less than 32 bytes: %j',
    async (short) => {
      await expect(mint({ key: short })).rejects.toThrow(TypeError)
      expect(() => bearerAuthentication({ key: short, clock: { now: () => now } })).toThrow(TypeError)
    },
  )

  test.each([0, -1, 601, 1.5, Number.NaN, Number.POSITIVE_INFINITY])(
    'a life of %d seconds',
    async (expiresInSeconds) => {
      await expect(mint({ expiresInSeconds })).rejects.toThrow(TypeError)
    },
  )

  test.each([
    { actor: { type: 'system', id: 's' } as Actor },
    { actor: { type: 'import', id: 's' } as Actor },
    { actor: { type: 'contact', id: '' } as Actor },
    { actor: undefined as never },
    { tenantId: '' },
    { now: Number.NaN },
  ])('%j', async (change) => {
    await expect(mint(change)).rejects.toThrow(TypeError)
  })
})

const payload = { tenant: 'acme', actor: { type: 'contact' } }

function claims<T extends SignJWT | UnsecuredJWT>(jwt: T): T {
  const seconds = now / 1000
  jwt.setSubject('c1').setIssuer('rapport').setAudience('rapport')
  jwt
    .setIssuedAt(seconds)
    .setNotBefore(seconds)
    .setExpirationTime(seconds + 60)
  return jwt
}
