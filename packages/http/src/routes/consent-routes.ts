import type { HttpSession, VersionedRecord } from '../crm-port.js'
import { invalidInput } from '../http-refusal.js'
import { anyObject, plainObject } from '../plain-object.js'
import type { Route } from '../route.js'
import { createRoute, readRoutes } from './record-routes.js'

/** Consent: statements, double opt-in, and the proof that is asked for before something is sent; and who must not come back. */
export const consentRoutes: readonly Route[] = [
  ...readRoutes('consents', (session) => session.consents, { contactId: 'text', purpose: 'text', channel: 'text' }),
  createRoute('consents', (session, input) => session.consents.grant(input)),
  statement('revoke', (session, input) => session.consents.revoke(input)),
  statement('deny', (session, input) => session.consents.deny(input)),
  {
    method: 'POST',
    path: 'consents/opt-in-requests',
    body: 'json',
    throttle: 'write',
    async handle({ session, body }) {
      // The token is told this once. An idempotency key would keep it for a while, so our client sends none.
      return { kind: 'computed', body: await session.consents.requestOptIn(anyObject(body)) }
    },
  },
  statement('confirm', (session, input) => {
    const { token } = plainObject(input, ['token'])
    return session.consents.confirmOptIn(token as never)
  }),
  question('decide', (session, asked) => session.consents.decide(asked)),
  question('prove', (session, asked) => session.consents.prove(asked)),

  ...readRoutes('suppressions', (session) => session.suppressions, { kind: 'text', reason: 'text' }),
  {
    method: 'POST',
    path: 'suppressions',
    body: 'json',
    throttle: 'write',
    async handle({ session, body }) {
      const { reason, ...value } = anyObject(body)
      await session.suppressions.add(value, reason)
      return { kind: 'gone' }
    },
  },
  {
    method: 'POST',
    path: 'suppressions/check',
    body: 'json',
    throttle: 'read',
    handle: async ({ session, body }) => ({
      kind: 'computed',
      body: { suppressed: await session.suppressions.isSuppressed(anyObject(body)) },
    }),
  },
  {
    method: 'POST',
    path: 'suppressions/lift',
    body: 'json',
    throttle: 'write',
    handle: async ({ session, body }) => ({
      kind: 'computed',
      body: { lifted: await session.suppressions.lift(anyObject(body)) },
    }),
  },
]

function statement(
  name: string,
  state: (session: HttpSession, input: Readonly<Record<string, unknown>>) => Promise<VersionedRecord>,
): Route {
  return {
    method: 'POST',
    path: `consents/${name}`,
    body: 'json',
    throttle: 'write',
    async handle({ session, body }) {
      const made = await state(session, anyObject(body))
      return { kind: 'created', body: made, at: `consents/${made.id}` }
    },
  }
}

/** A question whose words hold a contact's id, so that it travels in the body. */
function question(name: string, answer: (session: HttpSession, asked: unknown) => Promise<unknown>): Route {
  return {
    method: 'POST',
    path: `consents/${name}`,
    body: 'json',
    throttle: 'read',
    async handle({ session, body }) {
      const asked = plainObject(body, ['contactId', 'purpose', 'channel', 'at', 'confirmed'])
      for (const field of ['contactId', 'purpose', 'channel']) {
        if (typeof asked[field] !== 'string') throw invalidInput(field, 'must be a text')
      }
      if (asked.confirmed !== undefined && typeof asked.confirmed !== 'boolean')
        throw invalidInput('confirmed', 'must be true or false')
      return { kind: 'computed', body: await answer(session, asked) }
    },
  }
}
