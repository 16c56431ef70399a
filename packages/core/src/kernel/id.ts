import type { Clock } from './clock.js'
import type { RandomSource } from './random-source.js'
import { sha256Hex } from './sha256.js'

/** Makes a new UUIDv7 (RFC 9562 §5.7): 36 lower-case characters that sort by time of creation. */
export type IdGenerator = () => string

const shape = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Whether a value is a UUID in canonical lower-case form. */
export function isId(value: unknown): value is string {
  return typeof value === 'string' && shape.test(value)
}

/**
 * A generator of UUIDv7. Ids of one generator increase strictly, even within a millisecond and when the clock steps
 * back: the 12 bits after the timestamp count on and borrow a millisecond when they are used up.
 */
export function createIdGenerator(clock: Clock, random: RandomSource): IdGenerator {
  let lastMs = -1
  let sequence = 0
  return () => {
    const bytes = random.bytes(16)
    const now = clock.now()
    if (now > lastMs) {
      lastMs = now
      sequence = ((bytes[6]! & 0x07) << 8) | bytes[7]!
    } else if (++sequence > 0xfff) {
      lastMs++
      sequence = 0
    }
    let ms = lastMs
    for (let index = 5; index >= 0; index--) {
      bytes[index] = ms % 256
      ms = Math.floor(ms / 256)
    }
    bytes[6] = 0x70 | (sequence >> 8)
    bytes[7] = sequence & 0xff
    bytes[8] = 0x80 | (bytes[8]! & 0x3f)
    return formatUuid(bytes)
  }
}

/**
 * The id that follows from its parts: a UUIDv8 (RFC 9562 §5.8) over the first 122 bits of SHA-256. The same parts give the
 * same id on every machine, so a projection can be written by `upsert` without being read first.
 */
export function deriveId(...parts: readonly string[]): string {
  let text = ''
  for (const part of parts) text += `${part.length}:${part}`
  const hash = sha256Hex(text)
  const variant = '89ab'[Number.parseInt(hash[16]!, 16) & 3]!
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-${variant}${hash.slice(17, 20)}-${hash.slice(20, 32)}`
}

const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

function formatUuid(bytes: Uint8Array): string {
  let text = ''
  for (let index = 0; index < 16; index++) {
    if (index === 4 || index === 6 || index === 8 || index === 10) text += '-'
    text += hex[bytes[index]!]
  }
  return text
}
