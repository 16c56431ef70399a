import type { HttpMerging, HttpSession, VersionedRecord } from '../crm-port.js'
import { invalidInput } from '../http-refusal.js'
import { anyObject, plainObject } from '../plain-object.js'
import type { Route, RouteResult } from '../route.js'
import { readRoutes } from './record-routes.js'

/** Merging contacts or companies, the merges there were, and taking one back. */
export const mergeRoutes: readonly Route[] = [
  ...mergingOf('contacts', (session) => session.contacts),
  ...mergingOf('companies', (session) => session.companies),
  ...readRoutes('merges', (session) => session.merges, {
    objectType: 'text',
    survivorId: 'text',
    status: 'text',
  }),
  {
    method: 'POST',
    path: 'merges/:id/unmerge',
    body: 'optionalJson',
    throttle: 'write',
    async handle({ session, id, body }) {
      const { dryRun = false } = plainObject(body, ['dryRun'])
      if (typeof dryRun !== 'boolean') throw invalidInput('dryRun', 'must be true or false')
      const { objectType } = await session.merges.get(id)
      const merging: HttpMerging = objectType === 'company' ? session.companies : session.contacts
      return longOrDone(await merging.unmerge(id, { dryRun }))
    },
  },
]

function mergingOf(name: string, mergingIn: (session: HttpSession) => HttpMerging): Route[] {
  return [
    {
      method: 'POST',
      path: `${name}/:id/merge`,
      body: 'json',
      throttle: 'write',
      async handle({ session, id, body }) {
        return longOrDone(await mergingIn(session).merge({ ...anyObject(body), survivorId: id }))
      },
    },
    {
      method: 'GET',
      path: `${name}/:id/resolve`,
      body: 'none',
      throttle: 'read',
      handle: async ({ session, id }) => ({ kind: 'read', body: { id: await mergingIn(session).resolveId(id) } }),
    },
  ]
}

/** What has too many relations for one batch goes on as a run. */
function longOrDone(result: { readonly run?: VersionedRecord }): RouteResult {
  if (result.run === undefined) return { kind: 'computed', body: result }
  return { kind: 'accepted', body: result, at: `runs/${result.run.id}` }
}
