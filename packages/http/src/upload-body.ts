import { HttpRefusal, invalidInput } from './http-refusal.js'
import { type BodyPart, multipartParts } from './multipart-parts.js'
import { anyObject } from './plain-object.js'
import { mediaType, parseJson, refuseCompressed, tooLarge } from './request-body.js'

/** Bounds on a file and on what is said about it. */
export interface UploadLimits {
  /** Longest `options` part in bytes. */
  readonly bytes: number
  /** Most levels of nesting in the options. */
  readonly depth: number
  /** Longest whole body in bytes. */
  readonly uploadBytes: number
}

/** A file that is being sent, and what is said about it. */
export interface Upload {
  readonly options: Readonly<Record<string, unknown>>
  /** The bytes, as they arrive. To be read once. */
  readonly file: AsyncIterable<Uint8Array>
  /** Reads past what nobody wanted: a browser hears an answer only once it has sent everything. */
  skipRest(): Promise<void>
}

/**
 * Begins to read an upload: `multipart/form-data` with the part `options` (JSON) and then the part `file`. Throws as `readBody` does;
 * a file that turns out too long makes its reader throw `payload_too_large`.
 */
export async function readUpload(request: Request, limits: UploadLimits): Promise<Upload> {
  refuseCompressed(request)
  const boundary = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(request.headers.get('content-type') ?? '')
  if (mediaType(request) !== 'multipart/form-data' || boundary === null) {
    throw new HttpRefusal('unsupported_media_type', 'The body is of a type that is not accepted here', {
      field: 'content-type',
      remedy: 'send multipart/form-data with the parts options and file',
    })
  }
  const announced = Number(request.headers.get('content-length') ?? 0)
  if (announced > limits.uploadBytes || request.body === null) {
    if (request.body === null) throw invalidInput('options', 'is missing: send it before the file')
    throw tooLarge(limits.uploadBytes)
  }
  const parts = multipartParts(bounded(request.body, limits.uploadBytes), boundary[1] ?? boundary[2] ?? '')
  try {
    const options = parseJson(await wholePart(await partNamed(parts, 'options'), limits.bytes), limits.depth)
    const { bytes } = await partNamed(parts, 'file')
    return {
      options: anyObject(options),
      file: bytes,
      async skipRest() {
        // The answer is made already; how the rest fails no longer matters.
        await parts.next().catch(() => undefined)
        await parts.return().catch(() => undefined)
      },
    }
  } catch (error) {
    await parts.return()
    throw error
  }
}

async function partNamed(parts: AsyncGenerator<BodyPart, void, undefined>, name: string): Promise<BodyPart> {
  const next = await parts.next()
  if (next.done || next.value.name !== name) {
    throw invalidInput(name, 'is missing: send the part options first, then the part file')
  }
  return next.value
}

async function wholePart({ bytes }: BodyPart, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  let whole = new Uint8Array()
  for await (const piece of bytes) {
    if (whole.length + piece.length > limit) throw tooLarge(limit)
    const joined = new Uint8Array(whole.length + piece.length)
    joined.set(whole)
    joined.set(piece, whole.length)
    whole = joined
  }
  return whole
}

/** The pieces of a body, up to a length. Not every runtime can iterate a stream. */
async function* bounded(body: ReadableStream<Uint8Array>, limit: number): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = body.getReader()
  let size = 0
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      size += part.value.byteLength
      if (size > limit) throw tooLarge(limit)
      yield part.value
    }
  } finally {
    // Not awaited: a sender that never stops must not keep its answer waiting.
    reader.cancel().catch(() => undefined)
  }
}
