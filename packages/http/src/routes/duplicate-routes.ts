import { invalidInput } from '../http-refusal.js'
import { anyObject } from '../plain-object.js'
import type { Route } from '../route.js'
import { sealedPage, withOpenCursor } from './record-routes.js'

const list = 'duplicates'
const parameters = ['status', 'object', 'limit', 'cursor']

/** Records that may be the same: looking for them, the list to review, and saying that they are not. */
export const duplicateRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: 'duplicates/scan',
    body: 'json',
    throttle: 'write',
    async handle({ session, body }) {
      const run = await session.duplicates.scan(anyObject(body))
      return { kind: 'accepted', body: run, at: `runs/${run.id}` }
    },
  },
  {
    method: 'GET',
    path: 'duplicates',
    body: 'none',
    throttle: 'read',
    async handle(call) {
      const options = await withOpenCursor(call, list, questionOf(call.parameters))
      return { kind: 'read', body: await sealedPage(call, list, await call.session.duplicates.find(options)) }
    },
  },
  {
    method: 'POST',
    path: 'duplicates/:id/dismiss',
    body: 'none',
    throttle: 'write',
    handle: async ({ session, id }) => ({ kind: 'changed', body: await session.duplicates.dismiss(id) }),
  },
]

/** `?status=open&object=contact&limit=50&cursor=…`; what the values may be is the CRM's to say. */
function questionOf(given: URLSearchParams): { readonly cursor?: string; readonly limit?: number } {
  const unknown = [...given.keys()].find((name) => !parameters.includes(name))
  if (unknown !== undefined)
    throw invalidInput(unknown, `is not a parameter of this list; use ${parameters.join(', ')}`)
  const twice = parameters.find((name) => given.getAll(name).length > 1)
  if (twice !== undefined) throw invalidInput(twice, 'give this parameter once')
  const { limit, ...question } = Object.fromEntries(given)
  return { ...question, ...(limit !== undefined && { limit: Number(limit) }) }
}
