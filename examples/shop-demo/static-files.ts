import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { extname } from 'node:path'

const mediaTypes: Readonly<Record<string, string>> = {
  // Without a charset: which one a sample has is for the import to find out.
  '.csv': 'text/csv',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** Answers with one of the built files, or `undefined` where there is none of that name. */
export type StaticFiles = (request: Request, name: string) => Response | undefined

/**
 * The files of one folder, read when the server starts. A request names an entry of this list and never a path, so it cannot
 * leave the folder.
 */
export function readStaticFiles(folder: URL): StaticFiles {
  const files = new Map(
    readdirSync(folder).flatMap((name) => {
      const type = mediaTypes[extname(name)]
      if (type === undefined) return []
      const bytes = new Uint8Array(readFileSync(new URL(name, folder)))
      const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`
      return [[name, { bytes, type, etag }] as const]
    }),
  )
  return (request, name) => {
    const file = files.get(name)
    if (file === undefined) return undefined
    const headers = { etag: file.etag, 'cache-control': 'no-cache' }
    if (request.headers.get('if-none-match') === file.etag) return new Response(null, { status: 304, headers })
    return new Response(file.bytes, { headers: { ...headers, 'content-type': file.type } })
  }
}
