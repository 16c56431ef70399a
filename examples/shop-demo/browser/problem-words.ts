import { isRapportHttpError } from '@rapport/http/client'

/** What went wrong, and what to do, as the server says it; a sentence of ours where it gave no answer. */
export function problemWords(error: unknown): string {
  if (!isRapportHttpError(error) || error.status === 0) return 'The server gave no answer. Try again in a moment.'
  const { issues, remedy, message } = error
  const what =
    issues && issues.length > 0 ? issues.map((issue) => `${issue.path}: ${issue.message}`).join('; ') : message
  return remedy === undefined ? what : `${what}: ${remedy}`
}

/** `2,357`. */
export function countWords(count: number): string {
  return count.toLocaleString('en-US')
}
