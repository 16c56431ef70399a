import { CrmError, isPortalActor } from '@rapport/core'
import { type Answer, emptyAnswer, jsonAnswer, linesAnswer, responseOf, taggedAnswer } from './answer.js'
import { isPreflight, preflightHeaders } from './cors.js'
import type { HttpCrm } from './crm-port.js'
import { describeFailure, problemAnswer } from './error-response.js'
import { refusedFormAnswer, returnAddress, ticketOpenedAnswer } from './form-page.js'
import { type HttpHandlerOptions, handlerParts } from './handler-options.js'
import { HttpRefusal, noSuchThing } from './http-refusal.js'
import { fingerprintOf, idempotencyKeyOf } from './idempotency.js'
import { ifMatchVersion, isNotModified } from './preconditions.js'
import { isFormRequest, mediaType, type RequestBody, readBody } from './request-body.js'
import type { Caller, Route, RouteResult } from './route.js'
import { allowedMethods, matchPath } from './route-table.js'
import { readUpload } from './upload-body.js'

/** A request and the route it is for. */
interface Reached {
  readonly route: Route
  readonly id: string
  readonly request: Request
  readonly requestId: string
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
  const { authenticate, cors, basePath, ticketOpenedPage, limits, throttle, answers, cursors, report } =
    handlerParts(options)

  async function callerOf(request: Request): Promise<Caller> {
    const caller = await authenticate(request)
    if (caller !== undefined) return requireCaller(caller)
    throttle?.takeRefused(request)
    throw new HttpRefusal('unauthenticated', 'The request carries no valid credentials', {
      remedy: 'get a fresh token and repeat the request',
      headers: { 'www-authenticate': 'Bearer' },
    })
  }

  async function run(reached: Reached, caller: Caller, body: RequestBody): Promise<Answer> {
    const { route, id, request, requestId } = reached
    const { tenantId, actor } = caller
    const fields = body.form ? (body.value as Readonly<Record<string, unknown>>) : undefined
    const onward = fields && returnAddress(request, fields.returnTo, ticketOpenedPage)
    const result = await route.handle({
      session: crm.session({ tenantId, actor, cause: requestId }),
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

  /** A file is not kept, so a repeated one cannot be told by its bytes: idempotency keys mean nothing here. */
  async function runUpload(reached: Reached, caller: Caller): Promise<Answer> {
    // Before a byte of it is read: files are long, and no visitor may send one.
    if (isPortalActor(caller.actor)) throw new CrmError('access_denied', 'Only staff may send files')
    const upload = await readUpload(reached.request, limits)
    try {
      return await run(reached, caller, { value: upload, form: false, bytes: new Uint8Array() })
    } finally {
      await upload.skipRest()
    }
  }

  async function serve(request: Request, requestId: string, reach: (route: Route) => void): Promise<Answer> {
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
    const counted = (isPortalActor(caller.actor) ? route.visitorThrottle : undefined) ?? route.throttle
    throttle?.take(counted, request, caller.tenantId, caller.actor)
    if (route.body === 'upload') return runUpload({ route, id: match.id, request, requestId }, caller)
    const body = await readBody(request, route.body, limits)
    const key = route.method === 'POST' && route.throttle !== 'read' ? idempotencyKeyOf(request) : undefined
    const work = (): Promise<Answer> => run({ route, id: match.id, request, requestId }, caller, body)
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
      const answer = await serve(request, requestId, (route) => {
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
    case 'lines':
      return linesAnswer(result.lines, result.fileName)
  }
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
