import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** The policy that every element promises to work under, apart from its own script and the calls of the host. */
export const strictPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "connect-src 'self'",
  "style-src 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

/** A running server of the state matrix. */
export interface MatrixServer {
  readonly url: string
  close(): Promise<void>
}

/** Serves the state matrix on a free port of this machine, bundled afresh, under {@link strictPolicy}. */
export async function startMatrixServer(): Promise<MatrixServer> {
  const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
  const { outputFiles } = await build({
    entryPoints: [here('state-matrix.ts')],
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    outdir: here('bundle'),
    // The sources of `define/` are side effects; the package only says so of the built ones.
    ignoreAnnotations: true,
    write: false,
  })
  const scripts = new Map(outputFiles.map(({ path, contents }) => [`/${basename(path)}`, contents]))
  const page = await readFile(here('state-matrix.html'))
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const script = scripts.get(pathname)
    response.setHeader('content-security-policy', strictPolicy)
    response.setHeader('content-type', script ? 'text/javascript' : 'text/html; charset=utf-8')
    if (script || pathname === '/') response.end(script ?? page)
    else response.writeHead(pathname === '/favicon.ico' ? 204 : 404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('The server has no port')
  return {
    url: `http://127.0.0.1:${address.port}/`,
    close: () =>
      new Promise((resolve, reject) => {
        server.closeAllConnections()
        server.close((error) => (error ? reject(error) : resolve()))
      }),
  }
}
