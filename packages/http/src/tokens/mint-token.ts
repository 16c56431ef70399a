import type { Actor } from '@rapport/core'
import { SignJWT } from 'jose'
import {
  defaultParty,
  maxTokenSeconds,
  requireTokenKey,
  type TokenKey,
  tokenActorTypes,
  tokenAlgorithm,
} from './token-key.js'

/** Whom a token speaks for, and how long. */
export interface TokenRequest {
  readonly key: TokenKey
  readonly tenantId: string
  /** For a signed-in visitor of a shop: `{ type: 'contact', id }`. */
  readonly actor: Actor
  /** 1 to 600. Default 300. */
  readonly expiresInSeconds?: number
  /** The present, in milliseconds since the Unix epoch. */
  readonly now: number
  /** Default `rapport`. */
  readonly issuer?: string
  /** Default `rapport`. */
  readonly audience?: string
}

/**
 * A short-lived token (JWT) for a browser, made by the host's backend after its own login. The id of the actor is its
 * subject; name, company and teams travel along. Throws `TypeError` for a short key, a life over ten minutes, and actors
 * that may not act over the wire (`system`, `import`).
 */
export async function mintToken(request: TokenRequest): Promise<string> {
  const { tenantId, actor, now, expiresInSeconds = 300, issuer = defaultParty, audience = defaultParty } = request
  const key = requireTokenKey(request.key)
  if (!Number.isSafeInteger(expiresInSeconds) || expiresInSeconds < 1 || expiresInSeconds > maxTokenSeconds) {
    throw new TypeError(`expiresInSeconds must be a whole number from 1 to ${maxTokenSeconds}`)
  }
  if (!Number.isFinite(now)) throw new TypeError('now must be milliseconds since the Unix epoch')
  if (typeof tenantId !== 'string' || tenantId === '') throw new TypeError('tenantId must not be empty')
  if (typeof actor?.id !== 'string' || actor.id === '') throw new TypeError('actor.id must not be empty')
  if (!tokenActorTypes.some((type) => type === actor.type)) {
    throw new TypeError(`a token can speak for ${tokenActorTypes.join(', ')} only`)
  }
  const seconds = Math.floor(now / 1000)
  const { id, type, name, companyId, teamIds } = actor
  return new SignJWT({ tenant: tenantId, actor: { type, name, companyId, teamIds } })
    .setProtectedHeader({ alg: tokenAlgorithm, typ: 'JWT' })
    .setSubject(id)
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt(seconds)
    .setNotBefore(seconds)
    .setExpirationTime(seconds + expiresInSeconds)
    .sign(key)
}
