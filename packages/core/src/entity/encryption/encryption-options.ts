import type { Path } from '../../storage/row.js'

/**
 * The host's own keys, by a name of its choice: 32 bytes each, from a key management service or the environment, never from the
 * database that they protect.
 */
export interface Keyring {
  /** The name of the key that new wrapping is done with. */
  readonly current: string
  /** The current key and those before it that something may still be wrapped with. */
  readonly keys: Readonly<Record<string, Uint8Array>>
}

/** Which fields are kept encrypted, and under whose keys. */
export interface EncryptionOptions {
  readonly keyring: Keyring
  /**
   * By entity: personal fields of text or structure, and custom fields as `custom.<key>`. What Rapport derives from a field is
   * encrypted with it. A field that was encrypted stays in the list: without it, its values cannot be read.
   */
  readonly fields: Readonly<Record<string, readonly Path[]>>
}
