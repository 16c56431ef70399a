import type { IncomingMessage, ServerResponse } from 'node:http'

/** Bounds and facts that the listener needs and a `Request` does not tell. */
export interface NodeListenerOptions {
  /**
   * The server's own origin as browsers see it, such as `https://shop.example`. Behind a proxy it must be given; without it
   * the `Host` header is believed.
   */
  readonly origin?: string
  /** Longest body in bytes, whatever the handler allows. Default 1,048,576. */
  readonly maxBodyBytes?: number
  /** Longest headers in bytes, below Node's own limit. Default 16,384. */
  readonly maxHeaderBytes?: number
}

/** Anything that answers requests. */
export type FetchHandler = (request: Request) => Response | Promise<Response>

/**
 * A listener for `node:http` around a handler of `Request` and `Response`. Bodies stream in both directions with back pressure;
 * the request's `signal` fires when the client goes away. Throws `TypeError` for an origin that is none.
 */
export function toNodeListener(
  handler: FetchHandler,
  options: NodeListenerOptions = {},
): (incoming: IncomingMessage, outgoing: ServerResponse) => void {
  const { maxBodyBytes = 1_048_576, maxHeaderBytes = 16_384 } = options
  const origin = options.origin === undefined ? undefined : requireOrigin(options.origin)

  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const headerBytes = incoming.rawHeaders.reduce((sum, text) => sum + text.length, 0)
    if (headerBytes > maxHeaderBytes) return refuse(outgoing, 431)
    if (Number(incoming.headers['content-length'] ?? 0) > maxBodyBytes) return refuse(outgoing, 413)
    const gone = new AbortController()
    outgoing.once('close', () => {
      if (!outgoing.writableFinished) gone.abort()
    })
    const request = requestOf(incoming, origin, maxBodyBytes, gone.signal)
    if (request === undefined) return refuse(outgoing, 400)
    const response = await handler(request)
    if (!incoming.complete) outgoing.setHeader('connection', 'close')
    await send(response, outgoing, gone.signal)
  }

  return (incoming, outgoing) => {
    answer(incoming, outgoing).catch(() => {
      if (outgoing.headersSent) outgoing.destroy()
      else refuse(outgoing, 500)
    })
  }
}

function requestOf(
  incoming: IncomingMessage,
  origin: string | undefined,
  maxBodyBytes: number,
  signal: AbortSignal,
): Request | undefined {
  const scheme = 'encrypted' in incoming.socket ? 'https' : 'http'
  const base = origin ?? `${scheme}://${incoming.headers.host ?? ''}`
  // A target such as `//elsewhere/` would replace the host, so it is appended, not resolved.
  const url = incoming.url?.startsWith('/') ? URL.parse(base + incoming.url) : null
  if (url === null || url.username !== '' || url.password !== '') return undefined
  const headers = new Headers()
  for (let index = 0; index < incoming.rawHeaders.length; index += 2) {
    headers.append(incoming.rawHeaders[index]!, incoming.rawHeaders[index + 1]!)
  }
  const method = incoming.method ?? 'GET'
  if (method === 'GET' || method === 'HEAD') return new Request(url, { method, headers, signal })
  const init: RequestInit & { duplex: 'half' } = {
    method,
    headers,
    signal,
    body: bodyOf(incoming, maxBodyBytes),
    duplex: 'half',
  }
  return new Request(url, init)
}

/** The incoming bytes as a web stream that reads on demand and fails when there are too many. */
function bodyOf(incoming: IncomingMessage, maxBodyBytes: number): ReadableStream<Uint8Array> {
  const chunks: AsyncIterator<Buffer> = incoming[Symbol.asyncIterator]()
  let size = 0
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const part = await chunks.next()
        if (part.done) return controller.close()
        size += part.value.byteLength
        if (size > maxBodyBytes) throw new RangeError(`the body is longer than ${maxBodyBytes} bytes`)
        controller.enqueue(new Uint8Array(part.value))
      },
      cancel() {
        incoming.pause()
      },
    },
    { highWaterMark: 0 },
  )
}

async function send(response: Response, outgoing: ServerResponse, gone: AbortSignal): Promise<void> {
  outgoing.statusCode = response.status
  for (const [name, value] of response.headers) {
    if (name !== 'set-cookie') outgoing.setHeader(name, value)
  }
  const cookies = response.headers.getSetCookie()
  if (cookies.length > 0) outgoing.setHeader('set-cookie', cookies)
  const reader = response.body?.getReader()
  if (reader === undefined) {
    outgoing.end()
    return
  }
  // A stream whose first part takes a while should not keep its status waiting.
  outgoing.flushHeaders()
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    if (gone.aborted) return reader.cancel()
    if (!outgoing.write(part.value)) await drained(outgoing)
  }
  outgoing.end()
}

function drained(outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      outgoing.off('drain', go)
      outgoing.off('close', go)
      resolve()
    }
    outgoing.on('drain', go)
    outgoing.on('close', go)
  })
}

function refuse(outgoing: ServerResponse, status: number): void {
  outgoing.writeHead(status, { connection: 'close', 'content-length': '0' })
  outgoing.end()
}

function requireOrigin(origin: string): string {
  if (URL.parse(origin)?.origin !== origin) throw new TypeError('origin must be one such as https://shop.example')
  return origin
}
