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
        const { inner, outer } = roundsOf(key)
        const digest = native.hash('sha256', messageOf(inner, text), 'buffer')
        outer.set(digest, blockBytes)
        return native.hash('sha256', outer, 'hex')
      }
    : portableHmacSha256Hex

const blockBytes = 64
const digestBytes = 32
/** Most bytes of a text that is hashed where it is encoded. */
const messageBytes = 1_024
const encoder = new TextEncoder()

/** Both rounds of HMAC with a key: buffers that begin with the padded key, written over by every call. */
interface Rounds {
  readonly inner: Uint8Array
  readonly outer: Uint8Array
}

const knownRounds = new WeakMap<Uint8Array, Rounds>()

/** Two calls that hash at once are several times as fast as an object that hashes bit by bit. */
function roundsOf(key: Uint8Array): Rounds {
  const known = knownRounds.get(key)
  if (known) return known
  const block = new Uint8Array(blockBytes)
  block.set(key.length > blockBytes ? sha256(key) : key)
  const rounds = { inner: new Uint8Array(blockBytes + messageBytes), outer: new Uint8Array(blockBytes + digestBytes) }
  rounds.inner.set(block.map((byte) => byte ^ 0x36))
  rounds.outer.set(block.map((byte) => byte ^ 0x5c))
  knownRounds.set(key, rounds)
  return rounds
}

/** The padded key and behind it the text. */
function messageOf(inner: Uint8Array, text: string): Uint8Array {
  const { read, written } = encoder.encodeInto(text, inner.subarray(blockBytes))
  if (read === text.length) return inner.subarray(0, blockBytes + written)
  const encoded = encoder.encode(text)
  const message = new Uint8Array(blockBytes + encoded.length)
  message.set(inner.subarray(0, blockBytes))
  message.set(encoded, blockBytes)
  return message
}

/** {@link sha256Hex} in JavaScript. */
export function portableSha256Hex(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)))
}

/** {@link hmacSha256Hex} in JavaScript. */
export function portableHmacSha256Hex(key: Uint8Array, text: string): string {
  return bytesToHex(hmac(sha256, key, utf8ToBytes(text)))
}
