/** A response before it is sent: plain data, so that it can be kept and given again. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** In place of `body`: what is sent as it is made, once. */
  readonly stream?: ReadableStream<Uint8Array>
}

/** What every answer carries, whatever it holds. */
const safetyHeaders = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
}

/** JSON that no cache keeps. */
export function jsonAnswer(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify(body),
  }
}

/** An answer without a body. */
export function emptyAnswer(status: number, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { 'cache-control': 'no-store', ...headers } }
}

/**
 * JSON with an entity tag that a browser asks about before it shows its copy. The tag is a digest of the body, because
 * derived values (scores, the last order) change without a new version, and because masks differ between actors; a record's
 * tag begins with its version, which is what `If-Match` goes by.
 */
export async function taggedAnswer(body: unknown, version: number | undefined): Promise<Answer> {
  const text = JSON.stringify(body)
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
  const short = Array.from(digest.subarray(0, 12), (byte) => byte.toString(16).padStart(2, '0')).join('')
  const tag = version === undefined ? `"${short}"` : `"${version}.${short}"`
  return {
    status: 200,
    headers: { 'content-type': 'application/json', 'cache-control': 'private, no-cache', etag: tag },
    body: text,
  }
}

/**
 * Lines of JSON, sent as they are made. The first one is waited for, so that what cannot begin is answered with its problem; a failure
 * later on breaks the answer off.
 */
export async function linesAnswer(lines: AsyncGenerator<string>, fileName: string): Promise<Answer> {
  const first = await lines.next()
  const encoder = new TextEncoder()
  let waiting: string | undefined = first.done ? undefined : first.value
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const next = waiting ?? (await lines.next()).value
        waiting = undefined
        if (typeof next === 'string') controller.enqueue(encoder.encode(next))
        else controller.close()
      },
      async cancel() {
        await lines.return(undefined)
      },
    },
    { highWaterMark: 0 },
  )
  const headers = {
    'content-type': 'application/x-ndjson',
    'content-disposition': `attachment; filename="${fileName}"`,
    'cache-control': 'no-store',
  }
  return { status: 200, headers, stream }
}

/** The response for an answer. For `HEAD` the body stays behind. */
export function responseOf(answer: Answer, headers: Readonly<Record<string, string>>, head: boolean): Response {
  if (head) void answer.stream?.cancel()
  const body = head ? null : (answer.stream ?? answer.body ?? null)
  return new Response(body, { status: answer.status, headers: { ...safetyHeaders, ...answer.headers, ...headers } })
}
