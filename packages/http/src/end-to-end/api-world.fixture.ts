import { type Actor, createCrm } from '@rapport/core'
import type { StorageAdapter } from '@rapport/core/storage'
import { createRapportClient, type RapportClient } from '../client/index.js'
import { createHttpHandler, type HttpHandler } from '../create-http-handler.js'
import { bearerAuthentication, mintToken } from '../tokens/index.js'

/** An answer, read. `body` is the parsed JSON, or the text of a page. */
export interface ApiAnswer {
  readonly status: number
  readonly headers: Headers
  readonly body: Readonly<Record<string, unknown>> & { readonly items?: readonly Readonly<Record<string, unknown>>[] }
  readonly text: string
}

/** Somebody who calls the API with a token of their own. */
export interface ApiUser {
  readonly client: RapportClient
  call(method: string, path: string, json?: unknown, headers?: Readonly<Record<string, string>>): Promise<ApiAnswer>
  send(method: string, path: string, init: RequestInit): Promise<ApiAnswer>
}

/** A whole installation: CRM, handler, tokens. */
export interface ApiWorld {
  /** A tenant that nobody used yet. */
  tenant(): string
  as(tenantId: string, actor: Actor): ApiUser
  staff(tenantId: string): ApiUser
  visitor(tenantId: string, contactId: string): ApiUser
  close(): Promise<void>
}

export const noon = '2026-03-01T12:00:00.000Z'
const key = 'end-to-end tests sign their tokens with this'
const base = 'https://crm.example/api/v1'

/** Opens a CRM on a storage, with the handler in front of it. Time stands still at noon. */
export async function openApiWorld(storage: StorageAdapter): Promise<ApiWorld> {
  const clock = { now: () => Date.parse(noon) }
  const crm = await createCrm({ storage, clock })
  const failures: unknown[] = []
  const handler: HttpHandler = createHttpHandler(crm, {
    authenticate: bearerAuthentication({ key, clock }),
    origins: [],
    throttle: false,
    uploadLimitBytes: 500_000,
    clock,
    onError: (error) => void failures.push(error),
  })

  function as(tenantId: string, actor: Actor): ApiUser {
    const getToken = (): Promise<string> => mintToken({ key, tenantId, actor, now: clock.now() })
    async function send(method: string, path: string, init: RequestInit): Promise<ApiAnswer> {
      const headers = new Headers(init.headers)
      headers.set('authorization', `Bearer ${await getToken()}`)
      const response = await handler(new Request(`${base}/${path}`, { ...init, method, headers }))
      if (response.status === 500)
        throw new Error('the handler failed in a way it did not expect', { cause: failures.at(-1) })
      const text = await response.text()
      const isJson = /[/+]json$/.test(response.headers.get('content-type') ?? '')
      return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : {}, text }
    }
    return {
      client: createRapportClient({ baseUrl: base, getToken, fetch: handler }),
      send,
      call: (method, path, json, headers = {}) =>
        send(method, path, {
          headers: { ...(json !== undefined && { 'content-type': 'application/json' }), ...headers },
          ...(json !== undefined && { body: JSON.stringify(json) }),
        }),
    }
  }

  return {
    tenant: () => `tenant-${crypto.randomUUID()}`,
    as,
    staff: (tenantId) => as(tenantId, { type: 'user', id: 'u_7', name: 'Sam' }),
    visitor: (tenantId, contactId) => as(tenantId, { type: 'contact', id: contactId }),
    close: () => crm.close(),
  }
}

/** A customer with everything that hangs on one. */
export interface Customer {
  readonly contactId: string
  readonly orderId: string
  readonly ticketId: string
  readonly activityId: string
  readonly consentId: string
}

/** Creates a customer over the API, as staff would. */
export async function createCustomer(staff: ApiUser, name: string): Promise<Customer> {
  const { client } = staff
  const address = `${name.toLowerCase()}@example.com`
  const contact = await client.contacts.create({ firstName: name, lastName: 'King', emails: [{ address }] })
  const order = await client.orders.record({
    contactId: contact.id,
    placedAt: '2026-02-01T10:00:00.000Z',
    status: 'completed',
    total: { amountMinor: 4999, currency: 'EUR' },
  })
  const ticket = await client.tickets.open({
    contactId: contact.id,
    subject: `Parcel of ${name}`,
    description: 'It never came.',
  })
  await client.tickets.reply(ticket.id, { body: 'We are on it.', visibility: 'public' })
  await client.tickets.reply(ticket.id, { body: 'The carrier lost it.', visibility: 'internal' })
  const activity = await client.activities.log({
    type: 'call',
    subject: 'Called back',
    links: [{ type: 'contact', id: contact.id }],
  })
  const consent = await client.consents.grant({
    contactId: contact.id,
    purpose: 'newsletter',
    channel: 'email',
    source: 'checkout',
  })
  return {
    contactId: contact.id,
    orderId: order.id,
    ticketId: ticket.id,
    activityId: activity.id,
    consentId: consent.id,
  }
}

const collections = [
  'contacts',
  'companies',
  'orders',
  'tickets',
  'activities',
  'associations',
  'consents',
  'runs',
] as const

/** Everything of a tenant that the API shows, as one text: equal before and after means that nothing was written. */
export async function snapshot(staff: ApiUser, tickets: readonly string[]): Promise<string> {
  const lists = await Promise.all(
    collections.map((name) => staff.call('POST', `${name}/query`, { orderBy: ['id'], limit: 1000 })),
  )
  const messages = await Promise.all(tickets.map((id) => staff.call('GET', `tickets/${id}/messages`)))
  return JSON.stringify(
    [...lists, ...messages].map(({ body }) => body),
    null,
    1,
  )
}
