/**
 * The policy of every page: no styles but those a script constructs, no inline anything, nothing from elsewhere. Rapport's
 * elements work under it as they are.
 */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'none'",
  "connect-src 'self'",
  "img-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

const headers: Readonly<Record<string, string>> = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  // Tells no other site anything. With `no-referrer` a browser would send its own forms with `Origin: null`, and a form of this
  // shop could not be told from a forged one.
  'referrer-policy': 'same-origin',
}

/** The answer with the headers that everything of this server carries. */
export function withSecurityHeaders(response: Response): Response {
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value)
  return response
}
