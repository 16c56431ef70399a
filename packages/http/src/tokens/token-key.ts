/** A shared secret of at least 32 bytes, as bytes or as text in UTF-8. Make one with `crypto.getRandomValues`. */
export type TokenKey = Uint8Array | string

/** The only algorithm that is signed with or accepted: HMAC with SHA-256 (RFC 7518 §3.2). */
export const tokenAlgorithm = 'HS256'

/** What `iss` and `aud` hold when the host names nothing of its own. */
export const defaultParty = 'rapport'

/** Longest life of a token, in seconds. */
export const maxTokenSeconds = 600

/** Types of actor that a token may speak for. The others act inside the host and never over the wire. */
export const tokenActorTypes = ['user', 'contact', 'anonymous', 'agent', 'plugin'] as const

/** The key as bytes. Throws `TypeError` when it is shorter than the hash it keys. */
export function requireTokenKey(key: TokenKey): Uint8Array {
  const bytes = typeof key === 'string' ? new TextEncoder().encode(key) : key
  if (!(bytes instanceof Uint8Array) || bytes.byteLength < 32) {
    throw new TypeError('the token key must hold at least 32 bytes; make it with crypto.getRandomValues')
  }
  return bytes
}
