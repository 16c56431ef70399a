import type { HttpSession, VersionedRecord } from '../crm-port.js'
import { pageOptionsOfUrl } from '../list-parameters.js'
import { anyObject, plainObject } from '../plain-object.js'
import type { Route, RouteCall } from '../route.js'
import { patchRoute, readRoutes, sealedPage, withOpenCursor } from './record-routes.js'

const messagesList = 'tickets/messages'

/** Tickets: opening one from JSON or from an HTML form, its messages, and what can be done with it. */
export const supportRoutes: readonly Route[] = [
  ...readRoutes('tickets', (session) => session.tickets, {
    status: 'text',
    category: 'text',
    priority: 'text',
    type: 'text',
    channel: 'text',
    contactId: 'text',
    companyId: 'text',
    assigneeId: 'text',
    number: 'number',
  }),
  patchRoute('tickets', (session) => session.tickets),
  {
    method: 'POST',
    path: 'tickets',
    body: 'jsonOrForm',
    throttle: 'write',
    visitorThrottle: 'openTicket',
    async handle(call) {
      if (call.form) {
        await call.session.tickets.open(ticketOfForm(call))
        return { kind: 'formAccepted' }
      }
      const ticket = await call.session.tickets.open(anyObject(call.body))
      return { kind: 'created', body: ticket, at: `tickets/${ticket.id}` }
    },
  },
  {
    method: 'GET',
    path: 'tickets/:id/messages',
    body: 'none',
    throttle: 'read',
    async handle(call) {
      const options = await withOpenCursor(call, messagesList, pageOptionsOfUrl(call.parameters))
      return {
        kind: 'read',
        body: await sealedPage(call, messagesList, await call.session.tickets.messages(call.id, options)),
      }
    },
  },
  {
    method: 'POST',
    path: 'tickets/:id/replies',
    body: 'json',
    throttle: 'write',
    visitorThrottle: 'replyToTicket',
    async handle({ session, id, body }) {
      const message = await session.tickets.reply(id, anyObject(body))
      return { kind: 'created', body: message, at: `tickets/${id}/messages` }
    },
  },
  ticketAction('assign', (session, id, body) => session.tickets.assign(id, anyObject(body))),
  ticketAction('snooze', (session, id, body) => session.tickets.snooze(id, anyObject(body))),
  ticketAction('resolve', (session, id, body) => withoutInput(body, () => session.tickets.resolve(id))),
  ticketAction('reopen', (session, id, body) => withoutInput(body, () => session.tickets.reopen(id))),
  ticketAction('close', (session, id, body) => withoutInput(body, () => session.tickets.close(id))),
]

function ticketAction(
  name: string,
  act: (session: HttpSession, id: string, body: unknown) => Promise<VersionedRecord>,
): Route {
  return {
    method: 'POST',
    path: `tickets/:id/${name}`,
    body: 'optionalJson',
    throttle: 'write',
    handle: async ({ session, id, body }) => ({ kind: 'changed', body: await act(session, id, body) }),
  }
}

function withoutInput(body: unknown, act: () => Promise<VersionedRecord>): Promise<VersionedRecord> {
  plainObject(body, [])
  return act()
}

/** What a form adds to its fields, and what is not for the CRM. Whose ticket it is follows from the actor. */
function ticketOfForm({ body }: RouteCall): Readonly<Record<string, unknown>> {
  const { returnTo: _, ...fields } = anyObject(body)
  return { channel: 'web', ...fields }
}
