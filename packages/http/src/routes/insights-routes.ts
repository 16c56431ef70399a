import { anyObject } from '../plain-object.js'
import type { Route, RouteCall } from '../route.js'
import { timelineList } from './engagement-routes.js'
import { readRoutes } from './record-routes.js'

/** Scores, the runs that compute them, and the view of a customer from all sides. */
export const insightsRoutes: readonly Route[] = [
  ...readRoutes('runs', (session) => session.runs, { kind: 'text', status: 'text' }),
  {
    method: 'POST',
    path: 'runs/:id/cancel',
    body: 'none',
    throttle: 'write',
    handle: async ({ session, id }) => ({ kind: 'changed', body: await session.runs.cancel(id) }),
  },
  {
    method: 'GET',
    path: 'contacts/:id/view360',
    body: 'none',
    throttle: 'read',
    handle: async (call) => ({
      kind: 'read',
      body: await sealTimeline(call, await call.session.contacts.view360(call.id)),
    }),
  },
  {
    method: 'GET',
    path: 'contacts/:id/scores',
    body: 'none',
    throttle: 'read',
    handle: async ({ session, id }) => ({ kind: 'read', body: await session.scores.of({ type: 'contact', id }) }),
  },
  {
    method: 'POST',
    path: 'scores/refresh',
    body: 'json',
    throttle: 'write',
    async handle({ session, body }) {
      const { models, ...options } = anyObject(body)
      const run = await session.scores.refresh(models, options)
      return { kind: 'accepted', body: run, at: `runs/${run.id}` }
    },
  },
]

/** The timeline within a view goes on where `contacts/:id/timeline` does, so its cursor is sealed like one of that list. */
async function sealTimeline(call: RouteCall, view: unknown): Promise<unknown> {
  const timeline = (view as { readonly timeline?: { readonly cursor?: string } }).timeline
  if (timeline?.cursor === undefined) return view
  return {
    ...(view as object),
    timeline: { ...timeline, cursor: await call.sealCursor(timelineList, timeline.cursor) },
  }
}
