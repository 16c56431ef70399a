/** A response before it is sent: plain data, so that it can be kept and given again. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
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

/** The response for an answer. For `HEAD` the body stays behind. */
export function responseOf(answer: Answer, headers: Readonly<Record<string, string>>, head: boolean): Response {
  const body = head || answer.body === undefined ? null : answer.body
  return new Response(body, { status: answer.status, headers: { ...safetyHeaders, ...answer.headers, ...headers } })
}
