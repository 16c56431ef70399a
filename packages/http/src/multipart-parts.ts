import { HttpRefusal } from './http-refusal.js'

/** One part of a multipart body. Its bytes are read before the next part is asked for; what is left of them is skipped. */
export interface BodyPart {
  /** Name of the form's field. */
  readonly name: string
  readonly bytes: AsyncGenerator<Uint8Array, void, undefined>
}

const longestHeaders = 8_192
const lineEnd = new Uint8Array([0x0d, 0x0a])

/**
 * The parts of a `multipart/form-data` body (RFC 7578), in their order and in constant memory: no more is kept of a part than one
 * piece of the stream. Throws `malformed_request` for what is no such body, or ends too early.
 */
export async function* multipartParts(
  body: AsyncIterable<Uint8Array>,
  boundary: string,
): AsyncGenerator<BodyPart, void, undefined> {
  const pieces = body[Symbol.asyncIterator]()
  const delimiter = new TextEncoder().encode(`\r\n--${boundary}`)
  // The first delimiter stands at the very beginning, without the line end that goes before the others.
  let buffer: Uint8Array = lineEnd
  let isOpen = true

  async function more(): Promise<void> {
    const next = await pieces.next()
    if (next.done) throw malformed('it ends in the middle')
    const joined = new Uint8Array(buffer.length + next.value.length)
    joined.set(buffer)
    joined.set(next.value, buffer.length)
    buffer = joined
  }

  /** The next bytes of the part that is open. Those that may begin a delimiter wait for what follows them. */
  async function nextPiece(): Promise<Uint8Array> {
    for (;;) {
      const end = indexOf(buffer, delimiter)
      const certain = end >= 0 ? end : buffer.length - delimiter.length + 1
      if (end >= 0 || certain > 0) {
        const piece = buffer.subarray(0, certain)
        buffer = buffer.subarray(end >= 0 ? end + delimiter.length : certain)
        isOpen = end < 0
        return piece
      }
      await more()
    }
  }

  async function* bytesOfPart(): AsyncGenerator<Uint8Array, void, undefined> {
    while (isOpen) {
      const piece = await nextPiece()
      if (piece.length > 0) yield piece
    }
  }

  async function headersOfPart(): Promise<string> {
    for (;;) {
      const end = indexOf(buffer, new Uint8Array([...lineEnd, ...lineEnd]))
      if (end > longestHeaders || (end < 0 && buffer.length > longestHeaders))
        throw malformed('a part has too many headers')
      if (end >= 0) {
        const text = new TextDecoder().decode(buffer.subarray(0, end))
        buffer = buffer.subarray(end + 2 * lineEnd.length)
        return text
      }
      await more()
    }
  }

  try {
    for (;;) {
      while (isOpen) await nextPiece()
      while (buffer.length < 2) await more()
      if (buffer[0] === 0x2d && buffer[1] === 0x2d) return
      const name = nameIn(await headersOfPart())
      isOpen = true
      yield { name, bytes: bytesOfPart() }
    }
  } finally {
    await pieces.return?.()
  }
}

function nameIn(headers: string): string {
  const disposition = /^content-disposition:[ \t]*form-data(;.*)$/im.exec(headers)?.[1]
  const name = /;[ \t]*name=(?:"([^"]*)"|([^\s;"]+))/i.exec(disposition ?? '')
  if (name === null) throw malformed('a part has no name')
  return name[1] ?? name[2] ?? ''
}

function indexOf(bytes: Uint8Array, wanted: Uint8Array): number {
  for (let at = bytes.indexOf(wanted[0]!); at >= 0; at = bytes.indexOf(wanted[0]!, at + 1)) {
    if (at + wanted.length > bytes.length) return -1
    if (wanted.every((byte, offset) => bytes[at + offset] === byte)) return at
  }
  return -1
}

function malformed(what: string): HttpRefusal {
  return new HttpRefusal('malformed_request', `The form cannot be read: ${what}`, {
    field: 'body',
    remedy: 'send multipart/form-data, as FormData makes it',
  })
}
