import type { Answer } from './answer.js'
import { invalidInput } from './http-refusal.js'
import type { Problem } from './problem.js'

/** Where a form post may lead: to the path of its `returnTo` field, to the page the host configured, or nowhere. */
export function returnAddress(request: Request, returnTo: unknown, configured: string | undefined): string | undefined {
  if (returnTo === undefined) return configured
  const base = new URL(request.url).origin
  const address =
    typeof returnTo === 'string' && /^\/(?![/\\])[\x21-\x7e]*$/.test(returnTo) ? URL.parse(returnTo, base) : null
  if (address === null || address.origin !== base) {
    throw invalidInput('returnTo', 'must be a path on this server that begins with one slash')
  }
  return address.pathname + address.search + address.hash
}

/** Sends the browser of a form on, or shows a plain page when there is nowhere to go. */
export function ticketOpenedAnswer(location: string | undefined): Answer {
  if (location !== undefined) return { status: 303, headers: { location, 'cache-control': 'no-store' } }
  return pageAnswer(201, 'Your request has arrived', [{ text: 'We will answer as soon as we can.' }])
}

/** A page for a form that was refused: which field, and what to do. No script, no style, nothing but text. */
export function refusedFormAnswer(problem: Problem, headers: Readonly<Record<string, string>>): Answer {
  const lines: Line[] = problem.issues?.map(({ path, message }) => ({ field: path, text: message })) ?? [
    { text: problem.detail },
  ]
  if (problem.remedy !== undefined) lines.push({ text: problem.remedy })
  lines.push({ text: 'Go back with your browser, mend this and send the form again.' })
  return pageAnswer(problem.status, problem.title, lines, headers)
}

/** The page that the host configured must be a path, or an address of http or https. Throws `TypeError` otherwise. */
export function requirePageAddress(address: string | undefined): string | undefined {
  if (address === undefined) return undefined
  const url = URL.parse(address, 'https://host.invalid')
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new TypeError('ticketOpenedPage must be a path or an http(s) address')
  return address
}

interface Line {
  readonly field?: string
  readonly text: string
}

function pageAnswer(
  status: number,
  title: string,
  lines: readonly Line[],
  headers: Readonly<Record<string, string>> = {},
): Answer {
  const items = lines.map(
    ({ field, text }) => `<li>${field ? `<bdi>${escapeText(field)}</bdi>: ` : ''}${escapeText(text)}</li>`,
  )
  const heading = escapeText(title)
  return {
    status,
    headers: { ...headers, 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
    body:
      `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${heading}</title>` +
      '<meta name="viewport" content="width=device-width, initial-scale=1"></head>' +
      `<body><main><h1>${heading}</h1><ul>${items.join('')}</ul></main></body></html>`,
  }
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text as HTML text. Controls that turn the direction of a line around are dropped: they could forge what a page says. */
function escapeText(text: string): string {
  return text
    .replace(/[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/[&<>"']/g, (mark) => entities[mark]!)
}
