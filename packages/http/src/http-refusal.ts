import { CrmError } from '@rapport/core'
import type { HttpRefusalCode } from './problem.js'

/** What a refusal tells besides its message. */
export interface HttpRefusalDetails {
  readonly field?: string
  readonly remedy?: string
  /** Headers that belong to the refusal, such as `Allow`. */
  readonly headers?: Readonly<Record<string, string>>
}

/** A request that HTTP refuses before the CRM sees it. The message is sent to the caller, so it holds no values. */
export class HttpRefusal extends Error {
  readonly code: HttpRefusalCode
  readonly details: HttpRefusalDetails

  constructor(code: HttpRefusalCode, message: string, details: HttpRefusalDetails = {}) {
    super(message)
    this.name = 'HttpRefusal'
    this.code = code
    this.details = details
  }
}

/** A `validation_failed` error about one part of the request; `path` is empty for the body as a whole. */
export function invalidInput(path: string, message: string): CrmError {
  return new CrmError('validation_failed', `${path || 'body'}: ${message}`, {
    field: path || 'body',
    issues: [{ path, message }],
  })
}

/** The uniform answer for what is not there, or not for this actor to know of. */
export function noSuchThing(): CrmError {
  return new CrmError('not_found', 'There is no such resource')
}
