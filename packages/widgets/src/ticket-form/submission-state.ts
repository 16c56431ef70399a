import type { Failure } from '../element/failure.js'

/** Where a submission stands. */
export type SubmissionState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly number?: string }
  | Failure
