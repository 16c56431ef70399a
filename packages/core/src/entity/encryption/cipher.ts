import { CrmError } from '../../kernel/crm-error.js'
import type { RandomSource } from '../../kernel/random-source.js'

/** A key of 256 bits as WebCrypto holds it: it encrypts and decrypts, and cannot be taken out again. */
export type CipherKey = CryptoKey

/** What a ciphertext belongs to. Moved to another tenant, record or field it does not decrypt. */
export interface SealedPlace {
  readonly tenantId: string
  readonly entity: string
  readonly id: string
  readonly field: string
}

const algorithm = 'AES-GCM'
const ivBytes = 12
const keyBytes = 32
/** Plaintexts are filled up to a multiple of this, so that their length tells less. */
const blockBytes = 32
const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true })

/** A key from its 32 bytes. */
export function importKey(bytes: Uint8Array): Promise<CipherKey> {
  return crypto.subtle.importKey('raw', Uint8Array.from(bytes), algorithm, false, ['encrypt', 'decrypt'])
}

/** The bytes of a new key. */
export function newKeyBytes(random: RandomSource): Uint8Array<ArrayBuffer> {
  return random.bytes(keyBytes)
}

/**
 * A JSON value encrypted with AES-256-GCM under a fresh random IV, as base64 of IV, ciphertext and tag. NIST SP 800-38D allows
 * 2^32 random IVs of 96 bits per key; a key here is one person's.
 */
export async function encryptValue(
  key: CipherKey,
  value: unknown,
  place: SealedPlace,
  random: RandomSource,
): Promise<string> {
  const plain = encoder.encode(JSON.stringify(value))
  const filled = new Uint8Array(Math.ceil(plain.length / blockBytes) * blockBytes).fill(0x20)
  filled.set(plain)
  const iv = random.bytes(ivBytes)
  const encrypted = await crypto.subtle.encrypt({ name: algorithm, iv, additionalData: boundTo(place) }, key, filled)
  const sealed = new Uint8Array(ivBytes + encrypted.byteLength)
  sealed.set(iv)
  sealed.set(new Uint8Array(encrypted), ivBytes)
  return toBase64(sealed)
}

/** The value that {@link encryptValue} was given. Throws `storage_failed` (reason `undecryptable`) naming the field. */
export async function decryptValue(key: CipherKey, text: string, place: SealedPlace): Promise<unknown> {
  try {
    const sealed = fromBase64(text)
    const plain = await crypto.subtle.decrypt(
      { name: algorithm, iv: sealed.subarray(0, ivBytes), additionalData: boundTo(place) },
      key,
      sealed.subarray(ivBytes),
    )
    return JSON.parse(decoder.decode(plain))
  } catch {
    // What WebCrypto says is of no use, and what JSON.parse says would quote the value.
    throw undecryptable(place)
  }
}

/** The error for a value that its key does not open. */
export function undecryptable({ entity, id, field }: Omit<SealedPlace, 'tenantId'>): CrmError {
  return new CrmError('storage_failed', `${field} of ${entity} cannot be decrypted`, {
    entity,
    id,
    field,
    reason: 'undecryptable',
    retriable: false,
    remedy:
      'the value or its key was changed outside of Rapport: restore the record from a backup, or write the field anew',
  })
}

function boundTo({ tenantId, entity, id, field }: SealedPlace): Uint8Array<ArrayBuffer> {
  return encoder.encode(JSON.stringify([tenantId, entity, id, field]))
}

/** Bytes as base64. */
export function toBase64(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}

/** The bytes of {@link toBase64}. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
}
