import { pageOptionsOfUrl } from '../list-parameters.js'
import type { Route } from '../route.js'
import { createRoute, deleteRoute, patchRoute, readRoutes, sealedPage, withOpenCursor } from './record-routes.js'

/** Name of the list that a timeline's cursors belong to. */
export const timelineList = 'contacts/timeline'

/** Activities, and the timeline of a contact. */
export const engagementRoutes: readonly Route[] = [
  ...readRoutes('activities', (session) => session.activities, { type: 'text', status: 'text', direction: 'text' }),
  createRoute('activities', (session, input) => session.activities.log(input)),
  patchRoute('activities', (session) => session.activities),
  deleteRoute('activities', (session) => session.activities),
  {
    method: 'GET',
    path: 'contacts/:id/timeline',
    body: 'none',
    throttle: 'read',
    async handle(call) {
      const options = await withOpenCursor(call, timelineList, pageOptionsOfUrl(call.parameters))
      const page = await call.session.timeline.of({ type: 'contact', id: call.id }, options)
      return { kind: 'read', body: await sealedPage(call, timelineList, page) }
    },
  },
]
