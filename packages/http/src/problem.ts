import type { CrmErrorCode, ValidationIssue } from '@rapport/core'

/** Codes of refusals that arise from HTTP itself, before the CRM is asked. */
export type HttpRefusalCode =
  | 'malformed_request'
  | 'unauthenticated'
  | 'origin_not_allowed'
  | 'method_not_allowed'
  | 'payload_too_large'
  | 'unsupported_media_type'
  | 'internal_error'

/** Every code that a problem document can carry. Stable within a major version. */
export type ProblemCode = CrmErrorCode | HttpRefusalCode

/** An error as it travels: RFC 9457 `application/problem+json`. Holds field names and remedies, never values. */
export interface Problem {
  /** `urn:rapport:problem:` and the code. */
  readonly type: string
  /** The same for every problem of a code. */
  readonly title: string
  readonly status: number
  readonly code: ProblemCode
  readonly detail: string
  readonly issues?: readonly ValidationIssue[]
  readonly field?: string
  readonly remedy?: string
  /** Refinement of the code, such as `version` or `unique` for a conflict. */
  readonly reason?: string
  /** Names this occurrence of an unexpected failure; the operator finds it in the log of `onError`. */
  readonly instance?: string
}
