import { createServer, type Server } from 'node:http'
import { toNodeListener } from '@rapport/http/node'
import type { Answer } from './answer.js'
import { isNamedHonestly } from './own-requests.js'
import { refusalPage, startingPage } from './pages/small-pages.js'
import { withSecurityHeaders } from './security-headers.js'
import { StartRefusal } from './start-refusal.js'

/** Longer than any browser or proxy keeps an idle connection, so that the side which may reuse it is the one that ends it. */
const keepAliveTimeout = 75_000

/** Longest file to import. It streams through, so it is not memory that bounds it. */
const maxBodyBytes = 268_435_456

/** A server that listens already, so that a used port is noticed before anything is imported. */
export interface DemoServer {
  /** `http://127.0.0.1:4000` */
  readonly address: string
  /** From now on answers with the site; until then with a page that asks to wait. */
  open(site: Answer): void
  /** Takes no more requests and ends what is under way. */
  close(): Promise<void>
}

/** Listens. Throws {@link StartRefusal} when the port is used or not allowed. */
export async function listen(
  { port, host }: { readonly port: number; readonly host: string },
  onError: (error: unknown) => void,
): Promise<DemoServer> {
  let site: Answer = startingPage
  const answer = async (request: Request): Promise<Response> => {
    try {
      if (!isNamedHonestly(request, host)) return withSecurityHeaders(refusalPage(421, 'Not here', 'No such site.'))
      return withSecurityHeaders(await site(request))
    } catch (error) {
      onError(error)
      return withSecurityHeaders(refusalPage(500, 'Something went wrong', 'The terminal says more.'))
    }
  }
  const server = createServer({ keepAliveTimeout }, toNodeListener(answer, { maxBodyBytes }))
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(refusalOf(error, port, host)))
    server.listen(port, host, resolve)
  })
  return {
    address: addressOf(server),
    open: (opened) => {
      site = opened
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function addressOf(server: Server): string {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('The server listens on no port')
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address
  return `http://${host === '0.0.0.0' || host === '[::]' ? 'localhost' : host}:${address.port}`
}

function refusalOf(error: Error, port: number, host: string): Error {
  const code = 'code' in error ? String(error.code) : ''
  if (code === 'EADDRINUSE') {
    return new StartRefusal(`Port ${port} on ${host} is in use: stop what listens there, or choose another with PORT.`)
  }
  if (code === 'EACCES')
    return new StartRefusal(`Port ${port} may not be used by this user: choose one from 1024 with PORT.`)
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return new StartRefusal(`${host} is no address of this machine: choose another with HOST.`)
  }
  return error
}
