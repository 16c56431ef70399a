import { type Answer, emptyAnswer, jsonAnswer, responseOf, taggedAnswer } from './answer.js'
import { createCorsPolicy, isPreflight, preflightHeaders } from './cors.js'
import type { Clock, HttpCrm } from './crm-port.js'
import { describeFailure, problemAnswer } from './error-response.js'
import { refusedFormAnswer, requirePageAddress, returnAddress, ticketOpenedAnswer } from './form-page.js'
import { HttpRefusal, noSuchThing } from './http-refusal.js'
import { createIdempotencyStore, fingerprintOf, type IdempotencyOptions, idempotencyKeyOf } from './idempotency.js'
import { ifMatchVersion, isNotModified } from './preconditions.js'
import { isFormRequest, mediaType, type RequestBody, readBody } from './request-body.js'
import type { Caller, Route, RouteResult } from './route.js'
import { allowedMethods, matchPath } from './route-table.js'
import { createCursorSealer } from './sealed-cursor.js'
import { createThrottle, type ThrottleOptions } from './throttle.js'

/** Where an unexpected failure happened. Holds no URL and nothing a caller sent. */
export interface FailureReport {
  /** The `instance` of the problem document, without its prefix. */
  readonly requestId: string
  readonly method: string
  /** Pattern of the route, such as `contacts/:id`; absent when none was reached. */
  readonly route?: string
}

/** Settings of {@link createHttpHandler}. */
export interface HttpHandlerOptions {
  /**
   * Tells who calls, from a token or a session the host trusts; `undefined` refuses with 401. Required: there is no default
   * that would be safe.
   */
  readonly authenticate: (request: Request) => Caller | undefined | Promise<Caller | undefined>
  /** Exact origins of the pages that may call from elsewhere, such as `https://shop.example`. `[]` allows none. */
  readonly origins: readonly string[]
  /** Path that all routes begin with. Default `/api/v1`. */
  readonly basePath?: string
  /** Longest body in bytes. Default 262,144. */
  readonly bodyLimitBytes?: number
  /** Most levels of nesting in JSON. Default 32. */
  readonly depthLimit?: number
  /** Limits per caller and kind of request, or `false` where something in front does it. */
  readonly throttle?: ThrottleOptions | false
  /** Bounds of the memory behind `Idempotency-Key`. */
  readonly idempotency?: IdempotencyOptions
  /** 32 random bytes shared by all processes behind one address; without it cursors end with the process. */
  readonly cursorKey?: Uint8Array
  /** Where a browser goes after a ticket form that names no `returnTo`: a path or an address. */
  readonly ticketOpenedPage?: string
  /** Default: the machine's clock. */
  readonly clock?: Clock
  /** Hears of every failure that was not foreseen; callers only see its id. */
  readonly onError?: (error: unknown, report: FailureReport) => void
}

/** Answers one request. Never rejects. */
export type HttpHandler = (request: Request) => Promise<Response>

/**
 * The CRM over HTTP, for any runtime that has `Request` and `Response`. Every request is authenticated by the host, runs in a
 * session of the tenant and actor that the host names, and is answered in JSON or with a problem document (RFC 9457).
 *
 * Throws `TypeError` without `authenticate`, for origins that are not exact, and for settings out of range.
 */
