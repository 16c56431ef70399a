import { isCrmError } from '@rapport/core'
import type { Answer } from './answer.js'
import { HttpRefusal } from './http-refusal.js'
import type { Problem, ProblemCode } from './problem.js'

/** The only place where codes become HTTP status numbers. */
const statusOf: Readonly<Record<ProblemCode, number>> = {
  validation_failed: 422,
  not_found: 404,
  conflict: 409,
  access_denied: 403,
  rule_violated: 409,
  unsupported: 422,
  storage_failed: 503,
  remote_failed: 502,
  rate_limited: 429,
  aborted: 408,
  malformed_request: 400,
  unauthenticated: 401,
  origin_not_allowed: 403,
  method_not_allowed: 405,
  payload_too_large: 413,
  unsupported_media_type: 415,
  internal_error: 500,
}

/** A conflict with the version that `If-Match` named. */
const preconditionFailed = 412

const titleOf: Readonly<Record<ProblemCode, string>> = {
  validation_failed: 'The input is not valid',
  not_found: 'Not found',
  conflict: 'Somebody else changed it first',
  access_denied: 'Not allowed',
  rule_violated: 'Not possible in the present state',
  unsupported: 'Not supported here',
  storage_failed: 'The storage is not available',
  remote_failed: 'Another system is not available',
  rate_limited: 'Too many requests',
  aborted: 'The request was given up',
  malformed_request: 'The request cannot be read',
  unauthenticated: 'Sign in first',
  origin_not_allowed: 'This origin is not allowed',
  method_not_allowed: 'This method is not allowed here',
  payload_too_large: 'The request is too large',
  unsupported_media_type: 'This media type is not accepted',
  internal_error: 'Something went wrong',
}

/** Codes whose message is about our own machinery; callers read a fixed sentence instead. */
const opaque: Partial<Record<ProblemCode, string>> = {
  not_found: 'There is no such resource',
  storage_failed: 'The data cannot be reached at the moment; try again later',
  remote_failed: 'A system that this depends on did not answer; try again later',
}

/** How a failed request is answered: the document, and the headers that belong to it. */
export interface Failure {
  readonly problem: Problem
  readonly headers: Readonly<Record<string, string>>
  /** Whether it was not foreseen, so that the operator should hear of it. */
  readonly unexpected: boolean
}

/** What the mapping needs to know of the request. */
export interface FailureContext {
  /** Whether the request carried `If-Match`, which turns a conflict of versions into 412. */
  readonly conditional: boolean
  /** Names the occurrence when the error is an unexpected one. */
  readonly requestId: string
}

/** The answer to anything that was thrown. Unknown errors say nothing about themselves. */
export function describeFailure(error: unknown, context: FailureContext): Failure {
  if (error instanceof HttpRefusal) {
    const { headers = {}, ...told } = error.details
    return { problem: problemOf(error.code, error.message, told), headers, unexpected: false }
  }
  if (!isCrmError(error)) {
    const detail = 'The server failed in a way it did not expect; tell its operator the instance'
    const problem = problemOf('internal_error', detail, { instance: `urn:uuid:${context.requestId}` })
    return { problem, headers: {}, unexpected: true }
  }
  const { issues, field, remedy, reason, retryAfterMs } = error.details
  const hidden = opaque[error.code]
  const problem = problemOf(error.code, hidden ?? error.message, {
    ...(issues !== undefined && { issues }),
    ...(field !== undefined && { field }),
    ...(remedy !== undefined && hidden === undefined && { remedy }),
    ...(reason !== undefined && hidden === undefined && { reason }),
  })
  const retry = retryAfterMs ?? (error.code === 'storage_failed' ? 1000 : undefined)
  return {
    problem:
      error.code === 'conflict' && context.conditional && reason !== 'unique'
        ? { ...problem, status: preconditionFailed }
        : problem,
    headers: retry === undefined ? {} : { 'retry-after': String(Math.max(1, Math.ceil(retry / 1000))) },
    unexpected: error.code === 'storage_failed',
  }
}

/** The answer for a described failure. */
export function problemAnswer({ problem, headers }: Failure): Answer {
  return {
    status: problem.status,
    headers: { ...headers, 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
    body: JSON.stringify(problem),
  }
}

function problemOf(
  code: ProblemCode,
  detail: string,
  extra: Pick<Partial<Problem>, 'issues' | 'field' | 'remedy' | 'reason' | 'instance'>,
): Problem {
  return { type: `urn:rapport:problem:${code}`, title: titleOf[code], status: statusOf[code], code, detail, ...extra }
}
