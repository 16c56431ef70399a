import { invalidField, throwIfAborted } from '../../kernel/crm-error.js'

/** A file to import: all of it, or a stream that is read once. */
export type ImportFile =
  | string
  | Uint8Array
  | ArrayBuffer
  | Blob
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array>

const pieceBytes = 64 * 1024

/** Most bytes looked at to tell what a file is. */
export const sampleBytes = 64 * 1024

/**
 * The bytes of a file in pieces of at most 64 KiB, however large the pieces of the host are. Text becomes UTF-8. Throws
 * `validation_failed` for what is no file.
 */
export async function* filePieces(file: ImportFile, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  for await (const given of givenPieces(file)) {
    for (let start = 0; start < given.length; start += pieceBytes) {
      throwIfAborted(signal)
      yield given.subarray(start, start + pieceBytes)
    }
  }
}

/** The first bytes of a stream of pieces, and all of its pieces from the beginning. */
export async function peekBytes(
  pieces: AsyncGenerator<Uint8Array>,
): Promise<{ readonly sample: Uint8Array; readonly whole: boolean; readonly pieces: AsyncGenerator<Uint8Array> }> {
  const read: Uint8Array[] = []
  let length = 0
  let whole = false
  while (length < sampleBytes) {
    const next = await pieces.next()
    if (next.done) {
      whole = true
      break
    }
    read.push(next.value)
    length += next.value.length
  }
  const sample = joinBytes(read, length)
  return {
    sample,
    whole,
    pieces: (async function* () {
      try {
        yield* read
        yield* pieces
      } finally {
        await pieces.return(undefined)
      }
    })(),
  }
}

/** The bytes of pieces, one after the other. */
export function joinBytes(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const joined = new Uint8Array(length)
  let offset = 0
  for (const piece of pieces) {
    joined.set(piece, offset)
    offset += piece.length
  }
  return joined
}

async function* givenPieces(file: ImportFile): AsyncGenerator<Uint8Array> {
  if (typeof file === 'string') yield* encodedText(file)
  else if (file instanceof Uint8Array) yield file
  else if (file instanceof ArrayBuffer) yield new Uint8Array(file)
  else if (typeof Blob !== 'undefined' && file instanceof Blob) yield* readerPieces(file.stream())
  else if (isAsyncIterable(file)) yield* file
  else if (isStream(file)) yield* readerPieces(file)
  else throw invalidField('file', 'must be text, bytes, a Blob or a stream of bytes')
}

function* encodedText(text: string): Generator<Uint8Array> {
  const encoder = new TextEncoder()
  for (let start = 0, end = 0; start < text.length; start = end) {
    end = Math.min(start + pieceBytes, text.length)
    const last = text.charCodeAt(end - 1)
    // A pair of surrogates stays together.
    if (end < text.length && last >= 0xd800 && last <= 0xdbff) end--
    yield encoder.encode(text.slice(start, end))
  }
}

/** The pieces of a stream: not every browser can iterate one. */
export async function* readerPieces(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    await reader.cancel().catch(() => {})
  }
}

function isAsyncIterable(file: unknown): file is AsyncIterable<Uint8Array> {
  return typeof (file as AsyncIterable<unknown> | undefined)?.[Symbol.asyncIterator] === 'function'
}

function isStream(file: unknown): file is ReadableStream<Uint8Array> {
  return typeof (file as ReadableStream | undefined)?.getReader === 'function'
}
