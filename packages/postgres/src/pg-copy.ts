import { copyMissing, sqlStateOf } from './postgres-errors.js'

/** What a `copy` runs on: a client of `pg` written in JavaScript, which takes queries that answer for themselves. */
interface CopyClient {
  query(stream: NodeJS.WritableStream): NodeJS.WritableStream
}

/**
 * Sends rows in text format to a `copy … from stdin`, no faster than the server takes them. Bindings to libpq and shims of other
 * clients cannot do it; there it fails as a server does that has no `copy`.
 */
export async function runPgCopy(
  client: object,
  text: string,
  chunks: Iterable<Uint8Array<ArrayBuffer>>,
): Promise<void> {
  if (!('connection' in client)) throw copyMissing()
  const [{ from }, { Readable }, { pipeline }] = await Promise.all([
    import('pg-copy-streams'),
    import('node:stream'),
    import('node:stream/promises'),
  ])
  let ours: unknown
  const watched = function* (): Generator<Uint8Array<ArrayBuffer>> {
    try {
      yield* chunks
    } catch (error) {
      ours = error
      throw error
    }
  }
  try {
    await pipeline(Readable.from(watched(), { objectMode: false }), (client as unknown as CopyClient).query(from(text)))
  } catch (error) {
    if (ours !== undefined || sqlStateOf(error) !== undefined) throw error
    // Whatever a stream says whose connection broke under it.
    throw new Error('Connection terminated', { cause: error })
  }
}
