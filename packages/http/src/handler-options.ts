import { type Clock, systemClock } from '@rapport/core'
import { type CorsPolicy, createCorsPolicy } from './cors.js'
import { requirePageAddress } from './form-page.js'
import { createIdempotencyStore, type IdempotencyOptions, type IdempotencyStore } from './idempotency.js'
import type { Caller } from './route.js'
import { type CursorSealer, createCursorSealer } from './sealed-cursor.js'
import { createThrottle, type Throttle, type ThrottleOptions } from './throttle.js'
import type { UploadLimits } from './upload-body.js'

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
  /** Longest upload in bytes: the body of a file to import. It is read as a stream. Default 268,435,456. */
  readonly uploadLimitBytes?: number
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

/** What the handler works with, made from its options. */
export interface HandlerParts {
  readonly authenticate: HttpHandlerOptions['authenticate']
  readonly cors: CorsPolicy
  readonly basePath: string
  readonly ticketOpenedPage: string | undefined
  readonly limits: UploadLimits
  readonly throttle: Throttle | undefined
  readonly answers: IdempotencyStore
  readonly cursors: CursorSealer
  /** Passes a failure on; a listener that throws is not heard. */
  report(error: unknown, facts: FailureReport): void
}

/** Checks the options once, when the server starts. Throws `TypeError`. */
export function handlerParts(options: HttpHandlerOptions): HandlerParts {
  if (typeof options?.authenticate !== 'function') {
    throw new TypeError('createHttpHandler needs authenticate: without it anybody would be let in')
  }
  const { authenticate, onError, clock = systemClock } = options
  return {
    authenticate,
    cors: createCorsPolicy(options.origins),
    basePath: requireBasePath(options.basePath ?? '/api/v1'),
    ticketOpenedPage: requirePageAddress(options.ticketOpenedPage),
    limits: {
      bytes: requirePositive('bodyLimitBytes', options.bodyLimitBytes ?? 262_144),
      depth: requirePositive('depthLimit', options.depthLimit ?? 32),
      uploadBytes: requirePositive('uploadLimitBytes', options.uploadLimitBytes ?? 268_435_456),
    },
    throttle: options.throttle === false ? undefined : createThrottle(options.throttle ?? {}, clock),
    answers: createIdempotencyStore(options.idempotency),
    cursors: createCursorSealer(options.cursorKey),
    report(error, facts) {
      try {
        onError?.(error, facts)
      } catch {
        // A broken logger must not turn an answer into a crash.
      }
    },
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