export function createHttpHandler(crm: HttpCrm, options: HttpHandlerOptions): HttpHandler {
  if (typeof options?.authenticate !== 'function') {
    throw new TypeError('createHttpHandler needs authenticate: without it anybody would be let in')
  }
  const { authenticate, onError, clock = { now: () => Date.now() } } = options
  const cors = createCorsPolicy(options.origins)
  const basePath = requireBasePath(options.basePath ?? '/api/v1')
  const ticketOpenedPage = requirePageAddress(options.ticketOpenedPage)
  const limits = {
    bytes: requirePositive('bodyLimitBytes', options.bodyLimitBytes ?? 262_144),
    depth: requirePositive('depthLimit', options.depthLimit ?? 32),
  }
  const throttle = options.throttle === false ? undefined : createThrottle(options.throttle ?? {}, clock)
  const answers = createIdempotencyStore(options.idempotency)
  const cursors = createCursorSealer(options.cursorKey)

  async function callerOf(request: Request): Promise<Caller> {
    const caller = await authenticate(request)
    if (caller !== undefined) return requireCaller(caller)
    throttle?.takeRefused(request)
    throw new HttpRefusal('unauthenticated', 'The request carries no valid credentials', {
      remedy: 'get a fresh token and repeat the request',
      headers: { 'www-authenticate': 'Bearer' },
    })
  }

  async function run(route: Route, id: string, caller: Caller, request: Request, body: RequestBody): Promise<Answer> {
    const { tenantId, actor } = caller
    const fields = body.form ? (body.value as Readonly<Record<string, unknown>>) : undefined
    const onward = fields && returnAddress(request, fields.returnTo, ticketOpenedPage)
    const result = await route.handle({
      session: crm.session({ tenantId, actor, signal: request.signal }),
      caller,
      request,
      id,
      parameters: new URL(request.url).searchParams,
      body: body.value,
      form: body.form,
      ifVersion: ifMatchVersion(request),
      openCursor: (list, sealed) => cursors.open(sealed, { tenantId, list }),
      sealCursor: (list, cursor) => cursors.seal(cursor, { tenantId, list }),
    })
    return result.kind === 'formAccepted' ? ticketOpenedAnswer(onward) : answerOf(result, basePath)
  }

  async function serve(request: Request, reach: (route: Route) => void): Promise<Answer> {
    const path = new URL(request.url).pathname
    const match = path.startsWith(`${basePath}/`) ? matchPath(path.slice(basePath.length + 1)) : undefined
    if (match === undefined) throw noSuchThing()
    const methods = allowedMethods(match.routes)
    const allow = { allow: methods.join(', ') }
    if (isPreflight(request)) return emptyAnswer(204, preflightHeaders(methods))
    if (request.method === 'OPTIONS') return emptyAnswer(204, allow)
    const method = request.method === 'HEAD' ? 'GET' : request.method
    const route = match.routes.find((candidate) => candidate.method === method)
    if (route === undefined) {
      throw new HttpRefusal('method_not_allowed', 'The method does not apply here', {
        remedy: `use ${allow.allow}`,
        headers: allow,
      })
    }
    reach(route)
    const caller = await callerOf(request)
    const visitor = caller.actor.type === 'contact' || caller.actor.type === 'anonymous'
    const counted = (visitor ? route.visitorThrottle : undefined) ?? route.throttle
    throttle?.take(counted, request, caller.tenantId, caller.actor)
    const body = await readBody(request, route.body, limits)
    const key = route.method === 'POST' && route.throttle !== 'read' ? idempotencyKeyOf(request) : undefined
    const work = (): Promise<Answer> => run(route, match.id, caller, request, body)
    if (key === undefined) return work()
    const scope = [caller.tenantId, caller.actor.type, caller.actor.id, route.path, match.id, key]
    return answers.once(JSON.stringify(scope), await fingerprintOf(mediaType(request), body.bytes), work)
  }

  return async (request) => {
    const requestId = crypto.randomUUID()
    const head = request.method === 'HEAD'
    let headers: Record<string, string> = { vary: 'Origin, Authorization' }
    let reached: Route | undefined
    try {
      headers = cors.headersFor(request)
      const answer = await serve(request, (route) => {
        reached = route
      })
      if (request.method !== 'GET' && !head) return responseOf(answer, headers, head)
      const { etag } = answer.headers
      if (!isNotModified(request, etag)) return responseOf(answer, headers, head)
      return responseOf(
        { ...emptyAnswer(304), headers: { etag: etag!, 'cache-control': 'private, no-cache' } },
        headers,
        head,
      )
    } catch (error) {
      const failure = describeFailure(error, { conditional: request.headers.has('if-match'), requestId })
      if (failure.unexpected)
        report(error, { requestId, method: request.method, ...(reached && { route: reached.path }) })
      const asForm = reached?.body === 'jsonOrForm' && isFormRequest(request)
      const answer = asForm ? refusedFormAnswer(failure.problem, failure.headers) : problemAnswer(failure)
      return responseOf(answer, headers, head)
    }
  }

  function report(error: unknown, facts: FailureReport): void {
    try {
      onError?.(error, facts)
    } catch {
      // A broken logger must not turn an answer into a crash.
    }
  }
}

async function answerOf(result: Exclude<RouteResult, { kind: 'formAccepted' }>, basePath: string): Promise<Answer> {
  switch (result.kind) {
    case 'read':
      return taggedAnswer(result.body, result.version)
    case 'computed':
      return jsonAnswer(200, result.body)
    case 'changed':
      return jsonAnswer(200, result.body)
    case 'created':
      return jsonAnswer(201, result.body, { location: `${basePath}/${result.at}` })
    case 'accepted':
      return jsonAnswer(202, result.body, { location: `${basePath}/${result.at}` })
    case 'gone':
      return emptyAnswer(204)
  }
}

function requireBasePath(path: string): string {
  if (!/^(\/[A-Za-z0-9._~-]+)*$/.test(path)) {
    throw new TypeError('basePath must be empty or a path such as /api/v1, without a slash at its end')
  }
  return path
}

function requirePositive(name: string, value: number): number {
  if (!Number.isSafeInteger(value) || value < 1) throw new TypeError(`${name} must be a whole number from 1`)
  return value
}

/** A wrong answer of the host's `authenticate` is its defect, and must not become access. */
function requireCaller(caller: Caller): Caller {
  const { tenantId, actor } = caller
  if (
    typeof tenantId !== 'string' ||
    tenantId === '' ||
    typeof actor?.type !== 'string' ||
    typeof actor.id !== 'string'
  ) {
    throw new TypeError('authenticate must return { tenantId, actor: { type, id } } or undefined')
  }
  return caller
}
