import type { Actor, Clock } from '@rapport/core'
import { type JWTPayload, jwtVerify } from 'jose'
import type { Caller } from '../route.js'
import {
  defaultParty,
  maxTokenSeconds,
  requireTokenKey,
  type TokenKey,
  tokenActorTypes,
  tokenAlgorithm,
} from './token-key.js'

/** What a token is checked against. */
export interface BearerOptions {
  readonly key: TokenKey
  /** Default `rapport`. */
  readonly issuer?: string
  /** Default `rapport`. */
  readonly audience?: string
  readonly clock: Clock
}

const longestTokenText = 8192
const toleratedSkewSeconds = 5

/**
 * An `authenticate` for the handler that accepts the tokens of `mintToken`: `Authorization: Bearer …`, signed with HS256 and
 * the key, of the issuer, for the audience, begun, not expired, and made to live ten minutes at most. Anything else is
 * `undefined`, without telling why. Throws `TypeError` at once for a short key.
 */
export function bearerAuthentication(options: BearerOptions): (request: Request) => Promise<Caller | undefined> {
  const { issuer = defaultParty, audience = defaultParty, clock } = options
  const key = requireTokenKey(options.key)
  return async (request) => {
    const match = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(request.headers.get('authorization') ?? '')
    if (match === null || match[1]!.length > longestTokenText) return undefined
    try {
      const { payload } = await jwtVerify(match[1]!, key, {
        algorithms: [tokenAlgorithm],
        issuer,
        audience,
        currentDate: new Date(clock.now()),
        clockTolerance: toleratedSkewSeconds,
        requiredClaims: ['sub', 'iat', 'nbf', 'exp', 'tenant', 'actor'],
      })
      return callerOf(payload)
    } catch {
      return undefined
    }
  }
}

function callerOf(payload: JWTPayload): Caller | undefined {
  const { sub, tenant, iat, exp } = payload
  if (exp! - iat! > maxTokenSeconds) return undefined
  if (typeof sub !== 'string' || sub === '' || typeof tenant !== 'string' || tenant === '') return undefined
  const claim = payload.actor
  if (typeof claim !== 'object' || claim === null) return undefined
  const { type, name, companyId, teamIds } = claim as Readonly<Record<string, unknown>>
  const known = tokenActorTypes.find((candidate) => candidate === type)
  if (known === undefined) return undefined
  const actor: Actor = {
    type: known,
    id: sub,
    ...(typeof name === 'string' && { name }),
    ...(typeof companyId === 'string' && { companyId }),
    ...(isTexts(teamIds) && { teamIds }),
  }
  return { tenantId: tenant, actor }
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}
