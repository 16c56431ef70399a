/** Why a call did not succeed, in the four ways that a person can act on differently. */
export type Failure =
  | { readonly kind: 'error'; readonly code: string; readonly issues?: readonly FieldIssue[] }
  | { readonly kind: 'offline' }
  | { readonly kind: 'forbidden' }
  /** `retryAt` is on the clock of `performance.now()`, in milliseconds. */
  | { readonly kind: 'rate-limited'; readonly retryAt: number }

/** One field that the server refused. */
export interface FieldIssue {
  readonly path: string
  readonly message: string
}

/** The part of an error that elements read; `CrmError` and the HTTP client's error both have it. */
interface ErrorShape {
  readonly name?: unknown
  readonly code?: unknown
  readonly status?: unknown
  readonly issues?: unknown
  readonly retryAfterMs?: unknown
  readonly details?: { readonly issues?: unknown; readonly retryAfterMs?: unknown }
}

/** Wait that is assumed when a server limits without saying how long. */
const defaultRetryAfterMs = 30_000

/** Facts about the surroundings that decide what an error means. */
export interface Surroundings {
  /** Whether the browser believes to have a network. */
  readonly online: boolean
  /** The reading of `performance.now()`. */
  readonly nowMs: number
}

/**
 * What a caught value means to the person in front of the screen, or `undefined` for an abort, which nobody needs to
 * hear about. A failed `fetch` (a `TypeError`) counts as offline only while the browser reports no network.
 */
export function failureOf(error: unknown, surroundings: Surroundings): Failure | undefined {
  const shape: ErrorShape = typeof error === 'object' && error !== null ? error : {}
  const code = typeof shape.code === 'string' ? shape.code : 'unknown'
  if (code === 'aborted' || shape.name === 'AbortError') return undefined
  if (code === 'rate_limited' || shape.status === 429) {
    const wait = Number(shape.retryAfterMs ?? shape.details?.retryAfterMs ?? defaultRetryAfterMs)
    return { kind: 'rate-limited', retryAt: surroundings.nowMs + (Number.isFinite(wait) ? wait : defaultRetryAfterMs) }
  }
  if (code === 'access_denied' || shape.status === 401 || shape.status === 403) return { kind: 'forbidden' }
  if (!surroundings.online) return { kind: 'offline' }
  const issues = shape.issues ?? shape.details?.issues
  return Array.isArray(issues) && issues.length > 0
    ? { kind: 'error', code, issues: issues.filter(isFieldIssue) }
    : { kind: 'error', code }
}

/** {@link failureOf} with the surroundings of this browser. */
export function failureHere(error: unknown): Failure | undefined {
  return failureOf(error, { online: globalThis.navigator?.onLine !== false, nowMs: performance.now() })
}

function isFieldIssue(value: unknown): value is FieldIssue {
  if (typeof value !== 'object' || value === null) return false
  const { path, message } = value as Partial<FieldIssue>
  return typeof path === 'string' && typeof message === 'string'
}
