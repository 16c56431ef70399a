import type { Actor } from '@rapport/core'
import type { HttpSession } from './crm-port.js'
import type { BodyKind } from './request-body.js'
import type { ThrottleClass } from './throttle.js'

/** Whom a request was authenticated as. */
export interface Caller {
  readonly tenantId: string
  readonly actor: Actor
}

/** A request as a route sees it: authenticated, throttled, within its limits and parsed. */
export interface RouteCall {
  readonly session: HttpSession
  readonly caller: Caller
  readonly request: Request
  /** The id in the path; empty where the path has none. */
  readonly id: string
  readonly parameters: URLSearchParams
  readonly body: unknown
  /** Whether the body is an HTML form. */
  readonly form: boolean
  /** Version that `If-Match` asks for. */
  readonly ifVersion: number | undefined
  /** Opens a cursor of a list, or throws `validation_failed`. */
  openCursor(list: string, sealed: string): Promise<string>
  /** Seals a cursor of a list for the wire. */
  sealCursor(list: string, cursor: string): Promise<string>
}

/** What a route answers with, before it is written down as HTTP. */
export type RouteResult =
  | { readonly kind: 'read'; readonly body: unknown; readonly version?: number }
  | { readonly kind: 'computed'; readonly body: unknown }
  | { readonly kind: 'created'; readonly body: unknown; readonly at: string }
  | { readonly kind: 'changed'; readonly body: { readonly version: number } }
  | { readonly kind: 'accepted'; readonly body: unknown; readonly at: string }
  | { readonly kind: 'gone' }
  | { readonly kind: 'lines'; readonly lines: AsyncGenerator<string>; readonly fileName: string }
  | { readonly kind: 'formAccepted' }

/** One thing that can be asked for. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Below the base path; `:id` stands for the id of a record. */
  readonly path: string
  readonly body: BodyKind
  readonly throttle: ThrottleClass
  /** The class that counts for visitors, where it differs. */
  readonly visitorThrottle?: ThrottleClass
  handle(call: RouteCall): Promise<RouteResult>
}
