import { HttpRefusal } from './http-refusal.js'

/**
 * The version that `If-Match` asks for: `"7"` or the tag of a record as it was given, `"7.0fb1…"`. Undefined without the header
 * and for `*`. Throws `malformed_request` for weak tags, lists and anything else.
 */
export function ifMatchVersion(request: Request): number | undefined {
  const header = request.headers.get('if-match')?.trim()
  if (header === undefined || header === '*') return undefined
  const match = /^"([1-9]\d{0,14})(?:\.[0-9a-f]{24})?"$/.exec(header)
  if (match === null) {
    throw new HttpRefusal('malformed_request', 'If-Match must hold one tag of the record', {
      field: 'if-match',
      remedy: 'send the ETag of the record, or its version in double quotes',
    })
  }
  return Number(match[1])
}

/** Whether `If-None-Match` names the tag, compared weakly as RFC 9110 §13.1.2 asks. */
export function isNotModified(request: Request, tag: string | undefined): boolean {
  const header = request.headers.get('if-none-match')
  if (header === null || tag === undefined) return false
  return header.trim() === '*' || header.split(',').some((candidate) => candidate.trim().replace(/^W\//, '') === tag)
}
