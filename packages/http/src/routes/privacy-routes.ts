import { anyObject } from '../plain-object.js'
import type { Route } from '../route.js'
import { readRoutes } from './record-routes.js'

/** Personal data: where it is, everything about one contact, and the end of it. */
export const privacyRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: 'privacy/map',
    body: 'none',
    throttle: 'read',
    handle: async ({ session }) => ({ kind: 'read', body: { items: await session.privacy.map() } }),
  },
  {
    method: 'GET',
    path: 'contacts/:id/export',
    body: 'none',
    throttle: 'write',
    handle: async ({ session, id, request }) => ({
      kind: 'lines',
      lines: session.privacy.export(id, { signal: request.signal }),
      fileName: 'personal-data.jsonl',
    }),
  },
  {
    method: 'POST',
    path: 'contacts/:id/erase',
    body: 'json',
    throttle: 'write',
    async handle({ session, id, body }) {
      const run = await session.privacy.erase(id, anyObject(body))
      return { kind: 'accepted', body: run, at: `runs/${run.id}` }
    },
  },
  ...readRoutes('erasures', (session) => session.privacy.erasures, { mode: 'text' }),
]
