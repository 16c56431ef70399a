import { CrmError } from '../../kernel/crm-error.js'
import type { RandomSource } from '../../kernel/random-source.js'
import { type CipherKey, decryptValue, encryptValue, importKey, type SealedPlace } from './cipher.js'
import type { Keyring } from './encryption-options.js'

/** What the keyring of the host wraps. */
export interface WrappedSecret {
  /** The name of the key of the ring. */
  readonly wrappedBy: string
  readonly wrapped: string
}

/** Wraps with the host's newest key, and unwraps with whichever was used. */
export interface KeyringCipher {
  readonly current: string
  wrap(secret: unknown, place: SealedPlace, random: RandomSource): Promise<WrappedSecret>
  /** Throws `storage_failed` (reason `key_missing`) when the ring lacks the key. */
  unwrap(secret: WrappedSecret, place: SealedPlace): Promise<unknown>
}

const keyBytes = 32

/** A cipher over the host's keyring. Throws `TypeError` for a ring without its current key, or with a key that is not 32 bytes long. */
export function createKeyringCipher({ current, keys }: Keyring): KeyringCipher {
  if (!Object.hasOwn(keys, current)) throw new TypeError('encryption.keyring.current must name one of its keys')
  for (const [name, bytes] of Object.entries(keys))
    if (!(bytes instanceof Uint8Array) || bytes.length !== keyBytes)
      throw new TypeError(`encryption.keyring.keys.${name} must be ${keyBytes} bytes`)
  const imported = new Map<string, Promise<CipherKey>>()
  const keyOf = (name: string): Promise<CipherKey> => {
    const bytes = Object.hasOwn(keys, name) ? keys[name] : undefined
    if (!bytes)
      throw new CrmError('storage_failed', 'The keyring lacks a key that this tenant was encrypted with', {
        field: 'encryption.keyring',
        reason: 'key_missing',
        retriable: false,
        remedy: `add the key named ${name} to encryption.keyring.keys`,
      })
    const key = imported.get(name) ?? importKey(bytes)
    imported.set(name, key)
    return key
  }
  return {
    current,
    async wrap(secret, place, random) {
      return { wrappedBy: current, wrapped: await encryptValue(await keyOf(current), secret, place, random) }
    },
    async unwrap({ wrapped, wrappedBy }, place) {
      return decryptValue(await keyOf(wrappedBy), wrapped, place)
    },
  }
}
