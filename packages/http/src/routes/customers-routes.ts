import { anyObject } from '../plain-object.js'
import type { Route } from '../route.js'
import { createRoute, deleteRoute, patchRoute, readRoutes } from './record-routes.js'

/** Contacts, companies, what links them, and consent. */
export const customersRoutes: readonly Route[] = [
  ...readRoutes('contacts', (session) => session.contacts, {
    lifecycleStage: 'text',
    leadSource: 'text',
    orderCount: 'number',
  }),
  createRoute('contacts', (session, input) => session.contacts.create(input)),
  patchRoute('contacts', (session) => session.contacts, 'editOwnProfile'),
  deleteRoute('contacts', (session) => session.contacts),

  ...readRoutes('companies', (session) => session.companies, {
    lifecycleStage: 'text',
    industry: 'text',
    type: 'text',
  }),
  createRoute('companies', (session, input) => session.companies.create(input)),
  patchRoute('companies', (session) => session.companies),
  deleteRoute('companies', (session) => session.companies),

  ...readRoutes('associations', (session) => session.associations, {}),
  createRoute('associations', (session, input) => session.associations.link(input)),
  {
    method: 'DELETE',
    path: 'associations/:id',
    body: 'none',
    throttle: 'write',
    async handle({ session, id }) {
      await session.associations.unlink(id)
      return { kind: 'gone' }
    },
  },

  ...readRoutes('consents', (session) => session.consents, { contactId: 'text', purpose: 'text', channel: 'text' }),
  createRoute('consents', (session, input) => session.consents.grant(input)),
  {
    method: 'POST',
    path: 'consents/revoke',
    body: 'json',
    throttle: 'write',
    async handle({ session, body }) {
      const statement = await session.consents.revoke(anyObject(body))
      return { kind: 'created', body: statement, at: `consents/${statement.id}` }
    },
  },
]
