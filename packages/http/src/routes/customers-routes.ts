import type { Route } from '../route.js'
import { createRoute, deleteRoute, patchRoute, readRoutes } from './record-routes.js'

/** Contacts, companies, and what links them. */
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
]
