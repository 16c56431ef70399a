import { randomBytes } from 'node:crypto'

const cookieName = 'lantern_session'
const mostSessions = 10_000

/** Who is signed in to the shop. This stands for the login that every shop has already; Rapport knows nothing of it. */
export interface ShopSessions {
  /** Begins a session and returns the `Set-Cookie` that carries it. */
  begin(contactId: string): string
  /** The customer of a request, `undefined` for a visitor who is not signed in. */
  contactOf(request: Request): string | undefined
  /** Ends the session of a request and returns the `Set-Cookie` that forgets it. */
  end(request: Request): string
}

/** Sessions in memory: a restart signs everybody out. */
export function createShopSessions(): ShopSessions {
  const contacts = new Map<string, string>()
  // Out of reach of scripts, and never sent along with a request that another site started. Over HTTPS add `Secure`.
  const cookie = (value: string, maxAgeSeconds: number): string =>
    `${cookieName}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAgeSeconds}`
  const idOf = (request: Request): string | undefined =>
    new RegExp(`(?:^|;\\s*)${cookieName}=([\\w-]{43})(?:;|$)`).exec(request.headers.get('cookie') ?? '')?.[1]
  return {
    begin(contactId) {
      const id = randomBytes(32).toString('base64url')
      contacts.set(id, contactId)
      if (contacts.size > mostSessions) contacts.delete(contacts.keys().next().value as string)
      return cookie(id, 86_400)
    },
    contactOf: (request) => contacts.get(idOf(request) ?? ''),
    end(request) {
      contacts.delete(idOf(request) ?? '')
      return cookie('', 0)
    },
  }
}
