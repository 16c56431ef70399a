import ky, { isHTTPError, isTimeoutError } from 'ky'
import type { Problem } from '../problem.js'
import { RapportHttpError } from './rapport-http-error.js'
import { createTokenSource, type GetToken } from './token-source.js'

/** How to reach the server. */
export interface TransportOptions {
  /** Address of the API, such as `https://shop.example/api/v1`; in a browser a path will do. */
  readonly baseUrl: string
  /** Asked for a token before the first call, and again when the server refuses the one in use. */
  readonly getToken?: GetToken
  /** Default: the platform's. */
  readonly fetch?: (request: Request) => Promise<Response>
  /** Longest wait for one answer, in milliseconds. Default 30,000. */
  readonly timeoutMs?: number
  /** Longest wait that a server may ask for before a retry; what asks for more fails at once. Default 10,000. */
  readonly maxRetryWaitMs?: number
}

/** Last argument of every call of the client. */
export interface ClientCallOptions {
  readonly signal?: AbortSignal
}

/** Last argument of calls that create something. */
export interface ClientWriteOptions extends ClientCallOptions {
  /** Repeating a call with the same key and input changes nothing. Default: a new one per call, so that retries are safe. */
  readonly idempotencyKey?: string
}

/** One request, as the client's methods describe it. */
export interface ClientRequest extends ClientWriteOptions {
  readonly method: 'get' | 'post' | 'patch' | 'delete'
  readonly path: string
  readonly body?: unknown
  readonly ifVersion?: number
  /** A form in place of `body`: a file with what is said about it. It takes as long as it takes; `signal` ends it. */
  readonly form?: FormData
  /** A POST that only reads. */
  readonly reads?: true
  /** A POST that the server must not remember, so that it has no idempotency key and is never repeated. */
  readonly once?: true
  readonly parameters?: Readonly<Record<string, string | number | undefined>>
}

/** Sends requests. Throws {@link RapportHttpError}. */
export interface Transport {
  /** Gives the parsed answer. */
  <T>(request: ClientRequest): Promise<T>
  /** Gives the lines of a long answer as they come, each without its line feed. */
  lines(request: ClientRequest): AsyncGenerator<string, void, undefined>
}

/**
 * Calls through ky. Only what can be repeated without harm is retried: reads, and writes that carry an idempotency key. A 401
 * asks once for another token and repeats the call, since a refused call did nothing.
 */
export function createTransport(options: TransportOptions): Transport {
  const { baseUrl, getToken, timeoutMs = 30_000, maxRetryWaitMs = 10_000 } = options
  const tokens = getToken && createTokenSource(getToken)
  const own = options.fetch
  const http = ky.create({
    prefix: baseUrl,
    timeout: timeoutMs,
    headers: { accept: 'application/json' },
    ...(own && { fetch: (input, init) => own(new Request(input, init)) }),
  })

  async function send(
    request: ClientRequest,
    idempotencyKey: string | undefined,
    token: string | undefined,
  ): Promise<Response> {
    const repeatable = request.method === 'get' || request.reads === true || idempotencyKey !== undefined
    request.signal?.throwIfAborted()
    return http(request.path, {
      method: request.method,
      ...(request.form && { body: request.form, timeout: false }),
      ...(request.body !== undefined && { json: request.body }),
      ...(request.signal && { signal: request.signal }),
      ...(request.parameters && { searchParams: request.parameters }),
      headers: {
        authorization: token === undefined ? undefined : `Bearer ${token}`,
        'if-match': request.ifVersion === undefined ? undefined : `"${request.ifVersion}"`,
        'idempotency-key': idempotencyKey,
      },
      retry: {
        limit: repeatable ? 2 : 0,
        methods: ['get', 'post'],
        statusCodes: [429, 502, 503, 504],
        afterStatusCodes: [429, 503],
        jitter: true,
        shouldRetry: ({ error }) => ((retryAfterMs(error) ?? 0) > maxRetryWaitMs ? false : undefined),
      },
    })
  }

  async function answer<T>(request: ClientRequest, read: (response: Response) => Promise<T>): Promise<T> {
    const creates = request.method === 'post' && request.reads === undefined && request.once === undefined
    const idempotencyKey = creates ? (request.idempotencyKey ?? crypto.randomUUID()) : undefined
    try {
      const token = await tokens?.current()
      try {
        return await read(await send(request, idempotencyKey, token))
      } catch (error) {
        const other = isUnauthenticated(error) ? await tokens?.replace(token) : undefined
        if (other === undefined) throw error
        return await read(await send(request, idempotencyKey, other))
      }
    } catch (error) {
      throw toRapportHttpError(error, request.signal)
    }
  }

  const json = <T>(request: ClientRequest): Promise<T> =>
    answer(request, async (response) => (response.status === 204 ? undefined : await response.json()) as T)
  return Object.assign(json, {
    async *lines(request: ClientRequest): AsyncGenerator<string, void, undefined> {
      const { body } = await answer(request, async (response) => response)
      try {
        if (body) yield* linesOf(body)
      } catch (error) {
        throw toRapportHttpError(error, request.signal)
      }
    },
  })
}

/** The lines of a stream. Its reader is let go of when nobody wants more. */
async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const lines = (rest + decoder.decode(part.value, { stream: true })).split('\n')
      rest = lines.pop() ?? ''
      yield* lines
    }
    if (rest !== '') yield rest
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

function isUnauthenticated(error: unknown): boolean {
  return isHTTPError(error) && error.response.status === 401
}

function toRapportHttpError(error: unknown, signal: AbortSignal | undefined): RapportHttpError {
  const options = { cause: error }
  if (signal?.aborted)
    return new RapportHttpError('The call was aborted by its signal', { code: 'aborted', status: 0 }, options)
  if (!isHTTPError(error)) {
    const reason = isTimeoutError(error) ? 'timeout' : 'network'
    return new RapportHttpError('The server gave no answer', { code: 'remote_failed', status: 0, reason }, options)
  }
  const { status } = error.response
  const wait = { retryAfterMs: retryAfterMs(error) }
  const problem = error.data
  if (!isProblem(problem)) {
    return new RapportHttpError(`The server answered ${status}`, { code: 'remote_failed', status, ...wait }, options)
  }
  const { code, detail, issues, field, remedy, reason, instance } = problem
  return new RapportHttpError(detail, { code, status, issues, field, remedy, reason, instance, ...wait }, options)
}

function isProblem(data: unknown): data is Problem {
  return typeof data === 'object' && data !== null && 'code' in data && 'detail' in data
}

/** What `Retry-After` asks for, where it is given in seconds, as our server does. */
function retryAfterMs(error: unknown): number | undefined {
  const header = isHTTPError(error) ? error.response.headers.get('retry-after') : null
  return header !== null && /^\d+$/.test(header) ? Number(header) * 1000 : undefined
}
