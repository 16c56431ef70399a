import { isId } from '@rapport/core'
import type { Route } from './route.js'
import { consentRoutes } from './routes/consent-routes.js'
import { customersRoutes } from './routes/customers-routes.js'
import { duplicateRoutes } from './routes/duplicate-routes.js'
import { engagementRoutes } from './routes/engagement-routes.js'
import { importRoutes } from './routes/import-routes.js'
import { insightsRoutes } from './routes/insights-routes.js'
import { mergeRoutes } from './routes/merge-routes.js'
import { privacyRoutes } from './routes/privacy-routes.js'
import { salesRoutes } from './routes/sales-routes.js'
import { supportRoutes } from './routes/support-routes.js'

const me: Route = {
  method: 'GET',
  path: 'me',
  body: 'none',
  throttle: 'read',
  handle: async ({ session, caller }) => ({ kind: 'read', body: { ...caller, rights: await session.rights() } }),
}

/** Every route of the API. */
export const routeTable: readonly Route[] = [
  me,
  ...customersRoutes,
  ...consentRoutes,
  ...duplicateRoutes,
  ...mergeRoutes,
  ...importRoutes,
  ...privacyRoutes,
  ...salesRoutes,
  ...engagementRoutes,
  ...supportRoutes,
  ...insightsRoutes,
]

/** The routes of one path, and the id in it. */
export interface RouteMatch {
  readonly routes: readonly Route[]
  readonly id: string
}

const byPath = new Map<string, Route[]>()
for (const route of routeTable) byPath.set(route.path, [...(byPath.get(route.path) ?? []), route])

/** Finds the routes of a path below the base path. What has not the form of an id names nothing, so it is simply not found. */
export function matchPath(path: string): RouteMatch | undefined {
  const literal = byPath.get(path)
  if (literal !== undefined && !path.includes(':')) return { routes: literal, id: '' }
  const segments = path.split('/')
  const candidate = segments[1]
  if (candidate === undefined || !isId(candidate)) return undefined
  const routes = byPath.get(segments.with(1, ':id').join('/'))
  return routes && { routes, id: candidate }
}

/** Methods of a path as `Allow` lists them. */
export function allowedMethods(routes: readonly Route[]): string[] {
  const methods = routes.map((route) => route.method as string)
  return [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS']
}
