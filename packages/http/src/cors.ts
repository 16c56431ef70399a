import { HttpRefusal } from './http-refusal.js'

const requestHeaders = 'authorization, content-type, idempotency-key, if-match, if-none-match'
const exposedHeaders = 'etag, location, retry-after, idempotent-replayed'
const preflightSeconds = '600'

/** Who may call from a page of another origin. */
export interface CorsPolicy {
  /**
   * Headers that every answer to this request carries. Throws `origin_not_allowed` when the request comes from a page of
   * an origin that is neither the request's own nor on the list.
   */
  headersFor(request: Request): Record<string, string>
}

/**
 * A policy that compares origins as whole strings. Credentials are never allowed: callers identify themselves by a token
 * in a header, so a foreign page cannot borrow a visitor's cookies. Throws `TypeError` for anything but exact origins.
 */
export function createCorsPolicy(origins: readonly string[]): CorsPolicy {
  if (!Array.isArray(origins)) throw new TypeError('origins must be an array of exact origins; [] allows none')
  const allowed = new Set(origins.map(exactOrigin))
  return {
    headersFor(request) {
      const origin = request.headers.get('origin')
      const vary = { vary: 'Origin, Authorization' }
      if (origin === null || origin === new URL(request.url).origin) return vary
      if (!allowed.has(origin)) {
        throw new HttpRefusal('origin_not_allowed', 'Pages of this origin may not call the API', {
          remedy: 'add the origin to the `origins` of the handler',
        })
      }
      return { ...vary, 'access-control-allow-origin': origin, 'access-control-expose-headers': exposedHeaders }
    },
  }
}

/** Whether a request is the question a browser asks before a cross-origin call. */
export function isPreflight(request: Request): boolean {
  return request.method === 'OPTIONS' && request.headers.has('access-control-request-method')
}

/** What answers a preflight for a path that has these methods. */
export function preflightHeaders(methods: readonly string[]): Record<string, string> {
  return {
    'access-control-allow-methods': methods.join(', '),
    'access-control-allow-headers': requestHeaders,
    'access-control-max-age': preflightSeconds,
  }
}

function exactOrigin(origin: unknown): string {
  const url = typeof origin === 'string' ? URL.parse(origin) : null
  if (url === null || url.origin !== origin || !/^https?:$/.test(url.protocol) || url.hostname.includes('*')) {
    throw new TypeError(
      'each of origins must be an exact origin such as https://shop.example, without path or wildcard',
    )
  }
  return url.origin
}
