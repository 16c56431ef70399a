import type { Failure } from './failure.js'

/**
 * What a data element shows. Every element of this package draws from this one machine, so hosts and tests meet the
 * same seven situations everywhere.
 *
 * `ready` and `loading` may both carry data: a refresh keeps what is on screen until the answer is there.
 */
export type LoadState<T> =
  | { readonly kind: 'idle' }
  | { readonly kind: 'loading'; readonly data?: T }
  | { readonly kind: 'ready'; readonly data: T }
  | { readonly kind: 'empty' }
  | Failure

/** The names of the states, as reflected in `:state(…)` on the host element. */
export type LoadStateKind = LoadState<unknown>['kind']

/** Every kind once; hosts can style `rapport-ticket-list:state(offline)` and so on. */
export const loadStateKinds: readonly LoadStateKind[] = [
  'idle',
  'loading',
  'ready',
  'empty',
  'error',
  'offline',
  'forbidden',
  'rate-limited',
]

/** `ready` with the data, or `empty` when `isEmpty` says that there is nothing to show. */
export function settled<T>(data: T, isEmpty: (data: T) => boolean): LoadState<T> {
  return isEmpty(data) ? { kind: 'empty' } : { kind: 'ready', data }
}

/** Whether the state is one of the four failures. */
export function isFailure(state: { readonly kind: string }): state is Failure {
  return ['error', 'offline', 'forbidden', 'rate-limited'].includes(state.kind)
}
