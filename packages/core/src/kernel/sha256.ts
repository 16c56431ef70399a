import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'

/**
 * Hashing in native code, several times as fast as in JavaScript. Asked for at run time, so that no bundle for a browser looks for it;
 * there, and where a runtime lacks a part of it, JavaScript does the same.
 */
const native = globalThis.process?.getBuiltinModule?.('node:crypto')

/** SHA-256 of a text in UTF-8, as 64 hexadecimal digits. */
export const sha256Hex: (text: string) => string =
  typeof native?.hash === 'function' ? (text) => native.hash('sha256', text, 'hex') : portableSha256Hex

/** HMAC-SHA-256 (RFC 2104) of a text in UTF-8, as 64 hexadecimal digits. */
export const hmacSha256Hex: (key: Uint8Array, text: string) => string =
  typeof native?.hash === 'function'
    ? (key, text) => {
        const [inner, outer] = padsOf(key)
        const digest = native.hash('sha256', joined(inner, encoder.encode(text)), 'buffer')
        return native.hash('sha256', joined(outer, digest), 'hex')
      }
    : portableHmacSha256Hex

const encoder = new TextEncoder()
const blockBytes = 64
const knownPads = new WeakMap<Uint8Array, readonly [inner: Uint8Array, outer: Uint8Array]>()

/** The key as both rounds of HMAC begin with it. Two calls that hash at once are several times as fast as an object that hashes bit by bit. */
function padsOf(key: Uint8Array): readonly [inner: Uint8Array, outer: Uint8Array] {
  const known = knownPads.get(key)
  if (known) return known
  const block = new Uint8Array(blockBytes)
  block.set(key.length > blockBytes ? sha256(key) : key)
  const pads = [block.map((byte) => byte ^ 0x36), block.map((byte) => byte ^ 0x5c)] as const
  knownPads.set(key, pads)
  return pads
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length)
  bytes.set(first)
  bytes.set(second, first.length)
  return bytes
}

/** {@link sha256Hex} in JavaScript. */
export function portableSha256Hex(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)))
}

/** {@link hmacSha256Hex} in JavaScript. */
export function portableHmacSha256Hex(key: Uint8Array, text: string): string {
  return bytesToHex(hmac(sha256, key, utf8ToBytes(text)))
}
