import { type Actor, CrmError } from '@rapport/core'
import { createHttpHandler, type HttpHandler } from './create-http-handler.js'
import type { HttpCrm, HttpSession, VersionedRecord } from './crm-port.js'
import type { HttpHandlerOptions } from './handler-options.js'

/** A call that reached the CRM, as the fake saw it. */
export interface SeenCall {
  readonly name: string
  readonly args: readonly unknown[]
  readonly actor: Actor
  readonly tenantId: string
}

/** What the fake answers by name of the call, such as `contacts.find`; what is not named answers with a record. */
export type Script = Readonly<Record<string, (...args: unknown[]) => unknown>>

export const recordId = '0190a000-0000-7000-8000-000000000001'

/** A CRM that only notes what it is asked, for tests of everything that is HTTP's own. */
export function fakeCrm(script: Script = {}): { crm: HttpCrm; calls: SeenCall[] } {
  const calls: SeenCall[] = []
  const crm: HttpCrm = {
    session: ({ tenantId, actor }) => {
      const service = (name: string): unknown =>
        new Proxy(
          {},
          {
            get:
              (_, method) =>
              async (...args: unknown[]) => {
                const call = `${name}.${String(method)}`
                calls.push({ name: call, args, actor, tenantId })
                return script[call]?.(...args) ?? record
              },
          },
        )
      const rights = async (): Promise<unknown> => {
        calls.push({ name: 'rights', args: [], actor, tenantId })
        return { contact: { read: 'yes' } }
      }
      return new Proxy({}, { get: (_, name) => (name === 'rights' ? rights : service(String(name))) }) as HttpSession
    },
  }
  return { crm, calls }
}

const record: VersionedRecord = { id: recordId, version: 7 }

/** The member that requests of these tests come from unless they say otherwise. */
export const member: Actor = { type: 'user', id: 'u_1' }

/** A handler over a fake, and a way to call it. */
export function fakeHandler(
  script: Script = {},
  options: Partial<HttpHandlerOptions> = {},
): {
  handler: HttpHandler
  calls: SeenCall[]
  send: (method: string, path: string, init?: SendInit) => Promise<Response>
} {
  const { crm, calls } = fakeCrm(script)
  const handler = createHttpHandler(crm, {
    authenticate: () => ({ tenantId: 'acme', actor: member }),
    origins: ['https://shop.example'],
    ...options,
  })
  return { handler, calls, send: (method, path, init) => handler(request(method, path, init)) }
}

export interface SendInit {
  readonly json?: unknown
  readonly body?: BodyInit
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

export const apiOrigin = 'https://crm.example'

/** A request below `/api/v1` of the API's own origin. */
export function request(method: string, path: string, init: SendInit = {}): Request {
  const { json, body, headers, signal } = init
  return new Request(`${apiOrigin}/api/v1/${path}`, {
    method,
    headers: { ...(json !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(json !== undefined && { body: JSON.stringify(json) }),
    ...(body !== undefined && { body }),
    ...(signal && { signal }),
  })
}

/** An error of the CRM, as a script throws it. */
export function failing(...args: ConstructorParameters<typeof CrmError>): () => never {
  return () => {
    throw new CrmError(...args)
  }
}
