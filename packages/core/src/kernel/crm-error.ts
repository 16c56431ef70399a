/**
 * Stable error codes. They never change within a major version; messages may.
 *
 * | code | meaning | retry? |
 * |---|---|---|
 * | `validation_failed` | the input is wrong; `details.issues` names each field and the remedy | after mending the input |
 * | `not_found` | no such record in this tenant, or none the actor may know of | no |
 * | `conflict` | somebody else changed or created it first | read again, then retry |
 * | `access_denied` | the actor lacks the right | no |
 * | `rule_violated` | a business rule forbids it in the present state | no |
 * | `unsupported` | this storage or setting cannot do it; `details.remedy` says what can | no |
 * | `storage_failed` | the backend failed; `details.retriable` says whether trying again may help | see details |
 * | `remote_failed` | another system failed | see details |
 * | `rate_limited` | too many calls; `details.retryAfterMs` says how long to wait | later |
 * | `aborted` | the caller's `signal` fired | no |
 */
export type CrmErrorCode =
  | 'validation_failed'
  | 'not_found'
  | 'conflict'
  | 'access_denied'
  | 'rule_violated'
  | 'unsupported'
  | 'storage_failed'
  | 'remote_failed'
  | 'rate_limited'
  | 'aborted'

/** One thing wrong with the input. `message` tells the remedy and never repeats the offending value. */
export interface ValidationIssue {
  /** Dotted path of the field, such as `emails.0.address`. */
  readonly path: string
  readonly message: string
}

/** Facts about an error: ids, field paths and remedies. Never field values, personal data or secrets. */
export interface CrmErrorDetails {
  readonly entity?: string
  readonly id?: string
  readonly field?: string
  readonly issues?: readonly ValidationIssue[]
  /** Machine-readable refinement of the code, such as `version` or `unique` for a conflict. */
  readonly reason?: string
  /** What the caller can do about it. */
  readonly remedy?: string
  readonly retriable?: boolean
  readonly retryAfterMs?: number
  /** Position of the failing write in its batch. */
  readonly writeIndex?: number
  /** Name of the index concerned. */
  readonly index?: string
  /** Ids that were merged, with the ids they lead to. */
  readonly leadsTo?: Readonly<Record<string, string>>
  /** Version found where another was expected. */
  readonly actualVersion?: number
}

const brand = Symbol.for('rapport.CrmError')

/** The one error class of Rapport. Branch on `code`, or use {@link isCrmError}. */
export class CrmError extends Error {
  readonly code: CrmErrorCode
  readonly details: CrmErrorDetails
  readonly [brand] = true

  constructor(code: CrmErrorCode, message: string, details: CrmErrorDetails = {}, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'CrmError'
    this.code = code
    this.details = details
  }

  /** Plain form for logs and wires; the cause and the stack stay behind. */
  toJSON(): { code: CrmErrorCode; message: string; details: CrmErrorDetails } {
    return { code: this.code, message: this.message, details: this.details }
  }
}

/**
 * Whether a caught value is a {@link CrmError}, of the given code when one is named. Works across realms and
 * duplicate installs, unlike `instanceof`.
 */
export function isCrmError(value: unknown, code?: CrmErrorCode): value is CrmError {
  return (
    typeof value === 'object' &&
    value !== null &&
    (value as Record<symbol, unknown>)[brand] === true &&
    (code === undefined || (value as CrmError).code === code)
  )
}

/** A `validation_failed` error from one or more issues. */
export function validationError(issues: readonly ValidationIssue[], details: CrmErrorDetails = {}): CrmError {
  const first = issues[0]
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : ''
  const message = first ? `${first.path || 'input'}: ${first.message}${more}` : 'The input is not valid'
  return new CrmError('validation_failed', message, { ...details, ...(first && { field: first.path }), issues })
}

/** A `validation_failed` error about a single field. */
export function invalidField(path: string, message: string): CrmError {
  return validationError([{ path, message }])
}

/** Throws `aborted` when the caller's signal has fired. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new CrmError('aborted', 'The call was aborted by its signal', {}, { cause: signal.reason })
}
