import { isIP } from 'node:net'

/**
 * Whether a request names this server by an address or by `localhost`, or by the name it was told to listen on. A page elsewhere can
 * make a browser call any server under the page's own name (DNS rebinding), but not under these.
 */
export function isNamedHonestly(request: Request, host: string): boolean {
  const { hostname } = new URL(request.url)
  return hostname === 'localhost' || hostname === host || isIP(hostname.replace(/^\[|\]$/g, '')) !== 0
}

/** Whether a POST comes from a page of this server. Browsers always say where one comes from. */
export function isOfOwnOrigin(request: Request): boolean {
  return request.headers.get('origin') === new URL(request.url).origin
}

/** Whether only this machine reaches a server that listens on `host`. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)
}
