import { HttpRefusal, invalidInput } from './http-refusal.js'

/** Bounds on what a request may send. */
export interface BodyLimits {
  readonly bytes: number
  /** Most levels of arrays and objects within one another. */
  readonly depth: number
}

/** What a route accepts: nothing, JSON, JSON or nothing, JSON or an HTML form, or a file with what is said about it. */
export type BodyKind = 'none' | 'json' | 'optionalJson' | 'jsonOrForm' | 'upload'

/** A body as it was read. `bytes` is what an idempotency key is compared by. */
export interface RequestBody {
  readonly value: unknown
  readonly form: boolean
  readonly bytes: Uint8Array<ArrayBuffer>
}

const formTypes = new Set(['application/x-www-form-urlencoded', 'multipart/form-data'])
const jsonTypes = new Set(['application/json', 'application/merge-patch+json'])
const maxFormFields = 100

/** The media type of a request without its parameters, in lower case; empty when there is none. */
export function mediaType(request: Request): string {
  return (request.headers.get('content-type') ?? '').split(';', 1)[0]!.trim().toLowerCase()
}

/** Whether a request was sent by an HTML form. */
export function isFormRequest(request: Request): boolean {
  return formTypes.has(mediaType(request))
}

/**
 * Reads a body within its limits. Throws `unsupported_media_type`, `payload_too_large`, `malformed_request` (not UTF-8, not
 * JSON) or `validation_failed` (nested too deep, a key that no field may have).
 */
export async function readBody(
  request: Request,
  kind: Exclude<BodyKind, 'upload'>,
  limits: BodyLimits,
): Promise<RequestBody> {
  if (kind === 'none') return { value: undefined, form: false, bytes: new Uint8Array() }
  refuseCompressed(request)
  const type = mediaType(request)
  const form = kind === 'jsonOrForm' && formTypes.has(type)
  if (!form && !jsonTypes.has(type) && !(kind === 'optionalJson' && type === '')) {
    throw new HttpRefusal('unsupported_media_type', 'The body is of a type that is not accepted here', {
      field: 'content-type',
      remedy: kind === 'jsonOrForm' ? 'send application/json or an HTML form' : 'send application/json',
    })
  }
  const bytes = await readBytes(request, limits.bytes)
  if (form) return { value: await parseForm(request, bytes), form, bytes }
  if (kind === 'optionalJson' && bytes.byteLength === 0) return { value: {}, form, bytes }
  return { value: parseJson(bytes, limits.depth), form, bytes }
}

/** Throws `unsupported_media_type` for a compressed body: its size would be known too late. */
export function refuseCompressed(request: Request): void {
  const encoding = request.headers.get('content-encoding')
  if (encoding !== null && encoding !== 'identity') {
    throw new HttpRefusal('unsupported_media_type', 'Compressed bodies are not accepted', {
      field: 'content-encoding',
      remedy: 'send the body as it is',
    })
  }
}

async function readBytes(request: Request, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  const announced = Number(request.headers.get('content-length') ?? 0)
  if (announced > limit) throw tooLarge(limit)
  if (request.body === null) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let size = 0
  const reader: ReadableStreamDefaultReader<Uint8Array> = request.body.getReader()
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    size += part.value.byteLength
    if (size > limit) {
      // Not awaited: a sender that never stops must not keep its refusal waiting.
      reader.cancel().catch(() => undefined)
      throw tooLarge(limit)
    }
    chunks.push(part.value)
  }
  const bytes = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.byteLength
  }
  return bytes
}

/** The refusal of a body, or a part of one, over its limit. */
export function tooLarge(limit: number): HttpRefusal {
  return new HttpRefusal('payload_too_large', `The body is longer than ${limit} bytes`, {
    field: 'body',
    remedy: 'send less at once',
  })
}

/** Parses JSON in UTF-8. Throws `malformed_request`, or `validation_failed` for what is nested too deep or has a key that no field may have. */
export function parseJson(bytes: Uint8Array, maxDepth: number): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    if (nestingDepth(text) > maxDepth) throw invalidInput('', `nest arrays and objects at most ${maxDepth} levels deep`)
    const value: unknown = JSON.parse(text)
    refusePrototypeKeys(value, '')
    return value
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) {
      throw new HttpRefusal('malformed_request', 'The body is not JSON in UTF-8', {
        field: 'body',
        remedy: 'mend the JSON',
      })
    }
    throw error
  }
}

/** Depth of a JSON text, found without parsing it, so that depth costs neither stack nor memory. */
function nestingDepth(text: string): number {
  let depth = 0
  let deepest = 0
  let quoted = false
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (quoted) {
      if (unit === 0x5c) index++
      else if (unit === 0x22) quoted = false
    } else if (unit === 0x22) quoted = true
    else if (unit === 0x5b || unit === 0x7b) deepest = Math.max(deepest, ++depth)
    else if (unit === 0x5d || unit === 0x7d) depth--
  }
  return deepest
}

/** `JSON.parse` makes `__proto__` an own key, which a later copy by assignment would turn into a prototype. */
function refusePrototypeKeys(value: unknown, path: string): void {
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value)) {
    const innerPath = path === '' ? key : `${path}.${key}`
    if (key === '__proto__') throw invalidInput(innerPath, 'no field has this name; leave it out')
    refusePrototypeKeys(inner, innerPath)
  }
}

/** Text fields of a form as one object. Empty fields count as not filled in. */
async function parseForm(request: Request, bytes: Uint8Array<ArrayBuffer>): Promise<Record<string, string>> {
  const contentType = request.headers.get('content-type') ?? ''
  const data = await new Response(bytes, { headers: { 'content-type': contentType } }).formData().catch(() => {
    throw new HttpRefusal('malformed_request', 'The form cannot be read', { field: 'body' })
  })
  const fields = new Map<string, string>()
  for (const [name, value] of data) {
    if (typeof value !== 'string') throw invalidInput(name, 'files are not accepted here; send text only')
    if (fields.has(name) || fields.size >= maxFormFields || name === '__proto__') {
      throw invalidInput(name, 'send every field of the form once')
    }
    fields.set(name, value)
  }
  return Object.fromEntries([...fields].filter(([, value]) => value.trim() !== ''))
}
