import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hmacSha256Hex, portableHmacSha256Hex, portableSha256Hex, sha256Hex } from './sha256.js'

test('SHA-256 and HMAC have the published values', () => {
  // FIPS 180-4, "abc"; RFC 4231 §4.3.
  for (const hash of [sha256Hex, portableSha256Hex])
    expect(hash('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  const key = new TextEncoder().encode('Jefe')
  for (const hash of [hmacSha256Hex, portableHmacSha256Hex])
    expect(hash(key, 'what do ya want for nothing?')).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    )
})

test('native code and JavaScript agree on every text, so what a server wrote a browser verifies', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.uint8Array({ minLength: 1, maxLength: 80 }), (text, key) => {
      expect(sha256Hex(text)).toBe(portableSha256Hex(text))
      expect(hmacSha256Hex(key, text)).toBe(portableHmacSha256Hex(key, text))
    }),
  )
  expect(sha256Hex('\ud800')).toBe(portableSha256Hex('\ud800'))
})

test('a keyed hash of a long text, and of a short one after it, is that of JavaScript', () => {
  const key = new Uint8Array(32).fill(7)
  for (const text of [
    'é'.repeat(511),
    'é'.repeat(512),
    'é'.repeat(513),
    `${'a'.repeat(1_023)}😀`,
    'a'.repeat(5_000),
    'a',
    '',
  ])
    expect(hmacSha256Hex(key, text)).toBe(portableHmacSha256Hex(key, text))
})
