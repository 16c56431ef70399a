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
  typeof native?.createHmac === 'function'
    ? (key, text) => native.createHmac('sha256', key).update(text).digest('hex')
    : portableHmacSha256Hex

/** {@link sha256Hex} in JavaScript. */
export function portableSha256Hex(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)))
}

/** {@link hmacSha256Hex} in JavaScript. */
export function portableHmacSha256Hex(key: Uint8Array, text: string): string {
  return bytesToHex(hmac(sha256, key, utf8ToBytes(text)))
}
