import { randomBytes } from 'node:crypto'
import { type Actor, systemClock } from '@rapport/core'
import type { Caller } from '@rapport/http'
import { bearerAuthentication, mintToken } from '@rapport/http/tokens'
import type { ShopSessions } from './shop-sessions.js'

/** Tokens for the widgets, and the check of who calls the API. */
export interface DemoTokens {
  /** `POST /session/rapport-token`: a token for the customer who is signed in to the shop. */
  forCustomer(request: Request): Promise<Response>
  /** `POST /demo/admin-token`: a token for a member of staff. */
  forStaff(): Promise<Response>
  /** The `authenticate` of the handler. */
  authenticate(request: Request): Promise<Caller | undefined>
}

/** The member of staff as whom everybody may look at the back office of the demo. */
export const demoMember: Actor = { type: 'user', id: 'robin', name: 'Robin Shaw' }

/** Mints tokens that live five minutes and are signed with a key of this process. */
export function createDemoTokens(tenantId: string, sessions: ShopSessions): DemoTokens {
  // A host with several processes keeps one key of 32 random bytes in its secrets.
  const key = randomBytes(32)
  const bearer = bearerAuthentication({ key, clock: systemClock })

  // #region token
  const answerToken = async (actor: Actor): Promise<Response> => {
    const token = await mintToken({ key, tenantId, actor, now: Date.now() })
    return Response.json({ token }, { headers: { 'cache-control': 'no-store' } })
  }

  /** The shop knows who is signed in, so the shop says for whom the token speaks. Nothing in the request does. */
  const forCustomer = async (request: Request): Promise<Response> => {
    const contactId = sessions.contactOf(request)
    if (contactId === undefined) return new Response(null, { status: 401 })
    return answerToken({ type: 'contact', id: contactId })
  }
  // #endregion

  return {
    forCustomer,
    // Here goes the login of the host: check that the request carries the session of a member of staff, and name that member.
    // The demo has no staff accounts; it listens on this machine alone and lets everybody in as one invented member.
    forStaff: () => answerToken(demoMember),
    async authenticate(request) {
      const caller = await bearer(request)
      if (caller !== undefined) return caller
      // A ticket form that was sent without JavaScript carries no token, only the shop's cookie. The handler refuses forms of
      // other origins, and the cookie is not sent with them.
      const isForm =
        request.method === 'POST' && request.headers.get('content-type')?.startsWith('application/x-www-form')
      const contactId = isForm ? sessions.contactOf(request) : undefined
      return contactId === undefined ? undefined : { tenantId, actor: { type: 'contact', id: contactId } }
    },
  }
}
