import type { ValidationIssue } from '@rapport/core'
import type { Problem, ProblemCode } from '../problem.js'

const brand = Symbol.for('rapport.RapportHttpError')

/** What is known of a call that failed, besides its message. */
export interface RapportHttpErrorFacts
  extends Partial<Pick<Problem, 'issues' | 'field' | 'remedy' | 'reason' | 'instance'>> {
  readonly code: ProblemCode
  readonly status: number
  readonly retryAfterMs?: number
}

/**
 * A call that failed. Branch on `code`; it is the code of the `CrmError` on the server, or one that HTTP adds. A call that
 * got no answer is `remote_failed` with status 0, one whose `signal` fired is `aborted`.
 */
export class RapportHttpError extends Error {
  readonly code: ProblemCode
  /** HTTP status; 0 when no answer arrived. */
  readonly status: number
  readonly issues: readonly ValidationIssue[]
  readonly field: string | undefined
  readonly remedy: string | undefined
  readonly reason: string | undefined
  /** How long the server asks to wait. */
  readonly retryAfterMs: number | undefined
  /** Names the failure in the server's log. */
  readonly instance: string | undefined
  readonly [brand] = true

  constructor(message: string, facts: RapportHttpErrorFacts, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'RapportHttpError'
    this.code = facts.code
    this.status = facts.status
    this.issues = facts.issues ?? []
    this.field = facts.field
    this.remedy = facts.remedy
    this.reason = facts.reason
    this.retryAfterMs = facts.retryAfterMs
    this.instance = facts.instance
  }
}

/** Whether a caught value is a {@link RapportHttpError}, of the given code when one is named. Works across duplicate installs. */
export function isRapportHttpError(value: unknown, code?: ProblemCode): value is RapportHttpError {
  return (
    typeof value === 'object' &&
    value !== null &&
    (value as Record<symbol, unknown>)[brand] === true &&
    (code === undefined || (value as RapportHttpError).code === code)
  )
}
