import type {
  ChangeOptions,
  HttpReadService,
  HttpRecordService,
  HttpSession,
  HttpUpdateService,
  ListQuery,
  VersionedRecord,
} from '../crm-port.js'
import { listQueryOfBody, listQueryOfUrl, type UrlFilters } from '../list-parameters.js'
import { anyObject } from '../plain-object.js'
import type { Route, RouteCall, RouteResult } from '../route.js'
import type { ThrottleClass } from '../throttle.js'

/** Filters that every list of records has. */
const commonFilters: UrlFilters = { ownerId: 'text', version: 'number' }

/** The three ways to read the records of a service: list, query and get. */
export function readRoutes(
  name: string,
  serviceOf: (session: HttpSession) => HttpReadService,
  filters: UrlFilters,
): Route[] {
  const urlFilters = { ...commonFilters, ...filters }
  return [
    {
      method: 'GET',
      path: name,
      body: 'none',
      throttle: 'read',
      handle: (call) => findPage(call, name, serviceOf(call.session), listQueryOfUrl(call.parameters, urlFilters)),
    },
    {
      method: 'POST',
      path: `${name}/query`,
      body: 'json',
      throttle: 'read',
      async handle(call) {
        const result = await findPage(call, name, serviceOf(call.session), listQueryOfBody(call.body))
        return { kind: 'computed', body: result.body }
      },
    },
    {
      method: 'GET',
      path: `${name}/:id`,
      body: 'none',
      throttle: 'read',
      async handle(call) {
        const record = await serviceOf(call.session).get(call.id, { signal: call.request.signal })
        return { kind: 'read', body: record, version: record.version }
      },
    },
  ]
}

/** Creates a record from the body. */
export function createRoute(
  name: string,
  create: (session: HttpSession, input: unknown) => Promise<VersionedRecord>,
): Route {
  return {
    method: 'POST',
    path: name,
    body: 'json',
    throttle: 'write',
    async handle(call) {
      const record = await create(call.session, anyObject(call.body))
      return { kind: 'created', body: record, at: `${name}/${record.id}` }
    },
  }
}

/** Changes the fields that the body names; `null` clears one. */
export function patchRoute(
  name: string,
  serviceOf: (session: HttpSession) => HttpUpdateService,
  visitorThrottle?: ThrottleClass,
): Route {
  return {
    method: 'PATCH',
    path: `${name}/:id`,
    body: 'json',
    throttle: 'write',
    ...(visitorThrottle && { visitorThrottle }),
    async handle(call) {
      const record = await serviceOf(call.session).update(call.id, anyObject(call.body), changeOptions(call))
      return { kind: 'changed', body: record }
    },
  }
}

/** Deletes a record. */
export function deleteRoute(
  name: string,
  serviceOf: (session: HttpSession) => Pick<HttpRecordService, 'delete'>,
): Route {
  return {
    method: 'DELETE',
    path: `${name}/:id`,
    body: 'none',
    throttle: 'write',
    async handle(call) {
      await serviceOf(call.session).delete(call.id, changeOptions(call))
      return { kind: 'gone' }
    },
  }
}

/** A page whose cursors are sealed for the list of that name. */
export async function sealedPage<T>(
  call: RouteCall,
  list: string,
  page: { readonly items: readonly T[]; readonly cursor?: string },
): Promise<{ items: readonly T[]; cursor?: string }> {
  if (page.cursor === undefined) return { items: page.items }
  return { items: page.items, cursor: await call.sealCursor(list, page.cursor) }
}

/** The same options with the cursor opened. */
export async function withOpenCursor<Options extends { readonly cursor?: string }>(
  call: RouteCall,
  list: string,
  options: Options,
): Promise<Options> {
  if (options.cursor === undefined) return options
  return { ...options, cursor: await call.openCursor(list, options.cursor) }
}

async function findPage(
  call: RouteCall,
  list: string,
  service: HttpReadService,
  query: ListQuery,
): Promise<Extract<RouteResult, { kind: 'read' }>> {
  const page = await service.find({ ...(await withOpenCursor(call, list, query)), signal: call.request.signal })
  return { kind: 'read', body: await sealedPage(call, list, page) }
}

function changeOptions(call: RouteCall): ChangeOptions {
  return call.ifVersion === undefined ? {} : { ifVersion: call.ifVersion }
}
